import CLMDB
import Machine
import Synchronization

/// The database at one moment: a read transaction that ends with the last reference to it.
final class DatabaseSnapshot: Snapshot, Sendable {
    private struct Reader: @unchecked Sendable {
        // Unchecked, for it is only reached under the lock.
        var transaction: OpaquePointer?
    }

    private let database: Database
    private let tables: [MDB_dbi]
    private let reader: Mutex<Reader>

    /// Begins to read; the database is held open for as long.
    init(of database: Database, environment: OpaquePointer, tables: [MDB_dbi]) {
        var transaction: OpaquePointer?
        let code = mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &transaction)
        precondition(code == 0, "no reader can be had: \(String(cString: mdb_strerror(code)))")
        self.database = database
        self.tables = tables
        reader = Mutex(Reader(transaction: transaction))
    }

    deinit {
        reader.withLock { mdb_txn_abort($0.transaction) }
    }

    func value(_ key: [UInt8], in table: Table) -> [UInt8]? {
        reader.withLock { reader in
            withValue(key) { key in
                var found = MDB_val()
                let code = mdb_get(
                    reader.transaction, tables[Int(table.number)], &key, &found)
                return isEnd(code) ? nil : value(found, key, code)
            }
        }
    }

    func entries(from start: [UInt8], in table: Table, limit: Int) -> [Entry] {
        withCursor(of: table) { cursor in
            var entries: [Entry] = []
            withValue(start) { key in
                var value = MDB_val()
                // An empty key has no place among LMDB's keys: the walk begins at the first.
                var step = start.isEmpty ? MDB_FIRST : MDB_SET_RANGE
                while entries.count < limit {
                    let code = mdb_cursor_get(cursor, &key, &value, step)
                    if isEnd(code) { break }
                    if let entry = entry(key, value, code) { entries.append(entry) }
                    step = MDB_NEXT
                }
            }
            return entries
        }
    }

    func last(in table: Table) -> Entry? {
        withCursor(of: table) { cursor in
            var key = MDB_val()
            var value = MDB_val()
            let code = mdb_cursor_get(cursor, &key, &value, MDB_LAST)
            return isEnd(code) ? nil : entry(key, value, code)
        }
    }

    /// Whether there is nothing more to be found.
    private func isEnd(_ code: Int32) -> Bool {
        code == MDB_NOTFOUND || code != 0 && database.isTolerant
    }

    /// What LMDB found; does not return if that is damaged, unless it may be left out.
    private func value(_ found: MDB_val, _ key: MDB_val, _ code: Int32) -> [UInt8]? {
        guard code == 0, let value = DatabaseValue.read(found, key: key) else {
            if code == 0, database.isTolerant { return nil }
            database.ended(code)
        }
        return value
    }

    private func entry(_ key: MDB_val, _ found: MDB_val, _ code: Int32) -> Entry? {
        guard let value = value(found, key, code) else { return nil }
        return Entry(
            key: [UInt8](UnsafeRawBufferPointer(start: key.mv_data, count: key.mv_size)),
            value: value)
    }

    private func withCursor<Result: Sendable>(
        of table: Table, _ body: (OpaquePointer?) -> Result
    ) -> Result {
        reader.withLock { reader in
            var cursor: OpaquePointer?
            mdb_cursor_open(reader.transaction, tables[Int(table.number)], &cursor)
            defer { mdb_cursor_close(cursor) }
            return body(cursor)
        }
    }
}
