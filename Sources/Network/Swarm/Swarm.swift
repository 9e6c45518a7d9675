public import Identifiers
public import Machine
public import Primitives

/// All that this node has to do with its peers: the one machine that the owner talks to.
///
/// It keeps connections, gives what arrives on them to the protocols, and gathers what the
/// protocols say into one write for each link and step. Peers are scored here and nowhere else.
public struct Swarm: Machine {
    /// What can happen: five things the driver tells, and what the owner wants.
    public enum Input: Sendable {
        /// A link is there: by our dial where a ticket is given, else by theirs.
        case opened(Link, Ticket?, from: Endpoint)
        /// A dial came to nothing.
        case refused(Ticket)
        /// Bytes arrived.
        case received(Link, [UInt8])
        /// All bytes given to the driver have left.
        case drained(Link)
        /// A link is gone.
        case closed(Link)
        /// A connection to this address is to be kept.
        case dial(Multiaddr)
        /// We take part in a topic.
        case subscribe(String)
        /// We take part in a topic no more.
        case unsubscribe(String)
        /// Content is to be spread on a topic.
        case publish(String, [UInt8])
        /// The owner has judged a message.
        case validated(MessageID, Gossip.Verdict)
        /// A message is to go to one peer.
        case send(PeerID, [UInt8])
        /// One peer is to be asked; tickets are below 2⁶³.
        case request(Ticket, PeerID, String, [UInt8])
        /// A peer's request has this answer; without bytes it is refused.
        case respond(RequestID, [UInt8]?)
        /// All links are to be cut and none made, or that is over.
        case isolate(Bool)
        /// A peer is to be cut, and not let in for a time.
        case ban(PeerID)
    }

    /// What it asks for, and what it tells.
    public enum Output: Hashable, Sendable {
        /// Open a connection.
        case dial(Ticket, Endpoint)
        /// Write bytes.
        case write(Link, [UInt8])
        /// Close a link.
        case close(Link)
        /// A peer has proved its name; whether it was we who dialled.
        case connected(PeerID, Endpoint, isOutbound: Bool)
        /// A peer is gone.
        case disconnected(PeerID)
        /// A peer has told of itself.
        case identified(PeerID, Identify)
        /// A message has come, and waits for `.validated`.
        case message(MessageID, topic: String, [UInt8], from: PeerID)
        /// A message for us alone has come.
        case frame(PeerID, [UInt8])
        /// A peer asks for something, and waits for `.respond`.
        case requested(RequestID, PeerID, String, [UInt8])
        /// A request has its answer.
        case responded(Ticket, Result<[UInt8], Requests.Failure>)
        /// A peer did wrong, and was charged for it.
        case report(PeerID, Offence)
    }

    let configuration: Configuration
    let identity: Noise.Identity
    let served: [String]
    var chance: Chance
    var random: Random
    var contacts: [Link: Contact] = [:]
    var peers: [PeerID: Peer] = [:]
    var gossip: Gossip
    var requests = Requests()
    var direct = Direct()
    var dialer: Dialer
    var scores = Scores()
    var handshakes = 0
    private(set) var isIsolated = false
    /// When each link is to be looked after.
    private var alarms: [Link: Instant] = [:]
    /// The links that were touched in this step.
    private var touched: Set<Link> = []
    private var nextExchange: Instant
    var exchangeCount: UInt64 = 0
    /// The peers that were asked for others.
    var waitingExchanges: [Ticket: PeerID] = [:]

    /// Our own name.
    public var peer: PeerID { identity.peer }

    /// Creates a swarm; `nil` if the entropy has less than thirty-two bytes.
    ///
    /// Secrets of connections follow from the entropy, which no one else may know and which must
    /// be new at each start; the seed spreads timers and chooses meshes.
    public init?(_ configuration: Configuration, entropy: [UInt8], seed: UInt64, at now: Instant) {
        guard entropy.count >= 32 else { return nil }
        var chance = Chance(entropy: entropy)
        guard let identity = Noise.Identity(configuration.secret, fixed: chance.draw()) else {
            return nil
        }
        self.configuration = configuration
        self.identity = identity
        self.chance = chance
        random = Random(seed: seed)
        gossip = Gossip(
            signing: configuration.signing, seed: random.next(), patience: configuration.patience)
        dialer = Dialer(identity.peer, seed: random.next())
        served =
            Gossip.Version.protocols + [
                configuration.direct, configuration.exchange, Identify.name, Identify.push,
                Swarm.ping,
            ] + configuration.protocols
        nextExchange = now.advanced(by: Limits.exchange)
        var box = Outbox<Dialer.Output>()
        for address in configuration.known {
            dialer.handle(.learned(address, isKept: true), at: now, into: &box)
        }
    }

    /// When something is due: a dial, a heartbeat, a ping, or what has taken too long.
    public var deadline: Instant? {
        var first = alarms.values.min()
        let others = [
            gossip.deadline, requests.deadline, direct.deadline, dialer.deadline,
            peers.isEmpty || !configuration.isDiscovering ? nil : nextExchange,
        ]
        for case .some(let other) in others { first = min(first ?? other, other) }
        return first
    }

    /// Takes one input in.
    public mutating func handle(
        _ input: Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        var box = Outbox<Output>()
        take(input, at: now, into: &box)
        settle(at: now, into: &box)
        Self.hand(box.drain(), into: &outputs)
    }

    /// Does what has come due.
    public mutating func wake(at now: Instant, into outputs: inout Outbox<Output>) {
        var box = Outbox<Output>()
        look(at: now, into: &box)
        settle(at: now, into: &box)
        Self.hand(box.drain(), into: &outputs)
    }

    /// Hands outputs on, those for the driver first.
    ///
    /// The owner may answer what it is told before it has done all it was asked: bytes for a link
    /// must not be overtaken by those of its answer.
    private static func hand(_ made: [Output], into outputs: inout Outbox<Output>) {
        for output in made where output.isEffect { outputs.append(output) }
        for output in made where !output.isEffect { outputs.append(output) }
    }

    private mutating func take(
        _ input: Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        switch input {
        case .opened(let link, let ticket, let endpoint):
            open(link, ticket, endpoint, at: now, into: &outputs)
        case .refused(let ticket): dial(.failed(ticket), at: now, into: &outputs)
        case .received(let link, let bytes):
            drive(link, .received(bytes), at: now, into: &outputs)
        case .drained(let link):
            drive(link, .drained, at: now, into: &outputs)
            if let peer = contacts[link]?.peer { release(peer, at: now, into: &outputs) }
        case .closed(let link):
            if let contact = contacts.removeValue(forKey: link) {
                clean(link, contact, at: now, into: &outputs)
            }
        case .dial(let address): dial(.learned(address, isKept: true), at: now, into: &outputs)
        case .subscribe(let topic): spread(.subscribe(topic), at: now, into: &outputs)
        case .unsubscribe(let topic): spread(.unsubscribe(topic), at: now, into: &outputs)
        case .publish(let topic, let content):
            spread(.publish(topic, content), at: now, into: &outputs)
        case .validated(let id, let verdict):
            spread(.validated(id, verdict), at: now, into: &outputs)
        case .send(let peer, let message): send(message, to: peer, at: now, into: &outputs)
        case .request(let ticket, let peer, let name, let bytes):
            request(ticket, peer, name, bytes, at: now, into: &outputs)
        case .respond(let id, let bytes): ask(.answered(id, bytes), at: now, into: &outputs)
        case .isolate(let isIsolated): isolate(isIsolated, at: now, into: &outputs)
        case .ban(let peer):
            scores.ban(peer, at: now)
            cut(peer, at: now, into: &outputs)
        }
    }

    private mutating func look(at now: Instant, into outputs: inout Outbox<Output>) {
        for link in alarms.filter({ $0.value <= now }).keys.sorted() {
            wake(link, at: now, into: &outputs)
        }
        var spoken = Outbox<Gossip.Output>()
        gossip.wake(at: now, into: &spoken)
        perform(spoken.drain(), at: now, into: &outputs)
        var asked = Outbox<Requests.Output>()
        requests.wake(at: now, into: &asked)
        perform(asked.drain(), at: now, into: &outputs)
        var sent = Outbox<Direct.Output>()
        direct.wake(at: now, into: &sent)
        perform(sent.drain(), at: now, into: &outputs)
        var dialled = Outbox<Dialer.Output>()
        dialer.wake(at: now, into: &dialled)
        perform(dialled.drain(), into: &outputs)
        if nextExchange <= now {
            nextExchange = now.advanced(by: Limits.exchange)
            if let peer = peers.keys.sorted().randomElement(using: &random) {
                exchange(with: peer, at: now, into: &outputs)
            }
        }
    }

    /// Notes that a link was touched, and is to be written to at the end of the step.
    mutating func touch(_ link: Link) { touched.insert(link) }

    private mutating func isolate(
        _ isIsolated: Bool, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        self.isIsolated = isIsolated
        dial(.paused(isIsolated), at: now, into: &outputs)
        guard isIsolated else { return }
        for link in contacts.keys.sorted() { drop(link, at: now, into: &outputs) }
    }

    /// Writes what has gathered, and sets the alarms anew.
    private mutating func settle(at now: Instant, into outputs: inout Outbox<Output>) {
        while !touched.isEmpty {
            let links = touched.sorted()
            touched = []
            for link in links { flush(link, at: now, into: &outputs) }
        }
    }

    private mutating func flush(
        _ link: Link, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        var box = Outbox<Connection.Output>()
        let bytes = contacts[link]?.connection.value.flush(at: now, into: &box)
        if let bytes { outputs.append(.write(link, bytes)) }
        for output in box.drain() { route(output, link, at: now, into: &outputs) }
        guard let contact = contacts[link] else {
            alarms[link] = nil
            return
        }
        let ping = contact.peer.flatMap { peers[$0] }.flatMap {
            $0.link == link ? $0.ping.deadline : nil
        }
        alarms[link] = [contact.connection.value.deadline, ping].compactMap { $0 }.min()
    }
}

extension Swarm.Output {
    /// Whether it is for the driver, not for the owner.
    var isEffect: Bool {
        switch self {
        case .dial, .write, .close: true
        default: false
        }
    }
}
