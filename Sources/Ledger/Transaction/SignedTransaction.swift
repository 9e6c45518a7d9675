public import Crypto
public import Identifiers
public import Primitives

/// A transaction whose sender is known: the form in which pool, blocks and execution hold it.
///
/// It never changes, so all that hold it share it.
public final class SignedTransaction: Hashable, Sendable {
    /// The transaction.
    public let transaction: Transaction
    /// Who signed it.
    public let sender: Address
    /// Its name: the hash of its bytes.
    public let hash: Hash32
    /// Its bytes, as they stand in a block.
    public let encoded: [UInt8]

    /// Creates one of which everything is known.
    init(_ transaction: Transaction, sender: Address, hash: Hash32, encoded: [UInt8]) {
        self.transaction = transaction
        self.sender = sender
        self.hash = hash
        self.encoded = encoded
    }

    /// Creates one of a transaction whose sender was recovered before.
    public convenience init(_ transaction: Transaction, sender: Address) {
        let encoded = transaction.encoded
        self.init(transaction, sender: sender, hash: keccak256(encoded), encoded: encoded)
    }

    /// Recovers the sender; `nil` if nobody can have signed it.
    public convenience init?(_ transaction: Transaction) {
        guard let sender = transaction.recoverSender() else { return nil }
        self.init(transaction, sender: sender)
    }

    /// Reads a transaction as it stands in a block, and recovers its sender.
    ///
    /// Before Homestead signatures were looser, and a development chain needs none of accounts that
    /// are impersonated. Costs some 40 µs: run it in jobs.
    public convenience init(
        decoding bytes: [UInt8], isFrontier: Bool = false, isDevelopment: Bool = false
    ) throws(UnreadableTransaction) {
        try self.init(
            decoding: bytes, hash: keccak256(bytes), isFrontier: isFrontier,
            isDevelopment: isDevelopment)
    }

    convenience init(
        decoding bytes: [UInt8], hash: Hash32, isFrontier: Bool, isDevelopment: Bool
    ) throws(UnreadableTransaction) {
        let transaction: Transaction
        var signed = 0..<0
        do throws(TransactionError) {
            transaction = try Transaction(decoding: bytes, signed: &signed)
        } catch {
            throw .malformed(error)
        }
        if isDevelopment, let sender = transaction.impersonated {
            self.init(transaction, sender: sender, hash: hash, encoded: bytes)
            return
        }
        let digest = transaction.signingHash(of: bytes, signed)
        let sender =
            isFrontier
            ? transaction.recoverFrontierSender(digest) : transaction.recoverSender(digest)
        guard let sender else { throw .invalidSender }
        self.init(transaction, sender: sender, hash: hash, encoded: bytes)
    }

    /// Signs a transaction.
    public convenience init(signing transaction: Transaction, with key: Secp256k1.SecretKey) {
        self.init(transaction.signed(with: key), sender: Address(key.publicKey.addressHash))
    }

    /// Takes a transaction for that of an account whose key nobody has: development chains only.
    ///
    /// Its signature has the address for `r` and zero for `s`, which no signature can have.
    public convenience init(impersonating sender: Address, _ transaction: Transaction) {
        var transaction = transaction
        transaction.yParity = 0
        transaction.r = UInt256(bigEndian: sender.bytes) ?? .zero
        transaction.s = .zero
        self.init(transaction, sender: sender)
    }

    /// Whether it is one of an account whose key nobody has.
    public var isImpersonated: Bool { transaction.impersonated == sender }

    /// Whether two are the same transaction of the same sender.
    public static func == (left: SignedTransaction, right: SignedTransaction) -> Bool {
        left === right || left.hash == right.hash && left.sender == right.sender
    }

    /// Feeds what makes it the same as another.
    public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

/// Why bytes are no transaction of anybody.
public enum UnreadableTransaction: Error, Hashable, CustomStringConvertible, Sendable {
    /// They are no transaction.
    case malformed(TransactionError)
    /// Nobody can have signed it.
    case invalidSender

    /// The reason, in words.
    public var description: String {
        switch self {
        case .malformed(let error): "\(error)"
        case .invalidSender: "invalid sender"
        }
    }
}

extension Transaction {
    /// Its name: the hash of its bytes.
    public var hash: Hash32 { keccak256(encoded) }

    /// The account whose name stands in the place of a signature; `nil` in all that are signed.
    var impersonated: Address? {
        guard s.isZero, yParity == 0 else { return nil }
        let bytes = r.bytes
        return bytes.prefix(12).allSatisfy { $0 == 0 } ? Address(Array(bytes.suffix(20))) : nil
    }

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
    /// Only the lower `s` counts (EIP-2). This is the costly part of admitting a transaction
    /// (some 40 µs): run it in jobs.
    public func recoverSender() -> Address? { recoverSender(signingHash) }

    func recoverSender(_ digest: Hash32) -> Address? {
        Transaction.recover(r: r, s: s, yParity: yParity, digest: digest)
    }

    /// Finds out who signed with either `s`, as before Homestead; `nil` if nobody can have.
    public func recoverFrontierSender() -> Address? { recoverFrontierSender(signingHash) }

    func recoverFrontierSender(_ digest: Hash32) -> Address? {
        let greatest = Transaction.halfOrder
        guard s > greatest, s < Transaction.order else { return recoverSender(digest) }
        let lower = Transaction.order &- s
        return Transaction.recover(r: r, s: lower, yParity: yParity ^ 1, digest: digest)
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
