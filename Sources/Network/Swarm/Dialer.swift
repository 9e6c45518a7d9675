public import Identifiers
public import Machine
public import Primitives

/// Keeps connections to known peers, and makes some to peers that were heard of.
///
/// A dial that fails is tried again after a quarter of a second, and then after twice as long
/// each time up to ten seconds, spread by chance so that peers do not meet in step.
public struct Dialer: Machine {
    /// What can happen.
    public enum Input: Sendable {
        /// A peer is to be dialled; a kept one always, another while peers are wanted.
        case learned(Multiaddr, isKept: Bool)
        /// A dial came to nothing, or what it reached was no peer.
        case failed(Ticket)
        /// A dial reached ourselves.
        case ourselves(Ticket)
        /// A dial reached this peer.
        case reached(Ticket, PeerID)
        /// A peer is connected, whoever dialled.
        case connected(PeerID)
        /// A peer is not connected any more.
        case disconnected(PeerID)
        /// No dials are to be made until told otherwise.
        case paused(Bool)
    }

    /// What it asks for.
    public enum Output: Hashable, Sendable {
        /// Open a connection.
        case dial(Ticket, Endpoint)
    }

    /// The bounds of dialling.
    public enum Limits {
        /// Time to the second attempt.
        public static let firstDelay = 250
        /// The longest time between two attempts, in milliseconds.
        public static let longestDelay = 10_000
        /// Time that the peer with the greater name leaves to the other to dial, in milliseconds.
        public static let courtesy = 150
        /// How many attempts are made at a peer that was only heard of.
        public static let attempts = 4
        /// How many peers are remembered.
        public static let targets = 256
        /// How many addresses of one peer are remembered.
        public static let addresses = 4
        /// How many dials are under way.
        public static let underWay = 16
    }

    private struct Target: Sendable {
        var addresses: [Multiaddr]
        var peer: PeerID?
        var isKept: Bool
        var isConnected = false
        var ticket: Ticket?
        var failures = 0
        var next: Instant
    }

    private let peer: PeerID
    private var random: Random
    private var targets: [Target] = []
    private var connected: Set<PeerID> = []
    private var nextTicket: UInt64 = 1
    private var isPaused = false

    /// Creates a dialer for the peer of this name.
    public init(_ peer: PeerID, seed: UInt64) {
        self.peer = peer
        random = Random(seed: seed)
    }

    /// When the next dial is due.
    public var deadline: Instant? {
        guard !isPaused, targets.count(where: { $0.ticket != nil }) < Limits.underWay else {
            return nil
        }
        return targets.lazy.filter { self.isDue($0) }.map(\.next).min()
    }

    /// The peer that a dial is to reach, where it is known.
    public func expected(by ticket: Ticket) -> PeerID? {
        targets.first { $0.ticket == ticket }?.peer
    }

    /// Whether a connection to a peer is always kept.
    public func isKept(_ peer: PeerID) -> Bool {
        targets.contains { $0.peer == peer && $0.isKept }
    }

    /// Takes one input in.
    public mutating func handle(
        _ input: Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        switch input {
        case .learned(let address, let isKept): learn(address, isKept: isKept, at: now)
        case .failed(let ticket): fail(ticket, at: now)
        case .ourselves(let ticket): targets.removeAll { $0.ticket == ticket }
        case .reached(let ticket, let peer):
            guard let index = targets.firstIndex(where: { $0.ticket == ticket }) else { return }
            targets[index].ticket = nil
            targets[index].peer = peer
            targets[index].failures = 0
        case .connected(let peer):
            connected.insert(peer)
            for index in targets.indices where targets[index].peer == peer {
                targets[index].isConnected = true
            }
        case .disconnected(let peer):
            connected.remove(peer)
            for index in targets.indices where targets[index].peer == peer {
                targets[index].isConnected = false
                targets[index].failures = 0
                targets[index].next = now.advanced(by: .milliseconds(pause(peer)))
            }
        case .paused(let isPaused):
            self.isPaused = isPaused
            for index in targets.indices {
                targets[index].failures = 0
                targets[index].next = now
                if isPaused { targets[index].ticket = nil }
            }
        }
    }

    /// Dials who is due.
    public mutating func wake(at now: Instant, into outputs: inout Outbox<Output>) {
        guard !isPaused else { return }
        var underWay = targets.count { $0.ticket != nil }
        for index in targets.indices where isDue(targets[index]) && targets[index].next <= now {
            guard underWay < Limits.underWay else { return }
            let addresses = targets[index].addresses
            let address = addresses[targets[index].failures % addresses.count]
            guard let endpoint = address.endpoint else { continue }
            let ticket = Ticket(nextTicket)
            nextTicket += 1
            targets[index].ticket = ticket
            underWay += 1
            outputs.append(.dial(ticket, endpoint))
        }
    }

    private func isDue(_ target: Target) -> Bool {
        !target.isConnected && target.ticket == nil
            && (target.isKept || connected.count < Swarm.Limits.wanted)
    }

    /// The peer with the lesser name dials first, so that there are seldom two links.
    private mutating func pause(_ other: PeerID?) -> Int {
        let spread = Int.random(in: 0..<50, using: &random)
        return (other ?? peer) < peer ? Limits.courtesy + spread : spread
    }

    private mutating func learn(_ address: Multiaddr, isKept: Bool, at now: Instant) {
        guard address.endpoint != nil, address.peer != peer else { return }
        let index = targets.firstIndex { target in
            target.addresses.contains(address)
                || (address.peer != nil && target.peer == address.peer)
        }
        if let index {
            if isKept { targets[index].isKept = true }
            guard !targets[index].addresses.contains(address),
                targets[index].addresses.count < Limits.addresses
            else { return }
            targets[index].addresses.append(address)
        } else if isKept || targets.count < Limits.targets {
            let next = now.advanced(by: .milliseconds(pause(address.peer)))
            targets.append(
                Target(
                    addresses: [address], peer: address.peer, isKept: isKept,
                    isConnected: address.peer.map(connected.contains) ?? false, next: next))
        }
    }

    private mutating func fail(_ ticket: Ticket, at now: Instant) {
        guard let index = targets.firstIndex(where: { $0.ticket == ticket }) else { return }
        targets[index].ticket = nil
        targets[index].failures += 1
        let failures = targets[index].failures
        guard targets[index].isKept || failures < Limits.attempts else {
            targets.remove(at: index)
            return
        }
        let delay = min(Limits.firstDelay << min(failures - 1, 10), Limits.longestDelay)
        let spread = Int.random(in: 0...delay / 4, using: &random)
        targets[index].next = now.advanced(by: .milliseconds(delay - delay / 8 + spread))
    }
}
