import Encoding
import Fixtures
import Identifiers
import Ledger
import Primitives

/// Real blocks executed again and again, their state in memory.
enum Replay {
    /// The median time of each transaction by one thread, in nanoseconds: a line of JSON.
    static func measured(file: String, seconds: Double) throws -> String {
        let block = try MainnetBlock(JSON(decoding: Load.bytes(of: file)))
        var times: [[Double]] = []
        let start = Stages.clock
        while (times.first?.count ?? 0) < 5 || Stages.clock - start < seconds {
            var place = -1
            var last = 0.0
            try block.execute { _, _ in
                let now = Stages.clock
                if place == times.count { times.append([]) }
                if place >= 0 { times[place].append(now - last) }
                place += 1
                last = Stages.clock
            }
        }
        let medians = times.map { JSON.integer(Int($0.sorted()[$0.count / 2] * 1e9)) }
        return JSON.array(medians).line
    }

    /// The gas of each transaction and what it changed, the block's own changes first: JSON.
    static func steps(file: String) throws -> String {
        let block = try MainnetBlock(JSON(decoding: Load.bytes(of: file)))
        var known: [Address: StateDiff.Change] = [:]
        var steps: [JSON] = []
        try block.execute { run, gas in
            let changes = run.executor.journal.diff()
            let codes = Dictionary(
                changes.codes.map { ($0.hash, $0.bytes) }, uniquingKeysWith: { $1 })
            let new = changes.changes.filter { known[$0.address] != $0 }
            for change in new { known[change.address] = change }
            steps.append(
                .object([
                    JSON.Member("gas", .integer(Int(gas))),
                    JSON.Member("changes", .array(new.map { json($0, codes) })),
                ]))
        }
        return JSON.array(steps).line
    }

    private static func json(_ change: StateDiff.Change, _ codes: [Hash32: [UInt8]]) -> JSON {
        let account = change.account ?? Account()
        var members = [
            JSON.Member("address", .string("\(change.address)")),
            JSON.Member("nonce", .integer(Int(account.nonce))),
            JSON.Member("balance", .string("\(Hash32(account.balance))")),
            JSON.Member("isNew", .bool(change.account == nil || change.storageCleared)),
            JSON.Member(
                "storage",
                .object(
                    change.storage.map { slot in
                        JSON.Member("\(Hash32(slot.key))", .string("\(Hash32(slot.value))"))
                    })),
        ]
        if let code = codes[account.codeHash] {
            members.append(JSON.Member("code", .string(Hex.encode(code))))
        }
        return .object(members)
    }
}

extension Hash32 {
    /// The bytes of a number.
    fileprivate init(_ number: UInt256) {
        self.init(a: number.w3, b: number.w2, c: number.w1, d: number.w0)
    }
}
