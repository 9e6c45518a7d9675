import Crypto
import Encoding
import Primitives

/// The case of ECIES: bytes that are enciphered for a key as those of devp2p's handshake are.
enum ECIESFixture {
    static func run(_ test: JSON.Member) -> CaseResult {
        CaseResult(name: test.name) {
            guard let key = Secp256k1.SecretKey(try test.value["key"].bytes("key")) else {
                throw FixtureError("no key")
            }
            let found = deciphered(try test.value["cipher"].bytes("cipher"), with: key)
            let expected = try test.value["payload"].bytes("payload")
            return found == expected ? nil : "found \(found.map { Hex.encode($0) } ?? "no message")"
        }
    }

    /// The message: after a point and a counter block, before a tag of both and the message.
    private static func deciphered(_ bytes: [UInt8], with key: Secp256k1.SecretKey) -> [UInt8]? {
        guard bytes.count >= 65 + 16 + 32,
            let point = Secp256k1.PublicKey(Array(bytes[..<65])),
            let shared = key.sharedX(with: point)
        else { return nil }
        // NIST SP 800-56C, one step.
        let derived = SHA256.hash([0, 0, 0, 1] + shared.bytes)
        let body = Array(bytes[65..<(bytes.count - 32)])
        let tag = HMACSHA256.authenticate(body, key: SHA256.hash(Array(derived[16...])))
        guard tag == Array(bytes.suffix(32)) else { return nil }
        return AES128.counterMode(
            Array(body[16...]), key: Array(derived[..<16]), counter: Array(body[..<16]))
    }
}
