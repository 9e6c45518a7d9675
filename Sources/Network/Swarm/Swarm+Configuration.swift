public import Identifiers

extension Swarm {
    /// What a swarm is told when it is made.
    public struct Configuration: Sendable {
        /// The key that proves our name.
        public var secret: PeerSecret
        /// Where we accept connections, as others are to be told.
        public var addresses: [Multiaddr]
        /// Peers to whom a connection is always kept.
        public var known: [Multiaddr]
        /// The protocols of requests that we answer; the owner gives their names.
        public var protocols: [String]
        /// The protocol of messages for one peer.
        public var direct: String
        /// The protocol by which peers are asked for more peers.
        public var exchange: String
        /// Whether messages are signed.
        public var signing: Signing
        /// How long great messages wait for peers to say that they have them (`Gossip.Limits`).
        public var patience: Duration
        /// The program's name and version, as others are told.
        public var agent: String
        /// Whether peers that were heard of are dialled.
        public var isDiscovering: Bool

        /// Creates a configuration with no addresses and no peers.
        public init(secret: PeerSecret) {
            self.secret = secret
            addresses = []
            known = []
            protocols = []
            direct = "/martlet/direct/1"
            exchange = "/martlet/peers/1"
            signing = .none
            patience = Gossip.Limits.patience
            agent = "martlet"
            isDiscovering = true
        }
    }
}
