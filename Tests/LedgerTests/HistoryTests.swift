import Ledger
import Machine
import Primitives
import Store
import Testing

/// How much of the past is kept, and what is said of the rest.
@Suite struct HistoryTests {
    /// Lets the chain grow by blocks of one transaction each.
    private func grow(
        _ village: inout Village, by count: Int, nonces: inout [Int: UInt64], seed: UInt64
    ) throws {
        var random = Random(seed: seed)
        for _ in 0..<count {
            let transaction = Village.transaction(&random, nonces: &nonces)
            let built = try village.chain.view.build(
                [transaction], Village.attributes(after: village.chain.head))
            try village.chain.insert(built.overlay)
            let final = try village.chain.finalize(built.overlay.hash)
            village.disk.commit(final.writes)
            village.chain.committed(village.chain.headHash)
        }
    }

    private func count(_ table: Table, in village: Village) -> Int {
        village.disk.snapshot().entries(startingWith: [], in: table).count
    }

    @Test("of old blocks nothing is left but the first, and callers are told so")
    func pruned() throws {
        var village = try Village(history: .newest(3))
        var nonces: [Int: UInt64] = [:]
        try grow(&village, by: 270, nonces: &nonces, seed: 5)
        let view = village.chain.view
        #expect(view.oldestState == 267)
        #expect(view.oldestBlock == 14)
        for table in [Tables.headers, Tables.bodies, Tables.receipts, Tables.numbers] {
            #expect(count(table, in: village) == 258)
        }
        #expect(count(Tables.transactions, in: village) == 257)
        #expect(view.header(number: 0)?.hash == village.chain.genesisHash)
        #expect(view.block(number: 13) == nil)
        #expect(view.isPruned(13))
        #expect(view.block(number: 14)?.transactions.count == 1)
        #expect(throws: ChainError.blocksPruned(oldest: 14)) {
            try view.logs(LogFilter(from: 0, to: 20))
        }
        #expect(try view.logs(LogFilter(from: 14, to: 270)).isEmpty == false)
    }

    @Test("another start may keep more from now on, or less")
    func changed() throws {
        var village = try Village(history: .full)
        var nonces: [Int: UInt64] = [:]
        try grow(&village, by: 300, nonces: &nonces, seed: 6)
        #expect(village.chain.view.oldestState == 0)
        #expect(village.chain.view.oldestBlock == 0)
        village.chain = try Chain.open(
            village.disk, genesis: Village.genesis, history: .newest(260)
        ).chain
        try grow(&village, by: 1, nonces: &nonces, seed: 7)
        #expect(village.chain.view.oldestState == 41)
        #expect(village.chain.view.oldestBlock == 41)
        village.chain = try Chain.open(village.disk, genesis: Village.genesis, history: .full).chain
        try grow(&village, by: 1, nonces: &nonces, seed: 8)
        #expect(village.chain.view.oldestState == 41)
        #expect(village.chain.view.oldestBlock == 41)
        #expect(try village.chain.view.state(at: 41).account(Village.keeper) != nil)
    }

    @Test("what an operator writes is read, and nothing else")
    func words() {
        for history in [History.full, .blocks, .newest(1), .newest(1_000)] {
            #expect(History(history.description) == history)
        }
        for text in ["", "0", "-1", "all", "1e3"] { #expect(History(text) == nil) }
    }
}
