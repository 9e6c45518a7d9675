public import Primitives
public import Identifiers

extension Pool {
    /// Those to try in the next block: the best first, each sender's in the order of nonces.
    ///
    /// `view` is the chain up to the block's parent: what is in blocks that are not final yet is
    /// passed over. Gives at most so many bytes, and transactions that may use so much gas.
    public func select(
        on view: ChainView, baseFee: UInt256, gas: UInt64, bytes: Int
    ) -> [SignedTransaction] {
        var next: [Address: UInt64] = [:]
        // Newest blocks come first: the first nonce met of a sender is its highest.
        for layer in view.layers where layer.number > head.number {
            for transaction in layer.block.transactions.reversed()
            where next[transaction.sender] == nil {
                next[transaction.sender] = transaction.transaction.nonce + 1
            }
        }
        return select(after: next, baseFee: baseFee, gas: gas, bytes: bytes)
    }

    /// Those to try in a block whose ancestors hold transactions up to these nonces.
    public func select(
        after next: [Address: UInt64] = [:], baseFee: UInt256, gas: UInt64, bytes: Int
    ) -> [SignedTransaction] {
        typealias Row = (entries: ArraySlice<PoolEntry>, tip: UInt256, arrival: UInt64)
        func row(_ entries: ArraySlice<PoolEntry>) -> Row? {
            guard let first = entries.first,
                let tip = first.transaction.transaction.priorityFee(baseFee: baseFee)
            else { return nil }
            return (entries, tip, first.arrival)
        }
        var rows: [Row] = []
        rows.reserveCapacity(accounts.count)
        for (sender, account) in accounts {
            let executable = account.entries[..<account.executable]
            let start = next[sender].map { executable.startIndex + account.place(of: $0) } ?? 0
            if start < executable.endIndex, let row = row(executable[start...]) { rows.append(row) }
        }
        // No two arrivals are equal: the order does not depend on the dictionary's.
        var heap = Heap(rows) { $0.tip == $1.tip ? $0.arrival < $1.arrival : $0.tip > $1.tip }
        var chosen: [SignedTransaction] = []
        var (gasLeft, bytesLeft) = (gas, bytes)
        while let best = heap.first, let entry = best.entries.first {
            let fits =
                entry.transaction.transaction.gasLimit <= gasLeft && entry.size <= bytesLeft
            if fits {
                chosen.append(entry.transaction)
                gasLeft -= entry.transaction.transaction.gasLimit
                bytesLeft -= entry.size
            }
            if fits, let next = row(best.entries.dropFirst()) {
                heap.replaceFirst(with: next)
            } else {
                _ = heap.removeFirst()
            }
            if gasLeft < 21_000 { break }
        }
        return chosen
    }
}
