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
    var worth: UInt256 { transaction.transaction.worth }

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
    /// What waits, sorted by nonce, none below the next.
    private(set) var entries: [PoolEntry] = []
    /// What all that waits may cost: not more than a balance once was, so it does not overflow.
    private(set) var cost = UInt256.zero

    init(nonce: UInt64, balance: UInt256) {
        self.nonce = nonce
        self.balance = balance
    }

    /// Puts an entry in its place, or in that of the one with its nonce.
    mutating func insert(_ entry: PoolEntry) {
        let place = place(of: entry.nonce)
        if place < entries.count, entries[place].nonce == entry.nonce {
            cost = cost &- entries[place].cost
            entries[place] = entry
        } else {
            entries.insert(entry, at: place)
        }
        cost = cost &+ entry.cost
    }

    /// Takes out the entry at a place.
    mutating func remove(at place: Int) -> PoolEntry {
        let entry = entries.remove(at: place)
        cost = cost &- entry.cost
        return entry
    }

    /// The entry with a nonce; `nil` if there is none.
    func entry(_ nonce: UInt64) -> PoolEntry? {
        let place = place(of: nonce)
        return place < entries.count && entries[place].nonce == nonce ? entries[place] : nil
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
        // Nonces rise by at least one: as long as there is no gap, each is its place's.
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].nonce &- nonce == UInt64(middle) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}

extension Transaction {
    /// What a unit of its gas is worth to a block's maker at most.
    var worth: UInt256 { min(maxPriorityFeePerGas, maxFeePerGas) }
}
