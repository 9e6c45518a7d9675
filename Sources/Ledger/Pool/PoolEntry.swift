public import Primitives

/// A transaction that waits; it never changes, so all that hold it share it.
public final class PoolEntry: Sendable {
    /// The transaction.
    public let transaction: SignedTransaction
    /// The most that it may cost its sender.
    public let cost: UInt256
    /// Which of all that came it was.
    let arrival: UInt64
    /// The newest block when it came.
    let block: UInt64

    init(_ transaction: SignedTransaction, cost: UInt256, arrival: UInt64, block: UInt64) {
        self.transaction = transaction
        self.cost = cost
        self.arrival = arrival
        self.block = block
    }

    var nonce: UInt64 { transaction.transaction.nonce }
    var size: Int { transaction.encoded.count }

    /// What it is worth to a block's maker: what goes first, and what is put out last.
    var worth: UInt256 {
        min(transaction.transaction.maxPriorityFeePerGas, transaction.transaction.maxFeePerGas)
    }

    /// Whether it is to be put out before another: it is worth less, or came later.
    func isCheaper(than other: PoolEntry) -> Bool {
        worth == other.worth ? arrival > other.arrival : worth < other.worth
    }
}

/// What waits of one sender.
struct PoolAccount: Sendable {
    /// The nonce of its next transaction, in the newest final state.
    var nonce: UInt64
    /// What it owns, in the newest final state.
    var balance: UInt256
    /// What waits, sorted by nonce.
    var entries: [PoolEntry] = []

    /// What all that waits may cost.
    var cost: UInt256 {
        entries.reduce(.zero) { sum, entry in
            let (total, overflow) = sum.addingReportingOverflow(entry.cost)
            return overflow ? .max : total
        }
    }

    /// Where the entry with a nonce is, or would be.
    func place(of nonce: UInt64) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].nonce < nonce { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// How many entries follow one another from the next nonce on: they can be executed.
    var executable: Int {
        var count = 0
        while count < entries.count, entries[count].nonce == nonce + UInt64(count) { count += 1 }
        return count
    }
}
