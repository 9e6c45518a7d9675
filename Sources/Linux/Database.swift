import CLMDB
import Glibc
package import Machine
import Synchronization

/// The ordered map on disk: LMDB, one named database for each table.
///
/// Readers are snapshots that any thread may use (`MDB_NOTLS`); one thread commits. The file is
/// mapped sparse at a size no chain of ours reaches, so it grows as it is filled.
package final class Database: Disk, @unchecked Sendable {
    // Unchecked, for LMDB's environment may be used from any thread, and the rest is constant.
    let environment: OpaquePointer
    let tables: [MDB_dbi]
    let path: String
    /// The file as it is mapped, if the system says where.
    let map: UnsafeRawBufferPointer?
    /// The most bytes of the file that are left mapped after a commit.
    let mappedLimit: Int
    private let newest = Mutex(Newest())

    private struct Newest {
        weak var snapshot: DatabaseSnapshot?
    }

    /// How many tables there are.
    static let tableCount = 32

    /// Sizes of the map to try, for some systems bound the address space.
    private static let mapSizes = [1 << 40, 64 << 30, 8 << 30]

    /// Whether commits wait for the disk.
    let isSynced: Bool
    /// Whether values that are damaged are left out, instead of ending the process.
    let isTolerant: Bool

    /// Opens the database in a directory, or makes it.
    ///
    /// After a commit a file of more bytes than `mappedLimit` is not left mapped. What is not
    /// synced lasts until power is lost. Whoever mends a database opens it tolerantly.
    package init(
        directory: String, mappedLimit: Int = 128 << 20, isSynced: Bool = true,
        isTolerant: Bool = false, name: String = "database"
    ) throws(LinuxFailure) {
        self.mappedLimit = mappedLimit
        Self.endOnMissingPages()
        self.isSynced = isSynced
        self.isTolerant = isTolerant
        path = "\(directory)/\(name)"
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .ofFile(path, code: errno) }
        try Self.reserveLocks(at: path)
        environment = try Self.opened(path, isSynced ? MDB_NOTLS : MDB_NOTLS | MDB_NOSYNC)
        do throws(LinuxFailure) {
            try Self.checkLength(of: environment, at: path)
            tables = try Self.tables(of: environment, at: path)
            map = Self.map(of: path + "/data.mdb")
        } catch {
            mdb_env_close(environment)
            throw error
        }
    }

    deinit {
        mdb_env_close(environment)
    }

    package func snapshot() -> any Snapshot {
        newest.withLock { newest in
            if let snapshot = newest.snapshot { return snapshot }
            let snapshot = DatabaseSnapshot(of: self, environment: environment, tables: tables)
            newest.snapshot = snapshot
            return snapshot
        }
    }

    /// Puts batches into the database, all of them or none, and syncs it.
    package func commit(_ batches: [[Write]]) throws(LinuxFailure) {
        var transaction: OpaquePointer?
        try check(mdb_txn_begin(environment, nil, 0, &transaction))
        do throws(LinuxFailure) {
            for batch in batches {
                for write in batch { try apply(write, in: transaction) }
            }
        } catch {
            mdb_txn_abort(transaction)
            throw error
        }
        try check(mdb_txn_commit(transaction))
        newest.withLock { $0.snapshot = nil }
        releasePages()
    }

    private func apply(_ write: Write, in transaction: OpaquePointer?) throws(LinuxFailure) {
        let table = tables[Int(write.table.number)]
        let code = withValue(write.key) { key in
            guard let bytes = write.value else { return mdb_del(transaction, table, &key, nil) }
            var room = MDB_val(mv_size: bytes.count + DatabaseValue.hashSize, mv_data: nil)
            let code = mdb_put(transaction, table, &key, &room, UInt32(MDB_RESERVE))
            if code == 0 { DatabaseValue.write(bytes, key: key, into: room) }
            return code
        }
        if code != MDB_NOTFOUND { try check(code) }
    }

    /// Ends the process when what is read is not what was written: nothing may be built on it.
    func ended(_ code: Int32) -> Never {
        let failure =
            code == 0
            ? .damaged(path: path, reason: "a value is not what was written")
            : Self.failure(code, at: path)
        let line = Array("martlet: \(failure)\n".utf8)
        _ = Glibc.write(2, line, line.count)
        _exit(1)
    }

    /// Sees to it that a page number beyond the file, which LMDB trusts, ends in one line.
    private static func endOnMissingPages() {
        signal(SIGBUS) { _ in
            let line: StaticString = """
                martlet: damaged: the database names pages that are not there, or its disk is gone: \
                move it away and start again to fetch it from peers

                """
            // All that may be called here.
            _ = Glibc.write(2, line.utf8Start, line.utf8CodeUnitCount)
            _exit(1)
        }
    }

    func check(_ code: Int32) throws(LinuxFailure) {
        if code != 0 { throw Self.failure(code, at: path) }
    }

    static func failure(_ code: Int32, at path: String) -> LinuxFailure {
        let reason = String(cString: mdb_strerror(code)).lowercased()
        switch code {
        case MDB_MAP_FULL:
            return .diskFull(path: path)
        case MDB_READERS_FULL, MDB_TLS_FULL, MDB_DBS_FULL:
            return .file(path: path, reason: reason)
        default:
            // Whatever else LMDB has to say is of pages that it did not write so.
            return code > 0 ? .ofFile(path, code: code) : .damaged(path: path, reason: reason)
        }
    }

    /// Takes room for the table of readers, which is mapped: a disk that is full would otherwise
    /// end the process by a signal when the table is first written.
    private static func reserveLocks(at path: String) throws(LinuxFailure) {
        let file = open(path + "/lock.mdb", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .ofFile(path, code: errno) }
        defer { close(file) }
        let code = posix_fallocate(file, 0, 1 << 19)
        // A file system that cannot reserve has to be trusted.
        guard code == 0 || code == EOPNOTSUPP || code == EINVAL else {
            throw .ofFile(path, code: code)
        }
    }

    private static func opened(
        _ path: String, _ flags: Int32
    ) throws(LinuxFailure) -> OpaquePointer {
        var code: Int32 = 0
        for size in mapSizes {
            var environment: OpaquePointer?
            code = mdb_env_create(&environment)
            guard code == 0, let environment else { break }
            mdb_env_set_mapsize(environment, size)
            mdb_env_set_maxdbs(environment, MDB_dbi(tableCount))
            mdb_env_set_maxreaders(environment, 4096)
            code = mdb_env_open(environment, path, UInt32(flags), 0o600)
            if code == 0 { return environment }
            mdb_env_close(environment)
            if code != ENOMEM && code != EINVAL { break }
        }
        throw failure(code, at: path)
    }

    private static func tables(
        of environment: OpaquePointer, at path: String
    ) throws(LinuxFailure) -> [MDB_dbi] {
        var transaction: OpaquePointer?
        var code = mdb_txn_begin(environment, nil, 0, &transaction)
        if code != 0 { throw failure(code, at: path) }
        var tables: [MDB_dbi] = []
        for number in 0..<tableCount {
            var table: MDB_dbi = 0
            code = mdb_dbi_open(transaction, "table-\(number)", UInt32(MDB_CREATE), &table)
            guard code == 0 else {
                mdb_txn_abort(transaction)
                throw failure(code, at: path)
            }
            tables.append(table)
        }
        code = mdb_txn_commit(transaction)
        if code != 0 { throw failure(code, at: path) }
        return tables
    }

    /// Refuses a file that is shorter than its pages: to read beyond its end would be fatal.
    private static func checkLength(
        of environment: OpaquePointer, at path: String
    ) throws(LinuxFailure) {
        let expected = usedBytes(of: environment)
        var status = stat()
        guard stat(path + "/data.mdb", &status) == 0 else { throw .ofFile(path, code: errno) }
        guard status.st_size >= expected else {
            throw .damaged(
                path: path, reason: "found \(status.st_size) bytes, expected \(expected)")
        }
    }
}

/// Lends bytes to LMDB for the time of a call.
func withValue<Result>(_ bytes: [UInt8], _ body: (inout MDB_val) -> Result) -> Result {
    bytes.withUnsafeBytes { buffer in
        var value = MDB_val(
            mv_size: buffer.count, mv_data: UnsafeMutableRawPointer(mutating: buffer.baseAddress))
        return body(&value)
    }
}
