internal import Crypto

extension Noise {
    /// A key with its counter of messages (The Noise Protocol Framework, section 5.1).
    package struct Cipher: Sendable {
        private let key: ChaChaPoly
        private var counter: UInt64

        /// Takes a key of thirty-two bytes; a counter other than zero is for tests.
        package init?(_ key: [UInt8], counter: UInt64 = 0) {
            guard let key = ChaChaPoly(key: key) else { return nil }
            self.key = key
            self.counter = counter
        }

        /// Encrypts; `nil` once the counter has come to its end.
        package mutating func seal(_ plain: Span<UInt8>, associated: [UInt8] = []) -> [UInt8]? {
            guard counter < .max else { return nil }
            defer { counter += 1 }
            return key.seal(plain, nonce: ChaChaPoly.nonce(counter), associated: associated)
        }

        /// Decrypts; `nil` if the bytes are not what was sealed, or the counter is at its end.
        package mutating func open(_ sealed: Span<UInt8>, associated: [UInt8] = []) -> [UInt8]? {
            guard counter < .max else { return nil }
            let plain = key.open(sealed, nonce: ChaChaPoly.nonce(counter), associated: associated)
            if plain != nil { counter += 1 }
            return plain
        }
    }

    /// The chaining key and the hash of all that was said (section 5.2).
    struct Symmetric: Sendable {
        /// The hash of all that was said.
        private(set) var hash: [UInt8]
        private var chain: [UInt8]
        private var cipher: Cipher?

        /// Begins with the protocol's name, which has exactly thirty-two bytes, and a prologue.
        init(prologue: [UInt8]) {
            hash = Array("Noise_XX_25519_ChaChaPoly_SHA256".utf8)
            chain = hash
            mix(hash: prologue)
        }

        /// Takes bytes into the hash.
        mutating func mix(hash bytes: [UInt8]) {
            hash = SHA256.hash(hash + bytes)
        }

        /// Takes the result of a key agreement into the key.
        mutating func mix(key: [UInt8]) {
            let output = HKDFSHA256.derive(key, salt: chain, info: [], count: 64)
            chain = Array(output.prefix(32))
            cipher = Cipher(Array(output.suffix(32)))
        }

        /// Encrypts, once there is a key, and takes what is sent into the hash.
        mutating func seal(_ plain: [UInt8]) throws(Failure) -> [UInt8] {
            let sealed: [UInt8]
            if cipher == nil {
                sealed = plain
            } else {
                guard let bytes = cipher?.seal(plain.span, associated: hash) else {
                    throw .exhausted
                }
                sealed = bytes
            }
            mix(hash: sealed)
            return sealed
        }

        /// Decrypts, once there is a key, and takes what came into the hash.
        mutating func open(_ sealed: [UInt8]) throws(Failure) -> [UInt8] {
            let plain: [UInt8]
            if cipher == nil {
                plain = sealed
            } else {
                guard let bytes = cipher?.open(sealed.span, associated: hash) else {
                    throw .decryption
                }
                plain = bytes
            }
            mix(hash: sealed)
            return plain
        }

        /// The keys of the two directions, the initiator's first.
        func split() -> (first: Cipher, second: Cipher)? {
            let output = HKDFSHA256.derive([], salt: chain, info: [], count: 64)
            guard let first = Cipher(Array(output.prefix(32))),
                let second = Cipher(Array(output.suffix(32)))
            else { return nil }
            return (first, second)
        }
    }
}
