import Crypto
import Encoding
import Glibc
import Identifiers
import Ledger
import Linux
import Machine
import Primitives
import Store

/// The state of a development chain with many accounts, made without as many transactions.
struct LargeState {
    private let database: Database
    private let chain: Chain

    /// How many accounts go to the disk at once.
    private static let batch = 50_000

    /// Opens the chain of a node that does not run.
    init(genesis: String, data: String) throws {
        database = try Database(directory: data)
        chain = try Chain.open(database, genesis: try Genesis(decoding: Load.bytes(of: genesis)))
            .chain
    }

    /// Adds the accounts from one number to another, as an operator's change of the newest state.
    ///
    /// They go in by the order of their hashes: at random, ten million would take hours.
    func grow(from first: Int, to end: Int) throws {
        let places = LargeState.places(first..<end)
        for start in stride(from: 0, to: places.count, by: LargeState.batch) {
            let batch = places[start..<min(start + LargeState.batch, places.count)]
            let diff = StateDiff(
                changes: batch.map { LargeState.address($0.number) }.sorted().map {
                    StateDiff.Change(address: $0, account: Account(balance: 1_000_000_000))
                }, codes: [])
            // What was before is not asked for by anybody.
            let writes = try chain.amending(by: diff).filter { $0.table != Tables.accountHistory }
            try database.commit([writes])
        }
    }

    /// Random reads of accounts, and overwrites in synced batches, a second: a line of JSON.
    func measured(accounts: Int) throws -> String {
        let state = chain.view.state
        let wanted = LargeState.draw(200_000, of: accounts).map(LargeState.address)
        var start = LargeState.clock
        for address in wanted {
            guard state.account(address) != nil else { throw Missing() }
        }
        let reads = Double(wanted.count) / (LargeState.clock - start)
        let snapshot = database.snapshot()
        let keys = LargeState.draw(100_000, of: accounts).map {
            Tables.key(keccak256(LargeState.address($0).bytes))
        }
        let writes = keys.compactMap { key in
            snapshot.value(key, in: Tables.accounts).map { Write(Tables.accounts, key, $0) }
        }
        start = LargeState.clock
        for batch in stride(from: 0, to: writes.count, by: 10_000) {
            try database.commit([Array(writes[batch..<min(batch + 10_000, writes.count)])])
        }
        let written = Double(writes.count) / (LargeState.clock - start)
        return JSON.object([
            JSON.Member("reads", .integer(Int(reads))),
            JSON.Member("writes", .integer(Int(written))),
        ]).line
    }

    /// The keys of random accounts in the database: what the database alone is asked for.
    static func keys(_ count: Int, of accounts: Int) -> [[UInt8]] {
        draw(count, of: accounts).map { Tables.key(keccak256(address($0).bytes)) }
    }

    /// The account with a number.
    static func address(_ number: Int) -> Address {
        Address(UInt256(UInt64(number)) | UInt256(0x6d61_7274) << 128)
    }

    private static func draw(_ count: Int, of accounts: Int) -> [Int] {
        var random = Random(seed: UInt64(clock))
        return (0..<count).map { _ in Int.random(in: 0..<accounts, using: &random) }
    }

    /// The accounts in the order of the trie.
    private static func places(_ numbers: Range<Int>) -> [(hash: UInt64, number: Int)] {
        let chunk = 1 << 16
        var places: [(hash: UInt64, number: Int)] = []
        places.reserveCapacity(numbers.count)
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: chunk) {
            let part = start..<min(start + chunk, numbers.upperBound)
            let hashes = Keccak256.hashes(of: part.map { address($0).bytes })
            for (hash, number) in zip(hashes, part) { places.append((hash.a, number)) }
        }
        places.sort { $0.hash < $1.hash }
        return places
    }

    /// An account is not there.
    private struct Missing: Error {}

    /// Seconds on the clock: the disk's time counts, too.
    static var clock: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

extension JSON {
    /// The JSON in one line.
    var line: String { String(decoding: encoded(), as: UTF8.self) }
}
