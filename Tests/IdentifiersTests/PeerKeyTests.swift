import Crypto
import Encoding
import Foundation
import Identifiers
import Testing

/// The keys of libp2p's specifications and of go-libp2p.
@Suite struct PeerKeyTests {
    static let folder = "../shared/conformance/p2p/libp2p"

    static func isThere() -> Bool {
        let isThere = FileManager.default.fileExists(atPath: folder)
        if !isThere { Issue.record("no libp2p vectors at \(folder)") }
        return isThere
    }

    static func read(_ file: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)")))
    }

    static func keys() throws -> [String: [String: String]] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/keys.json"))
        return try JSONDecoder().decode([String: [String: String]].self, from: data)
    }

    @Test("the specification's keys of all four kinds are read and written")
    func publicKeys() throws {
        guard Self.isThere() else { return }
        let keys = try Self.keys()
        #expect(keys.count == 4)
        for (kind, pair) in keys {
            let bytes = try Hex.decode(try #require(pair["public"]))
            let key = try PeerKey(decoding: bytes)
            #expect(key.encoded == bytes, "\(kind)")
            let peer = PeerID(key)
            #expect(try PeerID(peer.description) == peer)
            #expect(try PeerID(peer.cid) == peer)
            #expect(try PeerID(decoding: peer.bytes) == peer)
            // Small keys are in the name itself.
            #expect(peer.key == (kind == "ed25519" || kind == "secp256k1" ? key : nil))
        }
    }

    @Test("the specification's secret keys have their public keys")
    func secretKeys() throws {
        guard Self.isThere() else { return }
        let keys = try Self.keys()
        let ed = try Hex.decode(try #require(keys["ed25519"]?["private"]))
        let secp = try Hex.decode(try #require(keys["secp256k1"]?["private"]))
        // Both are behind the four bytes of kind and length; Ed25519 has its public half behind.
        let secrets: [(PeerSecret, String?)] = [
            (
                .ed25519(try #require(Ed25519.SecretKey(seed: Array(ed[4..<36])))),
                keys["ed25519"]?["public"]
            ),
            (
                .secp256k1(try #require(Secp256k1.SecretKey(Array(secp[4...])))),
                keys["secp256k1"]?["public"]
            ),
        ]
        for (secret, text) in secrets {
            #expect(Hex.encode(secret.key.encoded, prefix: false) == text)
            let message = Array("a message".utf8)
            let signature = secret.sign(message)
            #expect(secret.key.verifies(signature, of: message))
            #expect(!secret.key.verifies(signature, of: message + [0]))
            #expect(!secret.key.verifies(signature.dropLast(), of: message))
        }
    }

    @Test("go-libp2p's signatures by RSA, secp256k1 and P-256 are accepted")
    func signatures() throws {
        guard Self.isThere() else { return }
        let message = Array("Libp2p is the _best_!".utf8)
        let names = [
            "QmcW3oMdSqoEcjbyd51auqC23vhKX6BqfcZcY2HJ3sKAZR",
            "16Uiu2HAky1YnjeGryCtGu69pvjeHXSwTHUgDNFF4zxtD5WrCPury",
        ]
        for (index, number) in [0, 2, 3].enumerated() {
            let key = try PeerKey(decoding: try Self.read("go-crypto-keys/\(number).pub"))
            let signature = try Self.read("go-crypto-keys/\(number).sig")
            #expect(key.verifies(signature, of: message), "fixture \(number)")
            #expect(!key.verifies(signature, of: message + [1]), "fixture \(number)")
            if index < 2 { #expect(PeerID(key).description == names[index]) }
        }
    }

    @Test("a key that is not in its one form, or too great, is refused")
    func hostile() {
        let key = TestKey.key
        let good = key.encoded
        #expect(throws: PeerKey.Failure.message) { try PeerKey(decoding: good + [0x18, 0x01]) }
        #expect(throws: PeerKey.Failure.message) { try PeerKey(decoding: Array(good.dropLast())) }
        #expect(throws: PeerKey.Failure.message) { try PeerKey(decoding: []) }
        // The kind in two bytes instead of one: another name for the same key.
        #expect(throws: PeerKey.Failure.message) {
            try PeerKey(decoding: [0x08, 0x81, 0x00] + good.dropFirst(2))
        }
        #expect(throws: PeerKey.Failure.key(kind: 4)) { try PeerKey(decoding: [8, 4, 18, 1, 0]) }
        #expect(throws: PeerKey.Failure.key(kind: 2)) {
            try PeerKey(decoding: [8, 2, 18, 33] + [UInt8](repeating: 5, count: 33))
        }
        // RSA with 16384 bits is refused by its size alone.
        let great = [8, 0, 18, 0x90, 0x10] + [UInt8](repeating: 9, count: 2_064)
        #expect(throws: PeerKey.Failure.message) { try PeerKey(decoding: great + great) }
    }

    @Test("a name that is no multihash of a key is refused")
    func names() {
        for bytes in [
            [], [0], [0, 0], [0, 1], [0x12, 32], [0x12, 31] + .init(repeating: 1, count: 31),
            [0x16, 32] + .init(repeating: 1, count: 32), [0, 43] + .init(repeating: 1, count: 43),
            [0x22, 4, 1, 2, 3, 4],
        ] as [[UInt8]] {
            #expect(throws: PeerID.Failure.multihash) { try PeerID(decoding: bytes) }
        }
        for text in [
            "", "Qm", "1", "12D3KooW", "bafy", "xyz", String(repeating: "1", count: 500),
            "QmcW3oMdSqoEcjbyd51auqC23vhKX6BqfcZcY2HJ3sKAZr0",
        ] {
            #expect(throws: PeerID.Failure.self) { try PeerID(text) }
        }
    }
}

/// A key that tests may use.
enum TestKey {
    static let key = PeerKey.ed25519([UInt8](repeating: 7, count: 32))
}
