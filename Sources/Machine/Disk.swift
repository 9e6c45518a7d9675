/// An ordered map on disk that can be read at one moment; writes are effects.
///
/// This is the one exception to "no I/O in logic": a read is a function of a moment and a key, it
/// changes nothing, and in the simulator it is the virtual disk's to answer.
public protocol Disk: Sendable {
    /// The database as it is now; later commits do not show in it. Cheap, and to be let go soon.
    func snapshot() -> any Snapshot
}

/// The database at one moment; may be read from any worker.
public protocol Snapshot: Sendable {
    /// The value of a key; `nil` if there is none.
    func value(_ key: [UInt8], in table: Table) -> [UInt8]?

    /// Entries in the order of their keys, from the first key not less than `start`, at most `limit`.
    func entries(from start: [UInt8], in table: Table, limit: Int) -> [Entry]

    /// The entry with the greatest key; `nil` if the table is empty.
    func last(in table: Table) -> Entry?
}

/// A table of the database, by number; the numbers are given out in `Store/Tables.swift`.
public struct Table: Hashable, Sendable {
    /// The number, less than 32.
    public let number: UInt8

    /// Creates a table by its number.
    public init(_ number: UInt8) {
        self.number = number
    }
}

/// A key and its value.
public struct Entry: Hashable, Sendable {
    /// The key: 1 to 500 bytes.
    public let key: [UInt8]
    /// The value.
    public let value: [UInt8]

    /// Creates an entry.
    public init(key: [UInt8], value: [UInt8]) {
        self.key = key
        self.value = value
    }
}

/// One change of the database; later writes of a batch win over earlier ones.
public struct Write: Hashable, Sendable {
    /// The table.
    public let table: Table
    /// The key: 1 to 500 bytes.
    public let key: [UInt8]
    /// The new value; `nil` takes the key out.
    public let value: [UInt8]?

    /// Creates a write.
    public init(_ table: Table, _ key: [UInt8], _ value: [UInt8]?) {
        self.table = table
        self.key = key
        self.value = value
    }
}

/// What a node finds when it starts: the disk, and the log as it was left.
public struct Recovered: Sendable {
    /// The database.
    public let disk: any Disk
    /// The log's bytes; the last record may be torn.
    public let log: [UInt8]

    /// Creates what is found.
    public init(disk: any Disk, log: [UInt8]) {
        self.disk = disk
        self.log = log
    }
}
