import CSQLite
import CSealedPages
import Glibc
import Machine
import Primitives

/// The file of the index: SQLite with its log, owned by one thread.
///
/// Commits are not synced, only checkpoints are: what a power cut takes, the node writes again.
final class IndexFile {
    /// Why statements were not carried out.
    enum Failure: Error {
        /// The file is not what was written.
        case damaged(String)
        /// They can be tried again.
        case failed(String)
        /// A question took too long.
        case tooLong
    }

    /// How long the questions of one asker may take.
    static let patience = Duration.seconds(3)
    /// How many bytes of pages are kept in memory.
    private static let cache = 32 << 20

    private var handle: OpaquePointer?
    private var prepared: [String: OpaquePointer] = [:]
    /// When a question is given up.
    private let end = UnsafeMutablePointer<ContinuousClock.Instant?>.allocate(capacity: 1)

    /// Opens the file, or makes it with a schema; throws `.damaged` if it holds something else.
    init(path: String, schema: String) throws(Failure) {
        end.initialize(to: nil)
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        // Whoever may read the file may know whom its owner watches.
        Glibc.close(Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600))
        guard Self.isSealing else { throw .failed("pages cannot be sealed") }
        try check(sqlite3_open_v2(path, &handle, flags, CSealedPagesName))
        do throws(Failure) {
            try prepare(schema)
        } catch {
            close()
            throw error
        }
    }

    deinit {
        close()
        end.deallocate()
    }

    private func close() {
        for statement in prepared.values { sqlite3_finalize(statement) }
        prepared = [:]
        sqlite3_close_v2(handle)
        handle = nil
    }

    private func prepare(_ schema: String) throws(Failure) {
        var reserve = CSealedPagesReserve
        try check(
            sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve))
        try run("PRAGMA page_size = 4096")
        try run("PRAGMA journal_mode = WAL")
        try run("PRAGMA synchronous = NORMAL")
        try run("PRAGMA wal_autocheckpoint = 4096")
        try run("PRAGMA cache_size = -\(Self.cache >> 10)")
        try run("PRAGMA trusted_schema = OFF")
        sqlite3_progress_handler(
            handle, 4_096,
            { pointer in
                let end = pointer?.assumingMemoryBound(to: ContinuousClock.Instant?.self).pointee
                return (end.flatMap { $0 }).map { ContinuousClock.now > $0 ? 1 : 0 } ?? 0
            }, end)
        try offer("sum256") { $0 &+ $1 }
        try offer("difference256") { $0 &- $1 }
        let version = Self.version(of: schema)
        let found = try rows(Statement("PRAGMA user_version"))
        if found == [[.integer(version)]] { return }
        let tables = try rows(Statement("SELECT count(*) FROM sqlite_schema"))
        guard tables == [[.integer(0)]] else { throw .damaged("it is of another version") }
        try run("BEGIN; \(schema); PRAGMA user_version = \(version); COMMIT")
    }

    /// Carries statements out, all or none.
    func write(_ statements: [Statement]) throws(Failure) {
        try run("BEGIN IMMEDIATE")
        do throws(Failure) {
            for statement in statements { try carryOut(statement) }
            try run("COMMIT")
        } catch {
            sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
            throw error
        }
    }

    /// Answers questions, all at one moment.
    func answers(to statements: [Statement]) throws(Failure) -> [[[Cell]]] {
        end.pointee = ContinuousClock.now.advanced(by: Self.patience)
        defer { end.pointee = nil }
        try run("BEGIN")
        defer { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
        var found: [[[Cell]]] = []
        for statement in statements { found.append(try rows(statement)) }
        return found
    }

    private func carryOut(_ statement: Statement) throws(Failure) {
        let compiled = try compiled(statement.sql)
        for row in statement.rows {
            defer { sqlite3_reset(compiled) }
            try bind(row, to: compiled)
            let code = sqlite3_step(compiled)
            guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure(code) }
        }
    }

    private func rows(_ statement: Statement) throws(Failure) -> [[Cell]] {
        let compiled = try compiled(statement.sql)
        defer { sqlite3_reset(compiled) }
        try bind(statement.rows.first ?? [], to: compiled)
        var rows: [[Cell]] = []
        while true {
            let code = sqlite3_step(compiled)
            if code == SQLITE_DONE { return rows }
            guard code == SQLITE_ROW else { throw failure(code) }
            rows.append((0..<sqlite3_column_count(compiled)).map { Self.cell(compiled, $0) })
        }
    }

    private func compiled(_ sql: String) throws(Failure) -> OpaquePointer? {
        if let known = prepared[sql] { return known }
        var statement: OpaquePointer?
        try check(
            sqlite3_prepare_v3(
                handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
        // The texts are the node's own, so there are few.
        prepared[sql] = statement
        return statement
    }

    private func bind(_ cells: [Cell], to statement: OpaquePointer?) throws(Failure) {
        for (index, cell) in cells.enumerated() {
            let place = Int32(index + 1)
            let code =
                switch cell {
                case .null: sqlite3_bind_null(statement, place)
                case .integer(let number): sqlite3_bind_int64(statement, place, number)
                case .text(let text):
                    sqlite3_bind_text(statement, place, text, -1, Self.transient)
                case .bytes([]): sqlite3_bind_zeroblob(statement, place, 0)
                case .bytes(let bytes):
                    sqlite3_bind_blob(
                        statement, place, bytes, Int32(clamping: bytes.count), Self.transient)
                }
            try check(code)
        }
    }

    private static func cell(_ statement: OpaquePointer?, _ column: Int32) -> Cell {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
        case SQLITE_TEXT:
            return sqlite3_column_text(statement, column).map { .text(String(cString: $0)) }
                ?? .null
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            return .bytes([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default: return .null
        }
    }

    private func run(_ sql: String) throws(Failure) {
        try check(sqlite3_exec(handle, sql, nil, nil, nil))
    }

    private func check(_ code: Int32) throws(Failure) {
        if code != SQLITE_OK { throw failure(code) }
    }

    private func failure(_ code: Int32) -> Failure {
        let reason = sqlite3_errmsg(handle).map { String(cString: $0) } ?? "code \(code)"
        switch code & 0xff {
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: return .damaged(reason)
        case SQLITE_IOERR where sqlite3_extended_errcode(handle) == Self.badSeal:
            return .damaged("a page is not what was written")
        case SQLITE_INTERRUPT: return .tooLong
        default: return .failed(reason)
        }
    }

    /// A number for the text of a schema, so that a file of another one is known (FNV-1a).
    private static func version(of schema: String) -> Int64 {
        let hash = schema.utf8.reduce(UInt32(0x811c_9dc5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        return Int64(hash >> 1)
    }

    /// Whether pages can have checksums.
    private static let isSealing = CSealedPagesRegister() != 0
    /// The code of a page whose checksum is another's (`SQLITE_IOERR_DATA`).
    private static let badSeal = SQLITE_IOERR | 32 << 8

    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}

extension IndexFile {
    /// Offers a function of two numbers of 32 bytes each to statements.
    private func offer(
        _ name: String, _ function: @escaping (UInt256, UInt256) -> UInt256
    ) throws(Failure) {
        let box = Unmanaged.passRetained(WordFunction(apply: function)).toOpaque()
        try check(
            sqlite3_create_function_v2(
                handle, name, 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, box,
                { context, _, arguments in
                    guard let arguments, let pointer = sqlite3_user_data(context) else { return }
                    let box = Unmanaged<WordFunction>.fromOpaque(pointer).takeUnretainedValue()
                    let words = [arguments[0], arguments[1]].map { argument in
                        let start = sqlite3_value_blob(argument)
                        let count = Int(sqlite3_value_bytes(argument))
                        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
                    }
                    guard let left = UInt256(bigEndian: words[0]),
                        let right = UInt256(bigEndian: words[1])
                    else { return sqlite3_result_error(context, "expected 32 bytes", -1) }
                    let sum = box.apply(left, right).bytes
                    sqlite3_result_blob(context, sum, Int32(sum.count), IndexFile.transient)
                }, nil, nil,
                { pointer in
                    guard let pointer else { return }
                    Unmanaged<WordFunction>.fromOpaque(pointer).release()
                }))
    }

    private final class WordFunction {
        let apply: (UInt256, UInt256) -> UInt256

        init(apply: @escaping (UInt256, UInt256) -> UInt256) {
            self.apply = apply
        }
    }
}
