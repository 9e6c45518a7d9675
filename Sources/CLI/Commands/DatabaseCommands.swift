import Encoding
import Ledger
import Linux
import Machine
import Node
import Store

/// The database that a `db` command is about: that of a node, which must not run.
struct DatabasePlace {
    /// The node's folder of data.
    let data: String
    /// The file of the chain's beginning.
    private let genesisFile: String

    static let usage = """
          --config=FILE  the node's file of settings; .martlet/node-0/config, unless told otherwise
        """

    init(_ arguments: inout Arguments) throws(UsageError) {
        let path = try arguments.value("config", as: String.self) ?? ".martlet/node-0/config"
        do {
            let settings = try Node::Configuration(file: path)
            (data, genesisFile) = (settings.data, settings.genesis)
        } catch {
            throw .file("\(error)")
        }
    }

    /// The rules of its chain.
    var rules: ChainRules { get throws { try genesis.rules } }

    /// The beginning of its chain.
    var genesis: Genesis { get throws { try Genesis(file: genesisFile) } }

    /// Takes the folder for this process alone, does something, and gives it back.
    func exclusively(_ body: () throws -> Void) throws {
        guard Files.exists("\(data)/database/data.mdb") else {
            throw Failure("\(data) holds no database")
        }
        let lock = try DirectoryLock(data)
        try body()
        _ = consume lock
    }
}

/// `martlet db stats`: what takes how much room.
struct DatabaseStats: Command {
    static let name = "db stats"
    static let summary = "show what of a node's database takes how much room"
    static let usage = """
        martlet db stats [--config=FILE] [--json]

        Tells how many entries each table has and what it takes, how much of the file is free, and
        how large that is. The node must not run.

        \(DatabasePlace.usage)
          --json         prints it as JSON
        """

    private let place: DatabasePlace
    private let isJSON: Bool

    init(_ arguments: inout Arguments) throws(UsageError) {
        place = try DatabasePlace(&arguments)
        isJSON = try arguments.flag("json")
    }

    func run() throws {
        try place.exclusively {
            let found = try Database(directory: place.data).statistics()
            if isJSON { return tellJSON(found) }
            for part in found.parts {
                let name = CLI::Table.padded(Tables.name(of: part.table), to: 16)
                print(name + "\(part.entries) entries, \(part.bytes) bytes")
            }
            let free = found.freePages * found.pageSize
            print(
                CLI::Table.padded("file", to: 16)
                    + "\(found.fileBytes) bytes, \(free) of them free"
                    + " (\(found.freePages) of \(found.pages) pages)")
        }
    }

    private func tellJSON(_ found: DatabaseStatistics) {
        let json: JSON = [
            "tables": .array(
                found.parts.map { part in
                    [
                        "table": .integer(part.table), "name": .string(Tables.name(of: part.table)),
                        "entries": .integer(part.entries), "bytes": .integer(part.bytes),
                    ]
                }),
            "pageSize": .integer(found.pageSize), "pages": .integer(found.pages),
            "freePages": .integer(found.freePages), "fileBytes": .integer(found.fileBytes),
        ]
        print(String(decoding: json.encoded(.pretty), as: UTF8.self))
    }
}

/// `martlet db compact`: gives what is free of the file back to the disk.
struct DatabaseCompact: Command {
    static let name = "db compact"
    static let summary = "give what is free of a node's database back to the disk"
    static let usage = """
        martlet db compact [--config=FILE]

        Writes the database anew without what is free in it, and puts that in the place of the file
        at once. Until then all stays as it was: whatever is ended, and if the disk gets full. The
        node must not run; at its start it does this by itself when more than half is free.

        \(DatabasePlace.usage)
        """

    private let place: DatabasePlace

    init(_ arguments: inout Arguments) throws(UsageError) {
        place = try DatabasePlace(&arguments)
    }

    func run() throws {
        try place.exclusively {
            let (before, after) = try Database.compact(directory: place.data)
            print("\(before) bytes before, \(after) bytes now")
        }
    }
}

/// `martlet db check`: whether a database is what the chain commits to.
struct DatabaseCheck: Command {
    static let name = "db check"
    static let summary = "check every value of a node's database against the chain"
    static let usage = """
        martlet db check [--config=FILE]

        Reads every value, whose hash lies beside it; goes from the newest block to the oldest by
        the hashes that headers name, and compares bodies, receipts and indices with them; and
        computes the newest state's root anew, with every account's storage and code. Changes
        nothing. The node must not run. Takes some hundred bytes of memory for each account.

        \(DatabasePlace.usage)

        Exit code: 0 if all is as it must be, 1 if not; martlet db repair mends it.
        """

    private let place: DatabasePlace

    init(_ arguments: inout Arguments) throws(UsageError) {
        place = try DatabasePlace(&arguments)
    }

    func run() throws {
        try place.exclusively {
            let database = try Database(directory: place.data, isTolerant: true)
            let sick = try DatabaseSickness(of: database)
            for line in sick.lines { print(line) }
            let audit = ChainAudit(database.snapshot(), rules: try place.rules)
            audit.tell()
            guard sick.isNone, audit.isSound else {
                throw Failure("the database is damaged: martlet db repair mends what it can")
            }
        }
    }
}

/// The values of a database that are not what was written.
struct DatabaseSickness {
    /// The unreadable keys of each table that has some.
    private(set) var keys: [UInt8: [[UInt8]]] = [:]
    /// The tables whose pages are damaged.
    private(set) var torn: [UInt8] = []

    init(of database: Database) throws {
        for table in Tables.all {
            do {
                try database.walk(table) { (key, value) throws(LinuxFailure) in
                    if value == nil { keys[table.number, default: []].append(key) }
                }
            } catch LinuxFailure.damaged {
                torn.append(table.number)
            }
        }
    }

    var isNone: Bool { keys.isEmpty && torn.isEmpty }

    /// What is wrong, table by table.
    var lines: [String] {
        let lost = keys.sorted { $0.key < $1.key }.map { table, keys in
            "\(Tables.name(of: table)): \(keys.count) unreadable, the first under "
                + Hex.encode(keys.first ?? [])
        }
        return lost + torn.map { "\(Tables.name(of: $0)): its pages are damaged" }
    }
}

extension ChainAudit {
    /// Says what was found.
    func tell() {
        for finding in findings {
            print("\(finding)\(finding.isMended ? " (can be rebuilt)" : "")")
        }
        if further > 0 { print("and \(further) more") }
        print(
            "looked at \(blockCount) blocks up to \(head.map(String.init) ?? "?"),"
                + " \(accountCount) accounts and \(slotCount) slots")
    }
}
