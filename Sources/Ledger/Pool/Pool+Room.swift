import Primitives

/// What keeps the pool within its limits.
extension Pool {
    private var isFull: Bool { count >= limits.count }

    /// Why a full pool will not take a transaction in, whoever its sender is; `nil` if it may.
    ///
    /// Costs little, so that what has no chance is refused before its sender is recovered.
    public mutating func refusal(of bytes: [UInt8]) -> PoolRejection? {
        guard isFull, let least = leastWorthy()?.worth,
            let transaction = try? Transaction(decoding: bytes), transaction.worth <= least
        else { return nil }
        return .underpriced(found: transaction.worth, needed: least &+ 1)
    }

    /// Puts out what is worth least until there is room; throws if the new one is worth no more.
    mutating func makeRoom(
        for new: SignedTransaction, replacing replaced: PoolEntry?
    ) throws(PoolRejection) -> [Hash32] {
        var evicted: [Hash32] = []
        if replaced != nil { return evicted }
        let worth = new.transaction.worth
        while isFull || bytes + new.encoded.count > limits.bytes {
            guard let victim = leastWorthy() else { throw .full }
            guard victim.worth < worth else {
                throw .underpriced(found: worth, needed: victim.worth &+ 1)
            }
            // Nobody makes room for the end of the own row by losing its middle.
            guard victim.transaction.sender != new.sender,
                let last = accounts[victim.transaction.sender]?.entries.last
            else { throw .full }
            remove(last.transaction.hash)
            evicted.append(last.transaction.hash)
        }
        return evicted
    }

    /// The entry that is worth least.
    mutating func leastWorthy() -> PoolEntry? {
        while let first = cheapest.first {
            if entries[first.transaction.hash] === first { return first }
            _ = cheapest.removeFirst()
        }
        return nil
    }

    mutating func remember(_ entry: PoolEntry) {
        entries[entry.transaction.hash] = entry
        bytes += entry.size
        cheapest.insert(entry)
        if cheapest.count > 2 * count + 1024 {
            cheapest = Heap(Array(entries.values)) { $0.isCheaper(than: $1) }
        }
    }

    mutating func forget(_ entry: PoolEntry) {
        entries[entry.transaction.hash] = nil
        bytes -= entry.size
    }

    /// Takes out what has waited too long.
    mutating func expire() {
        let old = entries.values.filter { $0.block + limits.lifetime < head.number }
        for entry in old.sorted(by: { $0.arrival < $1.arrival }) { remove(entry.transaction.hash) }
    }
}
