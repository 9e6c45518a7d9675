public import Crypto
public import Identifiers
public import Primitives

/// A transaction whose sender is known: the form in which pool, blocks and execution hold it.
public struct SignedTransaction: Hashable, Sendable {
    /// The transaction.
    public let transaction: Transaction
    /// Who signed it.
    public let sender: Address
    /// Its name: the hash of its bytes.
    public let hash: Hash32
    /// Its bytes, as they stand in a block.
    public let encoded: [UInt8]

    /// Creates one of a transaction whose sender was recovered before.
    public init(_ transaction: Transaction, sender: Address) {
        self.transaction = transaction
        self.sender = sender
        encoded = transaction.encoded
        hash = keccak256(encoded)
    }

    /// Recovers the sender; `nil` if nobody can have signed it.
    public init?(_ transaction: Transaction) {
        guard let sender = transaction.recoverSender() else { return nil }
        self.init(transaction, sender: sender)
    }

    /// Signs a transaction.
    public init(signing transaction: Transaction, with key: Secp256k1.SecretKey) {
        self.init(transaction.signed(with: key), sender: Address(key.publicKey.addressHash))
    }
}

extension Transaction {
    /// Its name: the hash of its bytes.
    public var hash: Hash32 { keccak256(encoded) }

    /// What its sender signs.
    public var signingHash: Hash32 { keccak256(signingPayload) }

    /// Returns it signed.
    public func signed(with key: Secp256k1.SecretKey) -> Transaction {
        let signature = Secp256k1.sign(signingHash, with: key)
        var copy = self
        copy.yParity = signature.recoveryID
        copy.r = UInt256(signature.r)
        copy.s = UInt256(signature.s)
        return copy
    }

    /// Finds out who signed it; `nil` if nobody can have.
    ///
    /// Only the lower `s` counts (EIP-2). This is the costly part of admitting a transaction (some 40 µs): run it in jobs.
    public func recoverSender() -> Address? {
        Transaction.recover(r: r, s: s, yParity: yParity, digest: signingHash)
    }

    /// Finds out who signed with either `s`, as before Homestead; `nil` if nobody can have.
    public func recoverFrontierSender() -> Address? {
        let greatest = Transaction.halfOrder
        guard s > greatest, s < Transaction.order else { return recoverSender() }
        let lower = Transaction.order &- s
        return Transaction.recover(r: r, s: lower, yParity: yParity ^ 1, digest: signingHash)
    }

    /// Who signed a digest; `nil` if nobody can have, or if `s` is the greater of the two.
    static func recover(r: UInt256, s: UInt256, yParity: UInt8, digest: Hash32) -> Address? {
        guard !r.isZero, !s.isZero, s <= halfOrder, yParity < 2,
            let signature = Secp256k1.Signature(r: r.hash, s: s.hash, recoveryID: yParity),
            let key = Secp256k1.recover(signature, of: digest)
        else { return nil }
        return Address(key.addressHash)
    }

    /// The order of secp256k1's group.
    private static let order = UInt256(
        0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, 0xffff_ffff_ffff_fffe, 0xffff_ffff_ffff_ffff)

    private static let halfOrder = order >> 1
}
