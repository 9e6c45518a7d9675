import Crypto
import Encoding
import Primitives
import Testing

@Suite struct Secp256k1Tests {
    private func key(_ byte: UInt8) throws -> Secp256k1.SecretKey {
        try #require(Secp256k1.SecretKey([UInt8](repeating: 0, count: 31) + [byte]))
    }

    @Test("the key one has the generator as its point, and its well-known address")
    func generator() throws {
        let point = try key(1).publicKey
        let expected = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
        #expect(Hex.encode(point.compressed, prefix: false) == expected)
        #expect(Secp256k1.PublicKey(point.compressed) == point)
        #expect(Secp256k1.PublicKey(point.uncompressed) == point)
        let address = Hex.encode(Array(point.addressHash.bytes.suffix(20)))
        #expect(address == "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf")
    }

    @Test("a signature verifies, recovers its key, and keeps s in the lower half")
    func roundTrip() throws {
        for byte in 1...20 as ClosedRange<UInt8> {
            let key = try key(byte)
            let digest = keccak256([byte])
            let signature = Secp256k1.sign(digest, with: key)
            #expect(Secp256k1.verify(signature, of: digest, by: key.publicKey))
            #expect(Secp256k1.recover(signature, of: digest) == key.publicKey)
            #expect(signature.s.a >> 63 == 0)
            #expect(!Secp256k1.verify(signature, of: keccak256([0]), by: key.publicKey))
            #expect(Secp256k1.Signature(signature.bytes) == signature)
            let der = try #require(signature.der)
            #expect(Secp256k1.verify(der: der, of: digest, by: key.publicKey))
            #expect(!Secp256k1.verify(der: der + [0], of: digest, by: key.publicKey))
        }
    }

    @Test("bytes that are no key, no point and no signature are refused")
    func refusals() throws {
        #expect(Secp256k1.SecretKey([UInt8](repeating: 0, count: 32)) == nil)
        #expect(Secp256k1.SecretKey([UInt8](repeating: 255, count: 32)) == nil)
        #expect(Secp256k1.SecretKey([1]) == nil)
        #expect(Secp256k1.PublicKey([]) == nil)
        var hybrid = try key(1).publicKey.uncompressed
        hybrid[0] = 6
        #expect(Secp256k1.PublicKey(hybrid) == nil)
        #expect(Secp256k1.Signature([UInt8](repeating: 0, count: 64) + [2]) == nil)
        let zero = try #require(Secp256k1.Signature([UInt8](repeating: 0, count: 65)))
        #expect(Secp256k1.recover(zero, of: .zero) == nil)
        #expect(!Secp256k1.verify(zero, of: .zero, by: try key(1).publicKey))
    }
}
