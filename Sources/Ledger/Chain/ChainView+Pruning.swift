import Machine
import Primitives
import Store

/// What the disk forgets, a little with each block (``History``).
extension ChainView {
    /// What the disk forgets when the next block is final: states and blocks beyond the limits.
    func pruning(for number: UInt64, changes: Int) -> [Write] {
        // What is above the limit of one block's work is left to the blocks after it.
        let limit = 1024 + 4 * changes
        let kept = history.states
        let oldest = max(oldestState, number > kept ? number - kept : 0)
        var writes = [Write(Tables.meta, Tables.Meta.oldestState.key, Tables.key(oldest))]
        for table in [Tables.accountHistory, Tables.storageHistory] {
            writes += forgotten(upTo: oldest, in: table, limit: limit)
        }
        return writes + forgottenBlocks(before: number, limit: limit)
    }

    private func forgotten(upTo oldest: UInt64, in table: Table, limit: Int) -> [Write] {
        var writes: [Write] = []
        var start: [UInt8] = [0]
        while writes.count < limit {
            let page = snapshot.entries(from: start, in: table, limit: 512)
            for entry in page {
                guard let before = Tables.number(entry.key), before <= oldest else { return writes }
                writes.append(Write(table, entry.key, nil))
            }
            guard page.count == 512, let last = page.last else { return writes }
            start = last.key + [0]
        }
        return writes
    }

    /// Takes the oldest blocks out, the first one of the chain excepted.
    private func forgottenBlocks(before number: UInt64, limit: Int) -> [Write] {
        let kept = history.blockCount
        guard number > kept, number - kept > max(oldestBlock, 1) else { return [] }
        var writes: [Write] = []
        var oldest = max(oldestBlock, 1)
        // What is not on the disk yet will be forgotten by a later block.
        while oldest < min(number - kept, blocksOnDisk), writes.count < limit {
            writes += forgetting(oldest)
            oldest += 1
        }
        return writes + [Write(Tables.meta, Tables.Meta.oldestBlock.key, Tables.key(oldest))]
    }

    private func forgetting(_ number: UInt64) -> [Write] {
        let key = Tables.key(number)
        var keys = [
            (Tables.headers, key), (Tables.bodies, key), (Tables.receipts, key),
            (Tables.certificates, key),
        ]
        if let hash = hash(number: number) { keys.append((Tables.numbers, Tables.key(hash))) }
        for transaction in block(number: number)?.transactions ?? [] {
            keys.append((Tables.transactions, Tables.key(transaction.hash)))
        }
        return keys.map { Write($0.0, $0.1, nil) }
    }
}
