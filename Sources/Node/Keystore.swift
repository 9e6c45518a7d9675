public import Crypto
public import Identifiers
internal import Primitives

/// A secret key under a password: Ethereum's Web3 secret storage, version 3.
///
/// A pure value: whoever makes one brings the chance (salt, counter, identifier) along.
public struct Keystore: Hashable, Sendable {
    /// How the password becomes the key that enciphers.
    public enum Derivation: Hashable, Sendable {
        /// By scrypt (RFC 7914), its parameters named as there.
        case scrypt(n: UInt64, r: UInt64, p: UInt64, salt: [UInt8])
        /// By PBKDF2 with HMAC-SHA-256 (RFC 8018).
        case pbkdf2(iterations: Int, salt: [UInt8])

        /// The parameters that wallets use: about a second and 256 MiB for each guess.
        public static func standard(salt: [UInt8]) -> Derivation {
            .scrypt(n: 1 << 18, r: 8, p: 1, salt: salt)
        }

        /// Parameters for tests and throwaway networks: some milliseconds for each guess.
        public static func light(salt: [UInt8]) -> Derivation {
            .scrypt(n: 1 << 12, r: 8, p: 6, salt: salt)
        }
    }

    /// The address that the file claims to open, if it says so.
    public let address: Address?
    /// Sixteen bytes that name the file.
    public let identifier: [UInt8]
    /// How the password becomes the key that enciphers.
    public let derivation: Derivation
    /// The first block of the cipher's counter.
    public let counter: [UInt8]
    /// The secret key, enciphered.
    public let ciphertext: [UInt8]
    /// What tells a right password from a wrong one.
    public let mac: [UInt8]

    /// Creates a keystore from its parts as they stand in a file.
    init(
        address: Address?, identifier: [UInt8], derivation: Derivation, counter: [UInt8],
        ciphertext: [UInt8], mac: [UInt8]
    ) {
        self.address = address
        self.identifier = identifier
        self.derivation = derivation
        self.counter = counter
        self.ciphertext = ciphertext
        self.mac = mac
    }

    /// Puts a key under a password.
    ///
    /// The counter and the identifier are sixteen bytes each, drawn anew for each keystore.
    public init(
        sealing key: Secp256k1.SecretKey, password: String, derivation: Derivation,
        counter: [UInt8], identifier: [UInt8]
    ) throws(KeystoreError) {
        guard identifier.count == 16 else {
            throw .field("id", found: "\(identifier.count) bytes", expected: "16 bytes")
        }
        // Chance makes a UUID of version 4 (RFC 9562, section 5.4).
        var identifier = identifier
        identifier[6] = identifier[6] & 0x0f | 0x40
        identifier[8] = identifier[8] & 0x3f | 0x80
        let derived = try Self.derive(password, derivation)
        let secret = Array(derived.prefix(16))
        guard let sealed = AES128.counterMode(key.bytes, key: secret, counter: counter) else {
            throw .field("iv", found: "\(counter.count) bytes", expected: "16 bytes")
        }
        self.init(
            address: Address(key.publicKey.addressHash), identifier: identifier,
            derivation: derivation, counter: counter, ciphertext: sealed,
            mac: keccak256(Array(derived.suffix(16)), sealed).bytes)
    }

    /// Takes the key out again.
    public func open(password: String) throws(KeystoreError) -> Secp256k1.SecretKey {
        let derived = try Self.derive(password, derivation)
        let expected = keccak256(Array(derived.suffix(16)), ciphertext).bytes
        guard equalInConstantTime(expected, mac) else { throw .wrongPassword }
        let secret = Array(derived.prefix(16))
        guard let bytes = AES128.counterMode(ciphertext, key: secret, counter: counter),
            let key = Secp256k1.SecretKey(bytes)
        else { throw .notAKey }
        let found = Address(key.publicKey.addressHash)
        if let address, address != found { throw .address(found: found, claimed: address) }
        return key
    }

    private static func derive(
        _ password: String, _ derivation: Derivation
    ) throws(KeystoreError) -> [UInt8] {
        let password = Array(password.utf8)
        let key =
            switch derivation {
            case .scrypt(let n, let r, let p, let salt):
                PasswordKey.scrypt(
                    password, salt: salt, cost: n, blockSize: r, parallelism: p, count: 32)
            case .pbkdf2(let iterations, let salt):
                PasswordKey.pbkdf2(password, salt: salt, iterations: iterations, count: 32)
            }
        guard let key else { throw .costs }
        return key
    }
}

/// What can be wrong with a keystore.
public enum KeystoreError: Error, Hashable {
    /// The text is no JSON; the text says where.
    case text(String)
    /// A field is missing or has a value that is not understood.
    case field(String, found: String, expected: String)
    /// The derivation's parameters are not within what this program is ready to compute.
    case costs
    /// The password is not the one the key was put under, or the file was changed.
    case wrongPassword
    /// What was under the password is no key of secp256k1.
    case notAKey
    /// The key belongs to another address than the file says.
    case address(found: Address, claimed: Address)
}

extension KeystoreError: CustomStringConvertible {
    /// What is wrong, in one line.
    public var description: String {
        switch self {
        case .text(let what): "keystore is no json: \(what)"
        case .field(let name, let found, let expected):
            "keystore field \(name) is \(found), expected \(expected)"
        case .costs: "keystore asks for a derivation that costs too much, or with bad parameters"
        case .wrongPassword: "wrong password, or a damaged keystore"
        case .notAKey: "keystore holds no key of secp256k1"
        case .address(let found, let claimed):
            "keystore says \(claimed) but its key belongs to \(found)"
        }
    }
}
