import Crypto
import Encoding
import Foundation
import Primitives
import Testing

private let archive = SharedArchive(name: "08-crypto/wycheproof")

/// Project Wycheproof's vectors for all that Crypto offers: what must hold, and what must be refused.
@Suite(.enabled(if: archive.isThere, archive.notice))
struct WycheproofTests {
    /// Runs a file; the closure tells whether a vector passes.
    private func run(
        _ name: String, count known: Int, _ body: (_ group: JSON, _ item: JSON) throws -> Bool
    ) throws {
        let path = "wycheproof/testvectors_v1/\(name)_test.json"
        let root = try JSON(file: try archive.unpack().appending(path: path))
        var run = 0
        for group in try #require(root["testGroups"]?.elements) {
            for item in try #require(group["tests"]?.elements) {
                let passed = try body(group, item)
                let comment = item["comment"]?.text ?? ""
                let number = item["tcId"]?.integer ?? 0
                switch item["result"]?.text {
                case "valid": #expect(passed, "\(name) \(number) \(comment)")
                case "invalid": #expect(!passed, "\(name) \(number) \(comment)")
                default: break
                }
                run += 1
            }
        }
        #expect(run == known)
    }

    private func point(_ group: JSON) throws -> [UInt8] {
        try #require(group["publicKey"]).bytes("uncompressed")
    }

    private func digest(_ item: JSON) throws -> Hash32 {
        try #require(Hash32(SHA256.hash(try item.bytes("msg"))))
    }

    @Test("secp256k1 in der verifies, be s in either half")
    func secp256k1DER() throws {
        try run("ecdsa_secp256k1_sha256", count: 399) { group, item in
            let key = try #require(Secp256k1.PublicKey(try point(group)))
            return Secp256k1.verify(
                der: try item.bytes("sig"), of: try digest(item), by: key)
        }
    }

    @Test("secp256k1 in two words verifies only if s is in the lower half")
    func secp256k1() throws {
        let half = try #require(
            Hash32(
                try Hex.decode(
                    "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0")))
        try run("ecdsa_secp256k1_sha256_p1363", count: 209) { group, item in
            let bytes = try item.bytes("sig")
            let key = try #require(Secp256k1.PublicKey(try point(group)))
            guard let signature = Secp256k1.Signature(bytes + [0]) else { return false }
            let passed = Secp256k1.verify(signature, of: try digest(item), by: key)
            guard signature.s > half else { return passed }
            #expect(!passed)
            return item["result"] == "valid"
        }
    }

    @Test("p-256 in two words verifies, be s in either half")
    func p256() throws {
        try run("ecdsa_secp256r1_sha256_p1363", count: 228) { group, item in
            let (key, bytes) = (try point(group), try item.bytes("sig"))
            let x = try #require(Hash32(Array(key[1..<33])))
            let y = try #require(Hash32(Array(key[33..<65])))
            guard bytes.count == 64, let r = Hash32(Array(bytes[0..<32])),
                let s = Hash32(Array(bytes[32..<64]))
            else { return false }
            return P256.verify(r: r, s: s, of: try digest(item), x: x, y: y)
        }
    }

    @Test("p-256 keys in x.509's form verify signatures in der")
    func p256DER() throws {
        try run("ecdsa_secp256r1_sha256", count: 407) { group, item in
            SubjectPublicKey.verify(
                try item.bytes("sig"), of: try item.bytes("msg"),
                by: try group.bytes("publicKeyDer"))
        }
    }

    @Test("ed25519 verifies")
    func ed25519() throws {
        try run("ed25519", count: 128) { group, item in
            let key = try #require(group["publicKey"]).bytes("pk")
            return Ed25519.verify(
                try item.bytes("sig"), of: try item.bytes("msg"), by: key)
        }
    }

    @Test("x25519 agrees, and never on zero")
    func x25519() throws {
        try run("x25519", count: 442) { _, item in
            let key = try #require(X25519.SecretKey(try item.bytes("private")))
            let shared = key.sharedSecret(with: try item.bytes("public"))
            let expected = try item.bytes("shared")
            let isZero = expected.allSatisfy { $0 == 0 }
            #expect(shared == (isZero ? nil : expected))
            return !isZero
        }
    }

    @Test("chacha20-poly1305 seals and opens")
    func chaChaPoly() throws {
        try run("chacha20_poly1305", count: 267) { _, item in
            let nonce = try item.bytes("iv")
            let sealed = try item.bytes("ct") + item.bytes("tag")
            let associated = try item.bytes("aad")
            guard let box = ChaChaPoly(key: try item.bytes("key")),
                let opened = box.open(sealed, nonce: nonce, associated: associated)
            else { return false }
            #expect(box.seal(opened, nonce: nonce, associated: associated) == sealed)
            return opened == (try item.bytes("msg"))
        }
    }

    @Test("hmac-sha-256 authenticates")
    func hmac() throws {
        try run("hmac_sha256", count: 150) { group, item in
            let size = try #require(group["tagSize"]?.integer) / 8
            let tag = HMACSHA256.authenticate(
                try item.bytes("msg"), key: try item.bytes("key"))
            return Array(tag.prefix(size)) == (try item.bytes("tag"))
        }
    }

    @Test("hkdf-sha-256 derives")
    func hkdf() throws {
        try run("hkdf_sha256", count: 79) { _, item in
            let count = try #require(item["size"]?.integer)
            guard count <= HKDFSHA256.outputLimit else { return false }
            let key = HKDFSHA256.derive(
                try item.bytes("ikm"), salt: try item.bytes("salt"),
                info: try item.bytes("info"), count: count)
            return key == (try item.bytes("okm"))
        }
    }

    @Test("pbkdf2 derives")
    func pbkdf2() throws {
        try run("pbkdf2_hmacsha256", count: 50) { _, item in
            let key = PasswordKey.pbkdf2(
                try item.bytes("password"), salt: try item.bytes("salt"),
                iterations: try #require(item["iterationCount"]?.integer),
                count: try #require(item["dkLen"]?.integer))
            return key == (try item.bytes("dk"))
        }
    }
}
