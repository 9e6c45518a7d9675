public import Identifiers
public import Machine
public import Primitives

/// Spreads messages by topic through a mesh of peers (libp2p specs, GossipSub 1.0, 1.1 and 1.2).
///
/// Each topic has a mesh of about six peers who are sent every message at once; some others are
/// told what there is and may ask. A message is forwarded only after the owner's verdict, never
/// to a peer that is known to have it, and contents of a kibibyte or more are announced with
/// «do not send» as they arrive, so that most of them come over each link once.
public struct Gossip: Machine {
    /// What can happen.
    public enum Input: Sendable {
        /// A peer is there; whether it was we who dialled.
        case connected(PeerID, isOutbound: Bool)
        /// A peer takes our messages, in this version of the protocol.
        case ready(PeerID, Version)
        /// A peer is gone.
        case disconnected(PeerID)
        /// A peer tells something.
        case received(PeerID, [UInt8])
        /// We take part in a topic.
        case subscribe(String)
        /// We take part no more.
        case unsubscribe(String)
        /// Content is to be spread.
        case publish(String, [UInt8])
        /// The owner has judged a message.
        case validated(MessageID, Verdict)
        /// A peer is not to be trusted, or is again.
        case graylisted(PeerID, Bool)
    }

    /// What it asks for.
    public enum Output: Hashable, Sendable {
        /// Tell a peer this, which is behind its length already; content may be left out.
        case send(PeerID, [UInt8], isContent: Bool)
        /// A message has come, and waits for a verdict.
        case message(MessageID, topic: String, [UInt8], from: PeerID)
        /// A peer did wrong.
        case report(PeerID, Offence)
    }

    /// What the owner thinks of a message.
    public enum Verdict: Hashable, Sendable {
        /// It is good, and is forwarded.
        case accept
        /// It is of no use, and nobody's fault.
        case ignore
        /// It is wrong, and its senders are blamed.
        case reject
    }

    /// What a peer can do wrong.
    public enum Offence: Hashable, Sendable {
        /// It told something that cannot be read.
        case malformed(Failure)
        /// A message does not keep to the rule on signatures.
        case unsigned
        /// A message was rejected by the owner.
        case invalid
        /// It did not send what it said it has.
        case brokenPromise
        /// It wants into a mesh before it may.
        case earlyGraft
        /// It tells more than it may between two heartbeats.
        case flood
    }

    /// A version of the protocol.
    public enum Version: Hashable, Comparable, Sendable {
        /// Mesh and gossip.
        case v1_0
        /// Waiting times after a prune.
        case v1_1
        /// «Do not send».
        case v1_2

        /// The versions' names, best first.
        public static let protocols = ["/meshsub/1.2.0", "/meshsub/1.1.0", "/meshsub/1.0.0"]

        /// Finds a version by its name.
        public init?(_ name: String) {
            switch name {
            case "/meshsub/1.2.0": self = .v1_2
            case "/meshsub/1.1.0": self = .v1_1
            case "/meshsub/1.0.0": self = .v1_0
            default: return nil
            }
        }
    }

    let signing: Signing
    var random: Random
    var number: UInt64
    var peers: [PeerID: Peer] = [:]
    /// The topics we take part in, each with the peers of its mesh.
    var meshes: [String: [PeerID]] = [:]
    /// The peers to whom we publish in topics that are not ours, and until when.
    var fanouts: [String: (peers: [PeerID], until: Instant)] = [:]
    /// Until when a peer is not grafted, by topic.
    var backoffs: [String: [PeerID: Instant]] = [:]
    var seen = Seen()
    var cache = MessageCache()
    var waiting: [MessageID: Waiting] = [:]
    var waitingBytes = 0
    /// Accepted messages that are forwarded soon, in the order in which they are due.
    var forwards: [Forward] = []
    /// Messages that have come and of which peers are to be told that we have them.
    var refusals: [MessageID] = []
    /// When they are to be told.
    var refusalsDue: Instant?
    let patience: Duration
    var promises: [MessageID: (peer: PeerID, until: Instant)] = [:]
    private(set) var beat: Instant?

    /// A peer as gossip knows it.
    struct Peer: Sendable {
        let isOutbound: Bool
        var version: Version?
        var topics: Set<String> = []
        var isGraylisted = false
        /// What it does not want to be sent, and since which heartbeat.
        var unwanted: [MessageID: UInt64] = [:]
        var usage = Usage()
    }

    /// What a peer has used up since the last heartbeat.
    struct Usage: Sendable {
        var announcements = 0
        var announced = 0
        var wanted = 0
        var refusals = 0
        var grafts = 0
        var isReported = false
    }

    /// A message that waits for a verdict.
    struct Waiting: Sendable {
        let message: Message
        let since: Instant
        /// Who sent it, and therefore has it.
        var holders: [PeerID]
    }

    /// A message that is to be forwarded soon.
    struct Forward: Sendable {
        let id: MessageID
        let topic: String
        let author: [UInt8]?
        /// Who has it.
        var holders: [PeerID]
        let due: Instant
    }

    /// How many heartbeats there were.
    private(set) var beats: UInt64 = 0

    /// Creates gossip without peers and topics.
    ///
    /// With more patience fewer great messages come twice, and over many hops they come later.
    public init(signing: Signing, seed: UInt64, patience: Duration = Limits.patience) {
        self.signing = signing
        self.patience = patience
        random = Random(seed: seed)
        number = random.next() >> 1
    }

    /// When a heartbeat or a message is due; `nil` while there is nothing to keep up.
    public var deadline: Instant? {
        [beat, forwards.first?.due, refusalsDue].compactMap { $0 }.min()
    }

    /// The topics we take part in, in order.
    public var topics: [String] { meshes.keys.sorted() }

    /// The peers of a topic's mesh.
    public func mesh(of topic: String) -> [PeerID] { meshes[topic] ?? [] }

    /// Takes one input in.
    public mutating func handle(
        _ input: Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        if beat == nil { beat = now.advanced(by: Limits.heartbeat) }
        switch input {
        case .connected(let peer, let isOutbound):
            if peers[peer] == nil { peers[peer] = Peer(isOutbound: isOutbound) }
        case .ready(let peer, let version): greet(peer, version, into: &outputs)
        case .disconnected(let peer): forget(peer)
        case .received(let peer, let bytes): receive(bytes, from: peer, at: now, into: &outputs)
        case .subscribe(let topic): join(topic, at: now, into: &outputs)
        case .unsubscribe(let topic): leave(topic, at: now, into: &outputs)
        case .publish(let topic, let content):
            publish(content, on: topic, at: now, into: &outputs)
        case .validated(let id, let verdict): judge(id, verdict, at: now, into: &outputs)
        case .graylisted(let peer, let isGraylisted):
            peers[peer]?.isGraylisted = isGraylisted
        }
    }

    /// Does the upkeep that is due each second.
    public mutating func wake(at now: Instant, into outputs: inout Outbox<Output>) {
        forwardDue(at: now, into: &outputs)
        guard let due = beat, due <= now else { return }
        beats += 1
        upkeep(at: now, into: &outputs)
        let isIdle = peers.isEmpty && waiting.isEmpty && cache.isEmpty && seen.isEmpty
        beat = isIdle ? nil : now.advanced(by: Limits.heartbeat)
    }

    /// Tells a peer something.
    func tell(_ peer: PeerID, _ rpc: RPC, into outputs: inout Outbox<Output>) {
        guard !rpc.isEmpty, peers[peer]?.version != nil else { return }
        outputs.append(
            .send(peer, Framing.frame(rpc.encoded), isContent: !rpc.messages.isEmpty))
    }

    /// The peers who take part in a topic and can be told, in order.
    func members(of topic: String) -> [PeerID] {
        peers.filter { $0.value.isMember(of: topic) }.keys.sorted()
    }

    private mutating func greet(
        _ peer: PeerID, _ version: Version, into outputs: inout Outbox<Output>
    ) {
        guard peers[peer] != nil else { return }
        peers[peer]?.version = version
        var rpc = RPC()
        rpc.subscriptions = topics.map { RPC.Subscription(isJoined: true, topic: $0) }
        // It may have joined our meshes before it could be told so.
        rpc.grafts = topics.filter { meshes[$0]?.contains(peer) == true }
        tell(peer, rpc, into: &outputs)
    }

    private mutating func forget(_ peer: PeerID) {
        peers[peer] = nil
        for topic in topics { meshes[topic]?.removeAll { $0 == peer } }
        for topic in fanouts.keys { fanouts[topic]?.peers.removeAll { $0 == peer } }
    }
}

extension Gossip.Peer {
    /// Whether the peer takes part in a topic and can be told of it.
    func isMember(of topic: String) -> Bool {
        version != nil && !isGraylisted && topics.contains(topic)
    }
}
