extension Swarm {
    /// What a peer can do wrong, in whatever protocol.
    public enum Offence: Hashable, Sendable {
        /// It broke the rules of the connection.
        case connection(Connection.Failure)
        /// It broke the rules of gossip.
        case gossip(Gossip.Offence)
        /// It broke the rules of requests.
        case requests(Requests.Offence)
        /// What it tells of itself is wrong.
        case identify(Identify.Failure)
        /// A message for us alone is malformed or too long.
        case direct
        /// It does not answer pings.
        case silence
        /// It opens more streams than it may, or answers about peers with nonsense.
        case streams

        /// How much it weighs: at 100 gossip is not listened to, at 200 the peer is cut.
        public var points: Int {
            switch self {
            case .connection(.stalled), .connection(.timeout), .silence: 0
            case .connection: 100
            case .gossip(.malformed), .gossip(.unsigned): 50
            case .gossip(.invalid): 25
            case .gossip(.flood): 20
            case .gossip(.earlyGraft): 5
            case .gossip(.brokenPromise), .requests(.silence): 2
            case .requests(.malformed), .direct, .identify: 50
            case .requests(.flood), .streams: 10
            }
        }
    }
}
