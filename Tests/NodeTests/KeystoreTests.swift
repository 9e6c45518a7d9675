import Crypto
import Encoding
import Identifiers
import Node
import Testing

@Suite struct KeystoreTests {
    private let salt = [UInt8](repeating: 7, count: 32)
    private let counter = [UInt8](repeating: 8, count: 16)

    private func sealed(
        _ derivation: Keystore.Derivation, password: String = "owl"
    ) throws -> (Keystore, Secp256k1.SecretKey) {
        let key = try #require(Secp256k1.SecretKey([UInt8](repeating: 9, count: 32)))
        let store = try Keystore(
            sealing: key, password: password, derivation: derivation, counter: counter,
            identifier: [UInt8](repeating: 0xff, count: 16))
        return (store, key)
    }

    @Test("a key comes back from its file with the right password and no other")
    func roundTrip() throws {
        for derivation in [
            .light(salt: salt), .pbkdf2(iterations: 1000, salt: salt),
        ] as [Keystore.Derivation] {
            let (store, key) = try sealed(derivation)
            let read = try Keystore(decoding: store.encoded)
            #expect(try read.open(password: "owl") == key)
            #expect(throws: KeystoreError.wrongPassword) { try read.open(password: "Owl") }
            #expect(read.address == Address(key.publicKey.addressHash))
            #expect(try Keystore(decoding: read.encoded) == read)
        }
    }

    @Test("a file that claims another address is not opened")
    func address() throws {
        let (store, key) = try sealed(.light(salt: salt))
        let text = String(decoding: store.encoded, as: UTF8.self)
        let own = Address(key.publicKey.addressHash).description.dropFirst(2)
        let other = String(repeating: "0", count: 40)
        let bent = try Keystore(decoding: Array(text.replacing(own, with: other).utf8))
        #expect(throws: KeystoreError.self) { try bent.open(password: "owl") }
    }

    @Test("every cut and every kind of damage is refused, or leaves the file readable")
    func damage() throws {
        let bytes = try sealed(.light(salt: salt)).0.encoded
        for count in 0..<bytes.count - 1 {
            #expect(throws: KeystoreError.self) {
                try Keystore(decoding: Array(bytes.prefix(count)))
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        for (part, damaged) in [
            ("\"version\":3", "\"version\":4"), ("aes-128-ctr", "aes-256-ctr"),
            ("\"scrypt\"", "\"argon2\""), ("\"dklen\":32", "\"dklen\":16"),
            ("\"n\":4096", "\"n\":-1"), ("\"iv\":\"08", "\"iv\":\"0"),
            ("\"id\":\"ff", "\"id\":\"f"),
        ] {
            #expect(text.contains(part))
            #expect(throws: KeystoreError.self, "\(damaged)") {
                try Keystore(decoding: Array(text.replacing(part, with: damaged).utf8))
            }
        }
        let dear = text.replacing("\"n\":4096", with: "\"n\":1073741824")
        let store = try Keystore(decoding: Array(dear.utf8))
        #expect(throws: KeystoreError.costs) { try store.open(password: "owl") }
    }

    @Test("a keystore of eth-account opens")
    func ethAccount() throws {
        let store = try Keystore(decoding: Array(Self.foreign.utf8))
        let key = try store.open(password: "correct horse")
        #expect(key.bytes == [UInt8](repeating: 0x11, count: 32))
    }

    /// Written by eth-account 0.14.0: the key 0x11…11, scrypt with n = 4096.
    private static let foreign = """
        {
         "address": "19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A",
         "crypto": {
          "cipher": "aes-128-ctr",
          "cipherparams": {
           "iv": "2b936a6c02d5972bd19ccdc357061545"
          },
          "ciphertext": "20f20a9feea1b235b35bcbd6a6940c803d80a6b3a7dfe4fc3b69ea430a9f38b4",
          "kdf": "scrypt",
          "kdfparams": {
           "dklen": 32,
           "n": 4096,
           "r": 8,
           "p": 1,
           "salt": "4bfb175c3ec3e067d3ebe5d37565a1b3"
          },
          "mac": "e90db633ccbfed76d921c59f8ca59671b3d42dd44ab0b786026c3c033b35556a"
         },
         "id": "58772882-b4a9-4c44-8017-38f1bbdb4c41",
         "version": 3
        }
        """
}
