import Crypto
import Encoding
import Primitives
import Testing

@Suite struct CipherTests {
    @Test("chacha20-poly1305 opens what it sealed, and nothing else")
    func chaCha() throws {
        let box = try #require(ChaChaPoly(key: [UInt8](repeating: 3, count: 32)))
        let nonce = ChaChaPoly.nonce(258)
        #expect(nonce == [0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0])
        for message in [[], [1], [UInt8](repeating: 9, count: 70_000)] as [[UInt8]] {
            let sealed = box.seal(message, nonce: nonce, associated: [5])
            #expect(sealed.count == message.count + 16)
            #expect(box.open(sealed, nonce: nonce, associated: [5]) == message)
            #expect(box.open(sealed, nonce: nonce, associated: [6]) == nil)
            #expect(box.open(sealed, nonce: ChaChaPoly.nonce(1), associated: [5]) == nil)
            var bent = sealed
            bent[bent.count - 1] ^= 1
            #expect(box.open(bent, nonce: nonce, associated: [5]) == nil)
            #expect(box.open(Array(sealed.prefix(15)), nonce: nonce) == nil)
        }
        #expect(ChaChaPoly(key: [1]) == nil)
    }

    @Test("aes-128 in counter mode gives the example of SP 800-38A, F.5.1")
    func counterMode() throws {
        let key = try Hex.decode("2b7e151628aed2a6abf7158809cf4f3c")
        let counter = try Hex.decode("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
        let message = try Hex.decode("6bc1bee22e409f96e93d7e117393172a")
        let sealed = try #require(AES128.counterMode(message, key: key, counter: counter))
        #expect(Hex.encode(sealed, prefix: false) == "874d6191b620e3261bef6864990db6ce")
        #expect(AES128.counterMode(sealed, key: key, counter: counter) == message)
        #expect(AES128.counterMode(message, key: [1], counter: counter) == nil)
    }

    @Test("ripemd-160 gives its well-known hash of nothing")
    func ripemd() {
        let expected = "9c1185a5c5e9fc54612808977ee8f548b2258d31"
        #expect(Hex.encode(RIPEMD160.hash([]), prefix: false) == expected)
    }

    @Test("scrypt and pbkdf2 give the examples of RFC 7914, and refuse what costs too much")
    func passwords() throws {
        let salt = Array("NaCl".utf8)
        let scrypt = PasswordKey.scrypt(
            Array("password".utf8), salt: salt, cost: 1024, blockSize: 8, parallelism: 16,
            count: 64)
        let start = "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        #expect(Hex.encode(Array(try #require(scrypt).prefix(32)), prefix: false) == start)
        // The RFC's example with n below 2^(16r) is OpenSSL's; this one, with n = 2^16, is ours.
        let wide = PasswordKey.scrypt(
            Array("pw".utf8), salt: salt, cost: 1 << 16, blockSize: 1, parallelism: 2, count: 32)
        let mixed = "f9a870447cc2fbaf57fb41f6ab1ef1fe9fd63faadbc1406ba33660397c79bb59"
        #expect(Hex.encode(try #require(wide), prefix: false) == mixed)
        let pbkdf2 = PasswordKey.pbkdf2(
            Array("Password".utf8), salt: salt, iterations: 80_000, count: 64)
        let first = "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
        #expect(Hex.encode(Array(try #require(pbkdf2).prefix(32)), prefix: false) == first)
        #expect(
            PasswordKey.scrypt(
                [], salt: salt, cost: 1 << 24, blockSize: 8, parallelism: 1, count: 32) == nil)
        #expect(
            PasswordKey.scrypt(
                [], salt: salt, cost: 3, blockSize: 8, parallelism: 1, count: 32) == nil)
        #expect(PasswordKey.pbkdf2([], salt: salt, iterations: .max, count: 32) == nil)
    }

    @Test("ed25519 gives the first example of RFC 8032 and verifies nothing else")
    func ed25519() throws {
        let seed = try Hex.decode(
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
        let key = try #require(Ed25519.SecretKey(seed: seed))
        let open = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        #expect(Hex.encode(key.publicKey, prefix: false) == open)
        let signature = key.sign([])
        #expect(Hex.encode(Array(signature.prefix(4)), prefix: false) == "e5564300")
        #expect(Ed25519.verify(signature, of: [], by: key.publicKey))
        #expect(!Ed25519.verify(signature, of: [0], by: key.publicKey))
        #expect(!Ed25519.verify([], of: [], by: key.publicKey))
        #expect(!Ed25519.verify(signature, of: [], by: []))
    }

    @Test("x25519 agrees on both sides and refuses points of low order")
    func x25519() throws {
        let left = try #require(X25519.SecretKey([UInt8](repeating: 1, count: 32)))
        let right = try #require(X25519.SecretKey([UInt8](repeating: 2, count: 32)))
        let shared = try #require(left.sharedSecret(with: right.publicKey))
        #expect(right.sharedSecret(with: left.publicKey) == shared)
        #expect(left.sharedSecret(with: [UInt8](repeating: 0, count: 32)) == nil)
        #expect(left.sharedSecret(with: [1]) == nil)
    }
}
