internal import Consensus
internal import Crypto
internal import Encoding
internal import Identifiers
internal import Machine
internal import Network
internal import Primitives

extension FuzzSeeds {
    static var multiaddrs: [[UInt8]] {
        var seeds: [[UInt8]] = []
        for text in ["/ip4/127.0.0.1/tcp/4001", "/dns4/node.example/tcp/1", "/ip6/::1/tcp/9"] {
            seeds.append(Array(text.utf8))
            if let address = try? Multiaddr(text) { seeds.append(address.encoded) }
        }
        return seeds
    }

    static var peers: [[UInt8]] {
        let peer = FuzzPeer.attacker
        return [peer.peer.bytes, peer.secret.key.encoded, Array(peer.peer.description.utf8)]
    }

    static var identify: [[UInt8]] {
        var identify = Identify()
        identify.key = FuzzPeer.attacker.secret.key
        identify.protocols = ["/a", "/b"]
        identify.agent = "fuzz"
        return [identify.encoded]
    }

    /// Lines of multistream-select, each behind its length; a byte before them cuts into pieces.
    static var multistream: [[UInt8]] {
        func line(_ text: String) -> [UInt8] { Varint.encode(UInt64(text.utf8.count)) + text.utf8 }
        return [[0] + line("/multistream/1.0.0\n") + line("/noise\n") + line("na\n")]
    }

    static var noise: [[UInt8]] {
        guard var machine = FuzzPeer.attacker.noise(isInitiator: true) else { return [] }
        var box = Outbox<Noise.Output>()
        machine.handle(.opened, at: .start, into: &box)
        return box.drain().compactMap { output in
            guard case .send(let bytes) = output else { return nil }
            return [0] + bytes
        }
    }

    static var yamux: [[UInt8]] {
        var machine = Yamux(isClient: true, at: .start)
        var box = Outbox<Yamux.Output>()
        guard let id = machine.open(at: .start) else { return [] }
        machine.handle(.write(id, [1, 2, 3]), at: .start, into: &box)
        machine.handle(.finish(id), at: .start, into: &box)
        var sent: [UInt8] = [0]
        for case .send(let bytes) in box.drain() { sent += bytes }
        return [sent, [0] + [0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9]]
    }

    static var gossip: [[UInt8]] {
        var writer = Protobuf.Writer()
        var part = Protobuf.Writer()
        part.append(1, 1)
        part.append(2, "blocks")
        writer.append(1, part.bytes)
        part = Protobuf.Writer()
        part.append(2, [1, 2, 3])
        part.append(4, "blocks")
        writer.append(2, part.bytes)
        part = Protobuf.Writer()
        part.append(1, "blocks")
        var control = Protobuf.Writer()
        control.append(3, part.bytes)
        part.append(3, 60)
        control.append(4, part.bytes)
        writer.append(3, control.bytes)
        return [[0] + writer.bytes]
    }

    static var requests: [[UInt8]] { [[0, 3, 1, 2, 3], [0, 0x80, 1]] }

    static var streams: [[UInt8]] {
        let told: [[UInt8]] = identify.map { [0] + $0 }
        let all: [[UInt8]] = gossip + requests + told
        var seeds: [[UInt8]] = []
        for number in 0..<UInt8(FuzzSiege.protocols.count) {
            for bytes in all { seeds.append([number] + bytes) }
        }
        return seeds
    }

    static var consensus: [[UInt8]] {
        guard let key = FuzzChain.keys.last else { return [] }
        let digest = keccak256([2])
        let signature = RLP.Value.bytes(Secp256k1.sign(digest, with: key).bytes)
        func message(_ tag: UInt64, _ body: [RLP.Value]) -> [UInt8] {
            RLP.encode(.list([.number(tag), .list(body)]))
        }
        let ask: [RLP.Value] = [.number(UInt64(1)), .hash(digest)]
        return [
            message(1, [.number(UInt64(1)), .number(UInt64(1)), .number(UInt64(1)), signature]),
            message(5, ask), message(6, ask), message(8, ask),
            message(10, [.number(UInt64(1)), .number(UInt64(1))]),
        ]
    }

    static var finality: [[UInt8]] {
        let record: [RLP.Value] = [
            .number(UInt64(1)), .number(UInt64(1)), .hash(.zero), .hash(.zero), .bytes([]),
            .list([]),
        ]
        return [RLP.encode(.list(record))]
    }

    static var logs: [[UInt8]] { [FuzzChain.birth, FuzzChain.birth + [0, 0, 0, 0]] }
}
