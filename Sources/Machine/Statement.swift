/// A value in a row of the index.
public enum Cell: Hashable, Sendable {
    /// None.
    case null
    /// A whole number.
    case integer(Int64)
    /// Text.
    case text(String)
    /// Bytes.
    case bytes([UInt8])
}

/// A statement of SQL, and the values for its places: it is carried out once for each row.
///
/// The index is a database beside the database: it holds nothing that the chain does not tell, and
/// may be lost. What its tables are, and what is asked of them, is logic; the driver only carries out.
public struct Statement: Hashable, Sendable {
    /// The text, with `?` for each value.
    public let sql: String
    /// The values, row by row.
    public let rows: [[Cell]]

    /// Creates a statement that is carried out for each of some rows.
    public init(_ sql: String, rows: [[Cell]]) {
        self.sql = sql
        self.rows = rows
    }

    /// Creates a statement that is carried out once.
    public init(_ sql: String, _ cells: Cell...) {
        self.init(sql, rows: [cells])
    }
}

/// What came of statements.
public enum Found: Hashable, Sendable {
    /// The rows that each statement gave, in their order; of one that changes, none.
    case rows([[[Cell]]])
    /// The file was missing or damaged: an empty one is in its place, and nothing was carried out.
    case lost(String)
    /// Nothing was carried out.
    case failed(String)
    /// A question took longer than it may.
    case tooLong
}

/// A program of the machine's, to be run once with bounds on what it may take.
public struct Program: Hashable, Sendable {
    /// Its path, or a name to be looked for where the operator's shell would.
    public let path: String
    /// The words after it.
    public let arguments: [String]
    /// Files that it finds in its folder, which is made for it: names without a slash.
    public let files: [File]
    /// How long it may run.
    public let duration: Duration
    /// How many bytes of memory it may take.
    public let memory: Int
    /// How many bytes it may say.
    public let output: Int

    /// A file that a program finds.
    public struct File: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// What is in it.
        public let bytes: [UInt8]

        /// Creates a file.
        public init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// Creates a program to be run.
    public init(
        _ path: String, _ arguments: [String], files: [File], duration: Duration, memory: Int,
        output: Int
    ) {
        self.path = path
        self.arguments = arguments
        self.files = files
        self.duration = duration
        self.memory = memory
        self.output = output
    }
}

/// What came of a program.
public enum ProgramEnd: Hashable, Sendable {
    /// It ended by itself.
    case ended(code: Int32, output: [UInt8], errors: [UInt8])
    /// It was ended, for it took more time or said more than it may.
    case exceeded(String)
    /// It cannot be started.
    case missing(String)
}
