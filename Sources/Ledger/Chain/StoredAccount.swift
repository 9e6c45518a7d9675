public import Encoding
public import Primitives
import Trie

/// An account as the state trie commits to it (Yellow Paper, 4.1); the store keeps the same bytes.
public struct StoredAccount: Hashable, Sendable {
    /// How many transactions it sent, or contracts it created.
    public var nonce: UInt64
    /// What it owns, in wei.
    public var balance: UInt256
    /// The root of its storage's trie.
    public var storageRoot: Hash32
    /// The Keccak-256 of its code.
    public var codeHash: Hash32

    /// Creates an account.
    public init(nonce: UInt64, balance: UInt256, storageRoot: Hash32, codeHash: Hash32) {
        self.nonce = nonce
        self.balance = balance
        self.storageRoot = storageRoot
        self.codeHash = codeHash
    }

    /// The root of storage that holds nothing.
    public static let emptyStorageRoot = Trie.emptyRoot

    /// The account without its storage's root, as execution sees it.
    public var account: Account { Account(nonce: nonce, balance: balance, codeHash: codeHash) }

    /// The RLP.
    public var encoded: [UInt8] {
        var writer = RLP.Writer(capacity: 112)
        writer.list { list in
            list.append(nonce)
            list.append(balance)
            list.append(storageRoot)
            list.append(codeHash)
        }
        return writer.bytes
    }

    /// Reads an account from its RLP.
    public init(decoding bytes: [UInt8]) throws(RLP.Failure) {
        // In place, without a list of the fields: accounts are read more often than all else.
        let list = try RLP.item(in: bytes, at: 0, end: bytes.count)
        let fields = list.payload
        let first = try RLP.item(in: bytes, at: fields.lowerBound, end: fields.upperBound)
        let second = try RLP.item(in: bytes, at: first.whole.upperBound, end: fields.upperBound)
        let third = try RLP.item(in: bytes, at: second.whole.upperBound, end: fields.upperBound)
        let fourth = try RLP.item(in: bytes, at: third.whole.upperBound, end: fields.upperBound)
        guard list.isList, list.whole.upperBound == bytes.count,
            fourth.whole.upperBound == bytes.count,
            !first.isList, !second.isList, !third.isList, !fourth.isList,
            let nonce = UInt256(bigEndian: bytes.span.extracting(first.payload))?.asUInt64,
            let balance = UInt256(bigEndian: bytes.span.extracting(second.payload)),
            let storageRoot = Hash32(bytes.span.extracting(third.payload)),
            let codeHash = Hash32(bytes.span.extracting(fourth.payload))
        else { throw .unexpected("account") }
        self.init(nonce: nonce, balance: balance, storageRoot: storageRoot, codeHash: codeHash)
    }
}
