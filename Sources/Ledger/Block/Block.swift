import Crypto
import Encoding
import Identifiers
public import Primitives
import Trie

/// A header and what it commits to, with the transactions' senders recovered.
public struct Block: Hashable, Sendable {
    /// The header.
    public let header: Header
    /// The header's hash: the block's name.
    public let hash: Hash32
    /// The transactions, in order.
    public let transactions: [SignedTransaction]
    /// Headers of blocks beside the chain; none since the merge.
    public let ommers: [Header]
    /// Payments from the beacon chain; `nil` before Shanghai.
    public let withdrawals: [Withdrawal]?

    /// Creates a block; the header must already commit to the rest.
    public init(
        header: Header, transactions: [SignedTransaction], ommers: [Header] = [],
        withdrawals: [Withdrawal]? = nil
    ) {
        self.init(
            header: header, hash: header.hash, transactions: transactions, ommers: ommers,
            withdrawals: withdrawals)
    }

    init(
        header: Header, hash: Hash32, transactions: [SignedTransaction], ommers: [Header],
        withdrawals: [Withdrawal]?
    ) {
        self.header = header
        self.hash = hash
        self.transactions = transactions
        self.ommers = ommers
        self.withdrawals = withdrawals
    }

    /// The block's number.
    public var number: UInt64 { header.number }

    /// The root of the transactions.
    public static func transactionsRoot(_ transactions: [SignedTransaction]) -> Hash32 {
        Trie.root(ofList: transactions.map(\.encoded))
    }

    /// The root of the receipts.
    public static func receiptsRoot(_ receipts: [Receipt]) -> Hash32 {
        Trie.root(ofList: receipts.map(\.encoded))
    }

    /// The root of the withdrawals.
    public static func withdrawalsRoot(_ withdrawals: [Withdrawal]) -> Hash32 {
        Trie.root(ofList: withdrawals.map(\.encoded))
    }

    /// Keccak-256 of the ommers' list.
    public static func ommersHash(_ ommers: [Header]) -> Hash32 {
        guard !ommers.isEmpty else { return Header.emptyOmmersHash }
        return keccak256(RLP.encodeList(encoded: ommers.map(\.encoded)))
    }
}
