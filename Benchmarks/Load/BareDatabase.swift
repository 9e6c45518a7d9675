import CLMDB
import Encoding
import Machine

/// The database alone, without a node's ways: what its reads and writes are held against.
enum BareDatabase {
    /// Random reads of accounts, and overwrites in synced batches, a second: a line of JSON.
    static func measured(data: String, accounts: Int) throws -> String {
        var environment: OpaquePointer?
        try check(mdb_env_create(&environment))
        defer { mdb_env_close(environment) }
        mdb_env_set_mapsize(environment, 1 << 40)
        mdb_env_set_maxdbs(environment, 32)
        try check(mdb_env_open(environment, data + "/database", UInt32(MDB_NOTLS), 0o600))
        let keys = LargeState.keys(200_000, of: accounts)
        var transaction: OpaquePointer?
        var table: MDB_dbi = 0
        try check(mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &transaction))
        try check(mdb_dbi_open(transaction, "table-1", 0, &table))
        var sum = 0
        let start = LargeState.clock
        for key in keys {
            try withValue(key) { key in
                var found = MDB_val()
                try check(mdb_get(transaction, table, &key, &found))
                sum &+= Int(found.mv_data.load(as: UInt8.self))
            }
        }
        let reads = Double(keys.count) / (LargeState.clock - start)
        guard sum > 0 else { throw Refusal(reason: "what was read is not what was written") }
        let written = LargeState.keys(100_000, of: accounts)
        let values = try written.map { key in
            try withValue(key) { key in
                var found = MDB_val()
                try check(mdb_get(transaction, table, &key, &found))
                return [UInt8](UnsafeRawBufferPointer(start: found.mv_data, count: found.mv_size))
            }
        }
        // Not aborted: that would close the table, too.
        try check(mdb_txn_commit(transaction))
        let begun = LargeState.clock
        for batch in stride(from: 0, to: written.count, by: 10_000) {
            try check(mdb_txn_begin(environment, nil, 0, &transaction))
            for index in batch..<min(batch + 10_000, written.count) {
                try withValue(written[index]) { key in
                    try withValue(values[index]) { value in
                        try check(mdb_put(transaction, table, &key, &value, 0))
                    }
                }
            }
            try check(mdb_txn_commit(transaction))
        }
        return JSON.object([
            JSON.Member("reads", .integer(Int(reads))),
            JSON.Member(
                "writes", .integer(Int(Double(written.count) / (LargeState.clock - begun)))),
        ]).line
    }

    private static func withValue<Result>(
        _ bytes: [UInt8], _ body: (inout MDB_val) throws -> Result
    ) throws -> Result {
        try bytes.withUnsafeBytes { buffer in
            var value = MDB_val(
                mv_size: buffer.count,
                mv_data: UnsafeMutableRawPointer(mutating: buffer.baseAddress))
            return try body(&value)
        }
    }

    private static func check(_ code: Int32) throws {
        if code != 0 { throw Refusal(reason: String(cString: mdb_strerror(code))) }
    }

    /// The database refused.
    private struct Refusal: Error {
        let reason: String
    }
}
