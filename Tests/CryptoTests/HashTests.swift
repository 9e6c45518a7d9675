import Crypto
import Encoding
import Primitives
import Testing

@Suite struct HashTests {
    @Test("keccak-256 gives Ethereum's well-known hashes")
    func keccak() throws {
        let empty = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
        #expect(keccak256([]).description == empty)
        let list = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"
        #expect(keccak256([0xc0]).description == list)
    }

    @Test("keccak-256 does not depend on how the bytes are cut")
    func keccakPieces() {
        var random = Random(seed: 7)
        for count in [0, 1, 7, 8, 31, 135, 136, 137, 271, 272, 273, 1000] {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let whole = keccak256(bytes)
            for cut in stride(from: 0, through: count, by: 5) {
                let (head, tail) = (Array(bytes.prefix(cut)), Array(bytes.dropFirst(cut)))
                #expect(keccak256(head, tail) == whole)
                #expect(keccak256(tail.span) == keccak256(tail))
            }
        }
        let hash = keccak256([1])
        #expect(keccak256(hash) == keccak256(hash.bytes))
        #expect(keccak256(hash, hash) == keccak256(hash.bytes + hash.bytes))
        var odd = Keccak256()
        odd.update([1])
        odd.update(hash)
        #expect(odd.finalize() == keccak256([1] + hash.bytes))
    }

    @Test("many messages hashed together give the hashes that each has alone")
    func keccakBatches() {
        var random = Random(seed: 11)
        var messages = (0..<1500).map { _ in
            (0..<Int.random(in: 0...700, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
        }
        messages += [0, 135, 136, 137, 271, 272, 5000, 5001].map {
            [UInt8](repeating: 3, count: $0)
        }
        for count in [0, 1, 2, 3, 4, 5, messages.count] {
            let some = Array(messages.prefix(count))
            #expect(Keccak256.hashes(of: some) == some.map { keccak256($0) })
        }
    }

    @Test("sha-256 gives the standard's example, whole and in pieces")
    func sha256() throws {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(Hex.encode(SHA256.hash(Array("abc".utf8)), prefix: false) == expected)
        var stream = SHA256.Stream()
        stream.update(Array("a".utf8))
        stream.update(Array("bc".utf8))
        #expect(stream.finalize() == SHA256.hash(Array("abc".utf8)))
    }

    @Test("hkdf gives the first example of RFC 5869")
    func hkdf() throws {
        let salt = try Hex.decode("000102030405060708090a0b0c")
        let info = try Hex.decode("f0f1f2f3f4f5f6f7f8f9")
        let key = HKDFSHA256.derive(
            .init(repeating: 0x0b, count: 22), salt: salt, info: info, count: 42)
        let expected =
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        #expect(Hex.encode(key, prefix: false) == expected)
    }
}
