internal import Crypto
internal import Encoding
internal import Identifiers
internal import Machine
internal import Network
internal import Primitives

extension FuzzTarget {
    /// Names of peers and of the ways to them.
    static let addresses: [FuzzTarget] = [
        FuzzTarget("multiaddr", seeds: FuzzSeeds.multiaddrs) { bytes in
            if let address = try? Multiaddr(decoding: bytes) {
                precondition(address.encoded == bytes, "an address has one form")
                let again = try? Multiaddr(address.description)
                precondition(again == address, "its text is read back")
            }
            _ = try? Multiaddr(String(decoding: bytes, as: UTF8.self))
        },
        FuzzTarget("peer", seeds: FuzzSeeds.peers) { bytes in
            if let peer = try? PeerID(decoding: bytes) {
                precondition(peer.bytes == bytes, "a name has one form")
            }
            if let key = try? PeerKey(decoding: bytes) {
                precondition(key.encoded == bytes, "a key has one form")
                _ = key.verifies(bytes, of: bytes)
            }
            _ = try? PeerID(String(decoding: bytes, as: UTF8.self))
        },
        FuzzTarget("identify", seeds: FuzzSeeds.identify) { bytes in
            guard let read = try? Identify(decoding: bytes, from: FuzzPeer.attacker.peer)
            else { return }
            let again = try? Identify(decoding: read.encoded, from: FuzzPeer.attacker.peer)
            precondition(again != nil, "what is written is read back")
        },
    ]

    /// The layers of a connection, from the wire up.
    static let channels: [FuzzTarget] = [
        FuzzTarget("multistream", seeds: FuzzSeeds.multistream) { bytes in
            for role in [.listener(["/noise"]), .dialer(["/a", "/noise"])] as [Multistream.Role] {
                var machine = Multistream(role)
                var box = Outbox<Multistream.Output>()
                machine.handle(.opened, at: .start, into: &box)
                for piece in pieces(bytes) {
                    machine.handle(.received(piece), at: .start, into: &box)
                }
            }
        },
        FuzzTarget("noise", seeds: FuzzSeeds.noise) { bytes in
            for isInitiator in [false, true] {
                guard var machine = FuzzPeer.victim.noise(isInitiator: isInitiator) else {
                    preconditionFailure("a victim has its keys")
                }
                var box = Outbox<Noise.Output>()
                machine.handle(.opened, at: .start, into: &box)
                for piece in pieces(bytes) {
                    machine.handle(.received(piece), at: .start, into: &box)
                }
            }
            _ = try? Noise.verify(bytes, for: [UInt8](repeating: 7, count: 32))
        },
        FuzzTarget("yamux", seeds: FuzzSeeds.yamux) { bytes in
            for isClient in [false, true] {
                var machine = Yamux(isClient: isClient, at: .start)
                var box = Outbox<Yamux.Output>()
                if let id = machine.open(at: .start) {
                    machine.handle(.write(id, [1, 2, 3]), at: .start, into: &box)
                }
                for piece in pieces(bytes) {
                    machine.handle(.received(piece), at: .start, into: &box)
                }
            }
        },
        FuzzTarget("connection", seeds: FuzzSeeds.multistream) { bytes in
            guard var swarm = FuzzPeer.victim.swarm() else {
                preconditionFailure("a victim has its keys")
            }
            var box = Outbox<Swarm.Output>()
            swarm.handle(
                .opened(Link(1), nil, from: FuzzPeer.endpoint), at: .start, into: &box)
            for piece in pieces(bytes) {
                swarm.handle(.received(Link(1), piece), at: .start, into: &box)
            }
        },
    ]

    /// What authenticated peers say on streams of their own.
    static let gatherings: [FuzzTarget] = [
        FuzzTarget("gossip", seeds: FuzzSeeds.gossip) { bytes in
            for signing in [.none, .strict(FuzzPeer.victim.secret)] as [Signing] {
                var machine = Gossip(signing: signing, seed: 1)
                var box = Outbox<Gossip.Output>()
                let peer = FuzzPeer.attacker.peer
                machine.handle(.subscribe("blocks"), at: .start, into: &box)
                machine.handle(.connected(peer, isOutbound: false), at: .start, into: &box)
                machine.handle(.ready(peer, .v1_2), at: .start, into: &box)
                for piece in pieces(bytes) {
                    machine.handle(.received(peer, piece), at: .start, into: &box)
                }
                machine.wake(at: .start.advanced(by: .seconds(1)), into: &box)
            }
        },
        FuzzTarget("requests", seeds: FuzzSeeds.requests) { bytes in
            var machine = Requests()
            var box = Outbox<Requests.Output>()
            let (asked, opened) = (StreamKey(Link(1), 1), StreamKey(Link(1), 2))
            let peer = FuzzPeer.attacker.peer
            machine.handle(.asked(Ticket(1), peer, [1], on: asked), at: .start, into: &box)
            machine.handle(.opened(opened, peer, "/blocks"), at: .start, into: &box)
            for piece in pieces(bytes) {
                machine.handle(.received(asked, piece), at: .start, into: &box)
                machine.handle(.received(opened, piece), at: .start, into: &box)
            }
            machine.handle(.finished(asked), at: .start, into: &box)
            machine.handle(.finished(opened), at: .start, into: &box)
        },
        FuzzTarget("streams", seeds: FuzzSeeds.streams) { bytes in
            guard var siege = FuzzSiege.ready else { preconditionFailure("peers meet") }
            siege.attack(bytes)
        },
        FuzzTarget("frames", seeds: FuzzSeeds.yamux) { bytes in
            guard var siege = FuzzSiege.ready else { preconditionFailure("peers meet") }
            siege.attackFrames(bytes)
        },
    ]

    /// Cuts bytes into pieces as a network might: the first byte says how long they are.
    static func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
        guard let first = bytes.first else { return [] }
        let size = first == 0 ? bytes.count : Int(first)
        return stride(from: 1, to: bytes.count, by: size).map {
            Array(bytes[$0..<min($0 + size, bytes.count)])
        }
    }
}
