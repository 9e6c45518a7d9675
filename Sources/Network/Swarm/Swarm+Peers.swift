public import Identifiers
public import Machine
public import Primitives

extension Swarm {
    /// The protocol of pings.
    static let ping = "/ipfs/ping/1.0.0"

    /// A link and what is known of it.
    struct Contact: Sendable {
        var connection: Boxed<Connection>
        let endpoint: Endpoint
        /// The dial that made the link, until it is known whom it reached.
        var ticket: Ticket?
        let isOutbound: Bool
        let began: Instant
        var peer: PeerID?
        var purposes: [UInt32: Purpose] = [:]
        var framings: [UInt32: Framing] = [:]
        var echoes: Budget
        var pushes: Budget
    }

    /// What a stream is for.
    enum Purpose: Hashable, Sendable {
        case identifying, identified, pushed, pinging, echoing
        case gossipOut, gossipIn, directOut, directIn
        case request
    }

    /// A peer that has proved its name.
    struct Peer: Sendable {
        var link: Link
        let since: Instant
        let isOutbound: Bool
        var ping: Ping
        var pingStream: UInt32?
        var gossipStream: UInt32?
        var directStream: UInt32?
        /// How often streams of ours were ended by the peer; after a few no more are opened.
        var gossipFailures = 0
        var directFailures = 0
        var roundTrip: Duration?
        var identity: Identify?
    }

    /// What can be told of a peer.
    public struct Acquaintance: Hashable, Sendable {
        /// Its name.
        public let peer: PeerID
        /// Where it is.
        public let endpoint: Endpoint
        /// Whether it was we who dialled.
        public let isOutbound: Bool
        /// Its program, once it has told.
        public let agent: String
        /// How long the last ping took.
        public let roundTrip: Duration?
        /// What it did wrong, in points.
        public let points: Int
        /// How many bytes wait for it.
        public let backlog: Int
    }

    /// The connected peers, in the order of their names.
    public var connected: [PeerID] { peers.keys.sorted() }

    /// Whether a peer is connected.
    public func isConnected(_ peer: PeerID) -> Bool { peers[peer] != nil }

    /// What can be told of the connected peers, in the order of their names.
    public func acquaintances(at now: Instant) -> [Acquaintance] {
        connected.compactMap { name in
            guard let peer = peers[name], let contact = contacts[peer.link] else { return nil }
            return Acquaintance(
                peer: name, endpoint: contact.endpoint, isOutbound: peer.isOutbound,
                agent: peer.identity?.agent ?? "", roundTrip: peer.roundTrip,
                points: scores.points(of: name, at: now), backlog: contact.connection.value.backlog)
        }
    }

    /// The peers of a topic's mesh.
    public func mesh(of topic: String) -> [PeerID] { gossip.mesh(of: topic).sorted() }

    /// Takes a peer in whose name is proved, unless there is a better link to it.
    mutating func establish(
        _ name: PeerID, on link: Link, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        guard let contact = contacts[link] else { return }
        handshakes -= 1
        contacts[link]?.peer = name
        if let ticket = contact.ticket {
            contacts[link]?.ticket = nil
            dial(.reached(ticket, name), at: now, into: &outputs)
        }
        guard scores.standing(of: name, at: now) != .banned else {
            return drop(link, at: now, into: &outputs)
        }
        let old = peers[name]
        if let old, !isBetter(contact, than: old, of: name, at: now) {
            return drop(link, at: now, into: &outputs)
        }
        peers[name] = Peer(
            link: link, since: contact.began, isOutbound: contact.isOutbound,
            ping: Ping(seed: random.next()))
        if let old {
            drop(old.link, at: now, into: &outputs)
            spread(.disconnected(name), at: now, into: &outputs)
        } else {
            outputs.append(
                .connected(name, contact.endpoint, isOutbound: contact.isOutbound))
        }
        dial(.connected(name), at: now, into: &outputs)
        spread(.connected(name, isOutbound: contact.isOutbound), at: now, into: &outputs)
        if scores.standing(of: name, at: now) == .graylisted {
            spread(.graylisted(name, true), at: now, into: &outputs)
        }
        let gossipStream = start(
            Gossip.Version.protocols, for: .gossipOut, on: link, at: now, into: &outputs)
        peers[name]?.gossipStream = gossipStream
        _ = start([Identify.name], for: .identifying, on: link, at: now, into: &outputs)
        let pingStream = start([Swarm.ping], for: .pinging, on: link, at: now, into: &outputs)
        peers[name]?.pingStream = pingStream
        if configuration.isDiscovering, old == nil { exchange(with: name, at: now, into: &outputs) }
        release(name, at: now, into: &outputs)
    }

    /// Which of two links to a peer stays; both sides come to the same answer.
    ///
    /// Of two made at the same time it is the one that the peer with the lesser name dialled.
    /// Otherwise it is the newer one: who dials again has lost the older.
    private func isBetter(
        _ new: Contact, than old: Peer, of name: PeerID, at now: Instant
    ) -> Bool {
        guard new.isOutbound != old.isOutbound,
            old.since.advanced(by: Limits.simultaneous) > now
        else { return true }
        return new.isOutbound == (identity.peer < name)
    }

    /// Opens a stream of ours for a purpose.
    mutating func start(
        _ protocols: [String], for purpose: Purpose, on link: Link, at now: Instant,
        into outputs: inout Outbox<Output>
    ) -> UInt32? {
        var box = Outbox<Connection.Output>()
        guard let id = contacts[link]?.connection.value.open(protocols, at: now, into: &box) else {
            return nil
        }
        contacts[link]?.purposes[id] = purpose
        touch(link)
        for output in box.drain() { route(output, link, at: now, into: &outputs) }
        return id
    }

    /// Charges a peer for what it did, and draws the consequence.
    mutating func charge(
        _ name: PeerID, _ offence: Offence, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        outputs.append(.report(name, offence))
        guard offence.points > 0 else { return }
        switch scores.charge(name, offence, at: now) {
        case .good: return
        case .graylisted: spread(.graylisted(name, true), at: now, into: &outputs)
        case .banned: cut(name, at: now, into: &outputs)
        }
    }

    /// Cuts the link to a peer.
    mutating func cut(_ name: PeerID, at now: Instant, into outputs: inout Outbox<Output>) {
        if let link = peers[name]?.link { drop(link, at: now, into: &outputs) }
    }

    /// Closes a link and forgets it.
    mutating func drop(_ link: Link, at now: Instant, into outputs: inout Outbox<Output>) {
        guard let contact = contacts.removeValue(forKey: link) else { return }
        outputs.append(.close(link))
        clean(link, contact, at: now, into: &outputs)
    }

    /// Does what follows from the end of a link.
    mutating func clean(
        _ link: Link, _ contact: Contact, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        touch(link)
        if contact.peer == nil { handshakes -= 1 }
        if let ticket = contact.ticket { dial(.failed(ticket), at: now, into: &outputs) }
        for (id, purpose) in contact.purposes.sorted(by: { $0.key < $1.key }) {
            guard purpose == .request else { continue }
            ask(.ended(StreamKey(link, id), .disconnected), at: now, into: &outputs)
        }
        guard let name = contact.peer, peers[name]?.link == link else { return }
        peers[name] = nil
        spread(.disconnected(name), at: now, into: &outputs)
        dial(.disconnected(name), at: now, into: &outputs)
        outputs.append(.disconnected(name))
    }
}
