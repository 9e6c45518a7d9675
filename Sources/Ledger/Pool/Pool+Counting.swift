public import Primitives

extension Pool {
    /// Whether any transaction could be taken up by the next block, and pays its base fee.
    public var hasExecutable: Bool {
        guard executableCount > 0 else { return false }
        let baseFee = setBaseFee ?? head.nextBaseFee
        return accounts.values.contains { account in
            guard account.executable > 0, let first = account.entries.first else { return false }
            return first.transaction.transaction.maxFeePerGas >= baseFee
        }
    }

    /// All that wait, to be looked up by a job.
    public var known: Known { Known(entries: entries) }

    /// Transactions whose senders are known, by hash.
    public struct Known: Sendable {
        var entries: [Hash32: PoolEntry] = [:]

        /// Creates one of none.
        public init() {}

        init(entries: [Hash32: PoolEntry]) {
            self.entries = entries
        }

        /// The transaction with a hash; `nil` if it is not known.
        public subscript(hash: Hash32) -> SignedTransaction? { entries[hash]?.transaction }
    }
}
