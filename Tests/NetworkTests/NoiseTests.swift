import Crypto
import Encoding
import Foundation
import Identifiers
import Machine
import Network
import Primitives
import Testing

@Suite struct NoiseTests {
    static let folder = "../shared/conformance/p2p/noise"

    private struct Vectors: Decodable {
        let vectors: [Vector]
    }

    private struct Vector: Decodable {
        struct Message: Decodable {
            let payload: String
            let ciphertext: String
        }

        let protocol_name: String
        let init_prologue: String
        let init_static: String?
        let init_ephemeral: String?
        let resp_prologue: String
        let resp_static: String?
        let resp_ephemeral: String?
        let handshake_hash: String?
        let messages: [Message]
    }

    @Test(
        "the handshakes of snow and cacophony come out byte for byte",
        arguments: ["snow.txt", "cacophony.txt"])
    func vectors(_ file: String) throws {
        guard let data = FileManager.default.contents(atPath: "\(Self.folder)/\(file)") else {
            Issue.record("no noise vectors at \(Self.folder)/\(file)")
            return
        }
        let all = try JSONDecoder().decode(Vectors.self, from: data).vectors
        let ours = all.filter { $0.protocol_name == "Noise_XX_25519_ChaChaPoly_SHA256" }
        #expect(ours.count == 1)
        for vector in ours {
            func side(_ isFirst: Bool) throws -> Noise.Handshake {
                let fixed = try Hex.decode(
                    (isFirst ? vector.init_static : vector.resp_static) ?? "")
                let own = try Hex.decode(
                    (isFirst ? vector.init_ephemeral : vector.resp_ephemeral) ?? "")
                return Noise.Handshake(
                    isInitiator: isFirst, fixed: try #require(X25519.SecretKey(fixed)),
                    ephemeral: try #require(X25519.SecretKey(own)),
                    prologue: try Hex.decode(
                        isFirst ? vector.init_prologue : vector.resp_prologue))
            }
            var sides = [try side(true), try side(false)]
            for index in 0..<3 {
                let payload = try Hex.decode(vector.messages[index].payload)
                let message = try sides[index % 2].write(payload)
                #expect(Hex.encode(message, prefix: false) == vector.messages[index].ciphertext)
                #expect(try sides[1 - index % 2].read(message) == payload)
            }
            #expect(sides[0].isDone && sides[1].isDone && sides[0].hash == sides[1].hash)
            if let hash = vector.handshake_hash {
                #expect(Hex.encode(sides[0].hash, prefix: false) == hash)
            }
            var ciphers = try sides.map { try #require($0.ciphers()) }
            for (index, message) in vector.messages.enumerated().dropFirst(3) {
                let payload = try Hex.decode(message.payload)
                let made = ciphers[index % 2].sending.seal(payload.span)
                let sealed = try #require(made)
                #expect(Hex.encode(sealed, prefix: false) == message.ciphertext)
                let opened = ciphers[1 - index % 2].receiving.open(sealed.span)
                #expect(opened == payload)
            }
        }
    }

    private func identity(_ index: Int) throws -> Noise.Identity {
        try #require(Noise.Identity(Village.secret(index), fixed: noise(32, seed: UInt64(index))))
    }

    private func side(_ index: Int, _ isInitiator: Bool, _ expected: PeerID? = nil) throws -> Noise
    {
        Noise(
            isInitiator: isInitiator, identity: try identity(index),
            ephemeral: try #require(X25519.SecretKey(noise(32, seed: 100 + UInt64(index)))),
            expected: expected)
    }

    /// Lets two sides talk, in pieces, until neither says anything.
    private func talk(
        _ left: inout Noise, _ right: inout Noise, piece: Int = .max
    )
        -> (left: [Noise.Output], right: [Noise.Output])
    {
        var ends: ([Noise.Output], [Noise.Output]) = ([], [])
        var wires: ([UInt8], [UInt8]) = ([], [])
        func sort(_ outputs: [Noise.Output], _ end: inout [Noise.Output], _ wire: inout [UInt8]) {
            for output in outputs {
                if case .send(let bytes) = output { wire += bytes } else { end.append(output) }
            }
        }
        sort(left.step(.opened), &ends.0, &wires.0)
        sort(right.step(.opened), &ends.1, &wires.1)
        while !(wires.0.isEmpty && wires.1.isEmpty) {
            let first = Array(wires.0.prefix(piece))
            wires.0.removeFirst(first.count)
            sort(right.step(.received(first)), &ends.1, &wires.1)
            let second = Array(wires.1.prefix(piece))
            wires.1.removeFirst(second.count)
            sort(left.step(.received(second)), &ends.0, &wires.0)
        }
        return ends
    }

    @Test(
        "two sides learn each other's names, whatever the kinds of their keys",
        arguments: [(0, 1), (1, 0), (2, 4), (3, 5)], [1, 7, 100_000])
    func handshake(_ pair: (Int, Int), _ piece: Int) throws {
        var left = try side(pair.0, true, Village.secret(pair.1).peer)
        var right = try side(pair.1, false)
        let ends = talk(&left, &right, piece: piece)
        let (first, second) = (Village.secret(pair.0), Village.secret(pair.1))
        #expect(ends.left == [.established(second.peer, second.key)])
        #expect(ends.right == [.established(first.peer, first.key)])
        // More than one message's worth goes over in both directions.
        let bytes = noise(200_000)
        for direction in 0..<2 {
            let sent = direction == 0 ? left.step(.write(bytes)) : right.step(.write(bytes))
            guard case .send(let sealed) = sent.first else { throw Stop() }
            #expect(sealed.count == bytes.count + 4 * 18)
            let outputs =
                direction == 0 ? right.step(.received(sealed)) : left.step(.received(sealed))
            let plain = outputs.flatMap { output -> [UInt8] in
                if case .received(let bytes) = output { bytes } else { [] }
            }
            #expect(plain == bytes)
        }
    }

    private struct Stop: Error {}

    @Test("whoever is not the one that was dialled, or is ourselves, is refused")
    func strangers() throws {
        var left = try side(0, true, Village.secret(5).peer)
        var right = try side(1, false)
        #expect(
            talk(&left, &right).left == [.failed(.unexpected(Village.secret(1).peer))])
        var one = try side(0, true)
        var two = try side(0, false)
        #expect(talk(&one, &two).left == [.failed(.ourselves)])
    }

    @Test("a point of low order is refused")
    func lowOrder() throws {
        for point in [[UInt8](repeating: 0, count: 32), [1] + [UInt8](repeating: 0, count: 31)] {
            var right = try side(1, false)
            #expect(right.step(.received([0, 32] + point)) == [.failed(.agreement)])
            var left = try side(0, true)
            _ = left.step(.opened)
            let answer = point + [UInt8](repeating: 1, count: 64)
            #expect(left.step(.received([0, 96] + answer)) == [.failed(.agreement)])
        }
    }

    /// Plays the responder with a payload of the test's choice.
    private func answer(_ payload: (X25519.SecretKey) throws -> [UInt8]) throws -> [Noise.Output] {
        var left = try side(0, true)
        let fixed = try #require(X25519.SecretKey(noise(32, seed: 50)))
        var hand = Noise.Handshake(
            isInitiator: false, fixed: fixed,
            ephemeral: try #require(X25519.SecretKey(noise(32, seed: 51))))
        guard case .send(let first) = left.step(.opened).first else { throw Stop() }
        _ = try hand.read(Array(first.dropFirst(2)))
        let message = try hand.write(try payload(fixed))
        let length = [UInt8(message.count >> 8), UInt8(truncatingIfNeeded: message.count)]
        return left.step(.received(length + message))
    }

    private func payload(_ key: PeerKey?, _ signature: [UInt8]?) -> [UInt8] {
        var writer = Protobuf.Writer()
        if let key { writer.append(1, key.encoded) }
        if let signature { writer.append(2, signature) }
        return writer.bytes
    }

    private func claim(_ fixed: X25519.SecretKey) -> [UInt8] {
        Array("noise-libp2p-static-key:".utf8) + fixed.publicKey
    }

    @Test("a signature by another key, for another point or of another text is refused")
    func signatures() throws {
        let (mine, other) = (Village.secret(1), Village.secret(3))
        let good = try answer { payload(mine.key, mine.sign(claim($0))) }
        #expect(good.last == .established(mine.peer, mine.key))
        for make in [
            { payload(mine.key, other.sign(claim($0))) },
            { payload(mine.key, mine.sign($0.publicKey)) },
            { _ in payload(mine.key, mine.sign(Array("noise-libp2p-static-key:".utf8))) },
            { _ in payload(mine.key, []) },
        ] as [(X25519.SecretKey) throws -> [UInt8]] {
            #expect(try answer(make) == [.failed(.signature)])
        }
    }

    @Test("a payload that is garbage, empty, too long or has a great RSA key is refused")
    func payloads() throws {
        let mine = Village.secret(1)
        for make in [
            { _ in [] }, { _ in noise(100) }, { payload(nil, mine.sign(claim($0))) },
            { _ in payload(mine.key, nil) }, { _ in [0x0a, 0xff, 0xff, 0xff, 0x7f] },
            { payload(mine.key, mine.sign(claim($0))) + [0x1a, 0xff, 0x1f] + noise(4_095) },
            { payload(.other(kind: 0, noise(2_300)), mine.sign(claim($0))) },
        ] as [(X25519.SecretKey) throws -> [UInt8]] {
            #expect(try answer(make) == [.failed(.payload)])
        }
    }

    @Test("a message that was repeated, changed or cut is refused, and nothing follows")
    func tampered() throws {
        for change in 0..<3 {
            var left = try side(0, true)
            var right = try side(1, false)
            _ = talk(&left, &right)
            guard case .send(let sealed) = left.step(.write([1, 2, 3])).first else { throw Stop() }
            var bytes = sealed
            switch change {
            case 0:
                #expect(right.step(.received(bytes)) == [.received([1, 2, 3])])
            case 1: bytes[5] ^= 1
            default: bytes = [0, 5] + bytes[2..<7]
            }
            #expect(right.step(.received(bytes)) == [.failed(.decryption)])
            #expect(right.step(.received(sealed)).isEmpty)
        }
    }

    @Test("the first message replayed to another gets no further than its key")
    func replay() throws {
        var left = try side(0, true)
        guard case .send(let first) = left.step(.opened).first else { throw Stop() }
        var right = try side(1, false)
        _ = right.step(.received(first))
        // Without the ephemeral key the third message cannot be made.
        #expect(right.step(.received([0, 100] + noise(100))) == [.failed(.decryption)])
    }

    @Test("messages that are too short for their keys are refused")
    func short() throws {
        for count in [0, 1, 31] {
            var right = try side(1, false)
            #expect(
                right.step(.received([0, UInt8(count)] + noise(count))) == [.failed(.truncated)])
        }
    }

    @Test("a counter at its end ends the channel instead of beginning anew")
    func exhausted() throws {
        var cipher = try #require(Noise.Cipher(noise(32), counter: .max - 1))
        let bytes = noise(20)
        let first = cipher.seal(bytes.span)
        let second = cipher.seal(bytes.span)
        let opened = cipher.open(bytes.span)
        #expect(first != nil && second == nil && opened == nil)
    }

    @Test("random bytes never do harm")
    func random() throws {
        for seed in 0..<100 as Range<UInt64> {
            var right = try side(1, false)
            _ = right.step(.received([0, UInt8(seed)] + noise(300, seed: seed)))
            var left = try side(0, true)
            _ = left.step(.opened)
            _ = left.step(.received([0, UInt8(seed * 2)] + noise(300, seed: seed)))
        }
    }
}
