internal import CSecp256k1

/// A secret key with the chain code from which further keys are derived (BIP-32).
///
/// Wallets keep all their accounts as one row of words: BIP-39 makes a seed of the words, and
/// BIP-32 a tree of keys of the seed.
public struct WalletKey: Sendable {
    /// The secret key.
    public let secret: Secp256k1.SecretKey
    /// The thirty-two bytes that derivation mixes in.
    public let chainCode: [UInt8]

    /// From here on a child's number asks for derivation by the secret itself (BIP-32, hardened).
    public static let hardened: UInt32 = 1 << 31

    /// Creates the first key of the tree (BIP-32); `nil` for one seed in 2^127.
    public init?(seed: [UInt8]) {
        let bytes = HMACSHA512.authenticate(seed, key: Array("Bitcoin seed".utf8))
        self.init(secret: Array(bytes.prefix(32)), chainCode: Array(bytes.suffix(32)))
    }

    /// Creates the first key of the tree that a row of words stands for (BIP-39).
    ///
    /// The words and the password must be in Unicode's form NFKD, which plain ASCII always is.
    public init?(mnemonic: String, password: String = "") {
        self.init(seed: WalletKey.seed(mnemonic: mnemonic, password: password))
    }

    private init?(secret: [UInt8], chainCode: [UInt8]) {
        guard let secret = Secp256k1.SecretKey(secret) else { return nil }
        self.secret = secret
        self.chainCode = chainCode
    }

    /// The seed that a row of words stands for (BIP-39, "From mnemonic to seed").
    public static func seed(mnemonic: String, password: String = "") -> [UInt8] {
        PasswordKey.seed(Array(mnemonic.utf8), salt: Array("mnemonic\(password)".utf8))
    }

    /// The child with a number (BIP-32, CKDpriv); `nil` for one in 2^127.
    public func child(_ index: UInt32) -> WalletKey? {
        let number = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: index >> $0) }
        let start =
            index >= WalletKey.hardened ? [0] + secret.bytes : secret.publicKey.compressed
        let bytes = HMACSHA512.authenticate(start + number, key: chainCode)
        var sum = secret.bytes
        guard secp256k1_ec_seckey_tweak_add(Secp256k1.context, &sum, bytes) == 1
        else { return nil }
        return WalletKey(secret: sum, chainCode: Array(bytes.suffix(32)))
    }

    /// The key at the end of a path of children's numbers.
    public func descendant(_ path: [UInt32]) -> WalletKey? {
        path.reduce(self) { key, index in key?.child(index) }
    }

    /// The key of an account of Ethereum's, m/44'/60'/0'/0/index (BIP-44, SLIP-44).
    public func account(_ index: UInt32) -> Secp256k1.SecretKey? {
        let path = [WalletKey.hardened + 44, WalletKey.hardened + 60, WalletKey.hardened, 0]
        return descendant(path + [index])?.secret
    }
}
