import CLMDB
import Glibc
package import Machine

/// How a database takes its room.
package struct DatabaseStatistics: Hashable, Sendable {
    /// One of its tables.
    package struct Part: Hashable, Sendable {
        /// The table's number.
        package let table: UInt8
        /// How many entries it has.
        package let entries: Int
        /// How many bytes its pages take.
        package let bytes: Int
    }

    /// The tables that hold something.
    package let parts: [Part]
    /// How many bytes a page has.
    package let pageSize: Int
    /// How many pages the file has.
    package let pages: Int
    /// How many of them hold nothing: the next commits use them.
    package let freePages: Int
    /// How many bytes the file takes of the disk.
    package let fileBytes: Int
}

extension Database {
    /// Counts entries and pages.
    package func statistics() throws(LinuxFailure) -> DatabaseStatistics {
        var transaction: OpaquePointer?
        try check(mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &transaction))
        defer { mdb_txn_abort(transaction) }
        var parts: [DatabaseStatistics.Part] = []
        var facts = MDB_stat()
        for (number, table) in tables.enumerated() {
            try check(mdb_stat(transaction, table, &facts))
            guard facts.ms_entries > 0 else { continue }
            let pages = facts.ms_branch_pages + facts.ms_leaf_pages + facts.ms_overflow_pages
            parts.append(
                DatabaseStatistics.Part(
                    table: UInt8(number), entries: facts.ms_entries,
                    bytes: pages * Int(facts.ms_psize)))
        }
        var status = stat()
        guard stat(path + "/data.mdb", &status) == 0 else { throw .ofFile(path, code: errno) }
        let size = Int(facts.ms_psize)
        return DatabaseStatistics(
            parts: parts, pageSize: size, pages: Self.usedBytes(of: environment) / size,
            freePages: try freePages(in: transaction), fileBytes: Int(status.st_blocks) * 512)
    }

    /// How many pages hold nothing: LMDB lists them in its table 0, each list with its length first.
    private func freePages(in transaction: OpaquePointer?) throws(LinuxFailure) -> Int {
        var cursor: OpaquePointer?
        try check(mdb_cursor_open(transaction, 0, &cursor))
        defer { mdb_cursor_close(cursor) }
        var (key, value) = (MDB_val(), MDB_val())
        var count = 0
        while mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0 {
            guard value.mv_size >= MemoryLayout<Int>.size else { break }
            count += value.mv_data.loadUnaligned(as: Int.self)
        }
        return count
    }

    /// Writes the database anew without its free pages, and puts that in its place at once.
    ///
    /// Until then the file is as it was, also if this is ended or the disk is full. No one else may
    /// use the directory. Tells how many bytes the file took before and takes now.
    package static func compact(
        directory: String
    ) throws(LinuxFailure) -> (before: Int, after: Int) {
        let (path, draft) = (directory + "/database", directory + "/database.new")
        remove(draft: draft)
        guard mkdir(draft, 0o700) == 0 else { throw .ofFile(draft, code: errno) }
        do throws(LinuxFailure) {
            let before = try copy(directory, to: draft)
            let after = try bytes(of: draft + "/data.mdb")
            guard rename(draft + "/data.mdb", path + "/data.mdb") == 0 else {
                throw .ofFile(path, code: errno)
            }
            sync(path)
            remove(draft: draft)
            return (before, after)
        } catch {
            remove(draft: draft)
            throw error
        }
    }

    private static func copy(
        _ directory: String, to draft: String
    ) throws(LinuxFailure) -> Int {
        let database = try Database(directory: directory)
        let code = mdb_env_copy2(database.environment, draft, UInt32(MDB_CP_COMPACT))
        guard code == 0 else { throw failure(code, at: draft) }
        sync(draft + "/data.mdb")
        return try bytes(of: database.path + "/data.mdb")
    }

    /// Compacts a database of which more than half is free, if that is worth the time.
    ///
    /// Where there is no room for the copy all stays as it is.
    package static func compactIfSparse(
        directory: String, above bytes: Int
    ) throws(LinuxFailure) -> (before: Int, after: Int)? {
        guard access(directory + "/database/data.mdb", F_OK) == 0 else { return nil }
        let statistics = try Database(directory: directory).statistics()
        guard statistics.freePages * 2 > statistics.pages,
            statistics.freePages * statistics.pageSize > bytes
        else { return nil }
        do throws(LinuxFailure) {
            return try compact(directory: directory)
        } catch .diskFull {
            return nil
        }
    }

    /// Puts a database that was made beside into its place at once; the one of before stays, too.
    package static func replace(directory: String) throws(LinuxFailure) -> String {
        let (path, draft) = (directory + "/database", directory + "/database.new")
        var kept = path + "/damaged.mdb"
        var count = 1
        while access(kept, F_OK) == 0 {
            count += 1
            kept = "\(path)/damaged-\(count).mdb"
        }
        guard link(path + "/data.mdb", kept) == 0,
            rename(draft + "/data.mdb", path + "/data.mdb") == 0
        else { throw .ofFile(path, code: errno) }
        sync(path)
        remove(draft: draft)
        return kept
    }

    /// Takes away a database that was to be made beside.
    package static func remove(draft: String) {
        for name in ["data.mdb", "lock.mdb"] { unlink("\(draft)/\(name)") }
        rmdir(draft)
    }

    private static func bytes(of file: String) throws(LinuxFailure) -> Int {
        var status = stat()
        guard stat(file, &status) == 0 else { throw .ofFile(file, code: errno) }
        return Int(status.st_size)
    }

    /// Has what is written of a file, or the names in a folder, reach the disk.
    private static func sync(_ path: String) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        if file >= 0 { fsync(file) }
        close(file)
    }

    /// Goes through the entries of a table one by one; the value is `nil` where it is damaged.
    ///
    /// Throws where LMDB finds its own pages damaged: what comes after is not reached.
    package func walk(
        _ table: Table, _ body: (_ key: [UInt8], _ value: [UInt8]?) throws(LinuxFailure) -> Void
    ) throws(LinuxFailure) {
        var transaction: OpaquePointer?
        try check(mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &transaction))
        defer { mdb_txn_abort(transaction) }
        var cursor: OpaquePointer?
        try check(mdb_cursor_open(transaction, tables[Int(table.number)], &cursor))
        defer { mdb_cursor_close(cursor) }
        var (key, value) = (MDB_val(), MDB_val())
        while true {
            let code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
            if code == MDB_NOTFOUND { return }
            try check(code)
            let name = [UInt8](UnsafeRawBufferPointer(start: key.mv_data, count: key.mv_size))
            try body(name, DatabaseValue.read(value, key: key))
        }
    }
}
