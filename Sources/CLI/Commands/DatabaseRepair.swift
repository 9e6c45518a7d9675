import Ledger
import Linux
import Machine
import Primitives
import Store

/// `martlet db repair`: rebuilds what is damaged from what is not.
struct DatabaseRepair: Command {
    static let name = "db repair"
    static let summary = "rebuild what is damaged of a node's database from the rest"
    static let usage = """
        martlet db repair [--config=FILE] [--partial]

        Makes a new database of all that is readable, and rebuilds in it what follows from the rest:
        indices, the nodes of the state's tries, and receipts of blocks whose state is kept. If that
        is not enough, all blocks are executed again from the first one on. Only what is found whole
        is put in the place of the old file, which stays beside it as database/damaged.mdb. The node
        must not run.

        \(DatabasePlace.usage)
          --partial      where some blocks are lost: put in place what comes before them; the node
                         fetches the rest from its peers

        Exit code: 0 if the database is whole again, 1 if not; then it is as it was.
        """

    private let place: DatabasePlace
    private let isPartial: Bool

    init(_ arguments: inout Arguments) throws(UsageError) {
        place = try DatabasePlace(&arguments)
        isPartial = try arguments.flag("partial")
    }

    /// How many writes go to the disk at once.
    private static let batch = 8_192

    func run() throws { try place.exclusively { try repair() } }

    private func repair() throws {
        let draft = "\(place.data)/database.new"
        Database.remove(draft: draft)
        let genesis = try place.genesis
        do {
            let old = try Database(directory: place.data, isTolerant: true)
            let sick = try DatabaseSickness(of: old)
            for line in sick.lines { print(line) }
            let audit = ChainAudit(old.snapshot(), rules: genesis.rules)
            audit.tell()
            guard !sick.isNone || !audit.isSound else { return print("nothing is to be mended") }
            if audit.isMended {
                try copy(old, sick, audit.repairs)
                for line in sick.losses(isDevelopment: genesis.rules.isDevelopment) { print(line) }
            } else {
                try replay(old, genesis)
            }
        } catch {
            Database.remove(draft: draft)
            throw error
        }
        print("repaired; the old file is \(try Database.replace(directory: place.data))")
    }

    /// Makes a database of what is readable and what was rebuilt.
    private func copy(_ old: Database, _ sick: DatabaseSickness, _ repairs: [Write]) throws {
        let new = try Database(directory: place.data, name: "database.new")
        var batch: [Write] = []
        for table in Tables.all where !sick.torn.contains(table.number) {
            try old.walk(table) { (key, value) throws(LinuxFailure) in
                guard let value else { return }
                batch.append(Write(table, key, value))
                if batch.count == Self.batch {
                    try new.commit([batch])
                    batch = []
                }
            }
        }
        let oldest = sick.losesHistory ? new.snapshot().value(headKey, in: Tables.meta) : nil
        batch += repairs
        try new.commit([batch])
        if let head = oldest ?? (sick.losesHistory ? headOf(new) : nil) {
            // States that cannot be told from what is left are not read any more.
            let fact = Tables.Meta.oldestState.key
            try new.commit([[Write(Tables.meta, fact, Array(head.prefix(8)))]])
        }
        guard ChainAudit(new.snapshot(), rules: try place.rules).isSound else {
            throw Failure("what was rebuilt is not whole: nothing was changed")
        }
    }

    private var headKey: [UInt8] { Tables.Meta.head.key }

    private func headOf(_ database: Database) -> [UInt8]? {
        database.snapshot().value(headKey, in: Tables.meta)
    }

    /// Makes a database by executing the blocks of the old one from the first on.
    private func replay(_ old: Database, _ genesis: Genesis) throws {
        guard !genesis.rules.isDevelopment else {
            throw Failure(
                "what is lost cannot be rebuilt, for a development chain's state is not made by its"
                    + " blocks alone: nothing was changed")
        }
        print("executing the blocks again")
        let new = try Database(directory: place.data, name: "database.new")
        var replay = try ChainReplay(genesis, from: old, to: new)
        let end = try replay.run()
        guard end.isWhole || isPartial else {
            throw Failure(
                "block \(end.number + 1) is lost: --partial puts the \(end.number) blocks before it"
                    + " in place, and the node fetches the rest from its peers; nothing was changed"
            )
        }
        print("executed up to block \(end.number)")
    }
}

extension DatabaseSickness {
    /// Whether states of before the newest block cannot be read any more.
    var losesHistory: Bool {
        [Tables.accountHistory, Tables.storageHistory].contains {
            keys[$0.number] != nil || torn.contains($0.number)
        }
    }

    /// What is gone for good though the database is whole.
    func losses(isDevelopment: Bool) -> [String] {
        var lines: [String] = []
        func isLost(_ table: Machine::Table) -> Bool {
            keys[table.number] != nil || torn.contains(table.number)
        }
        if losesHistory { lines.append("states before the newest block cannot be read any more") }
        if isLost(Tables.certificates) { lines.append("some blocks cannot be given to peers") }
        if isDevelopment, isLost(Tables.undo) || isLost(Tables.snapshots) {
            lines.append("some snapshots cannot be gone back to")
        }
        if isDevelopment, isLost(Tables.names) {
            lines.append("the state cannot be dumped any more")
        }
        if isLost(Tables.sources) { lines.append("some sources must be verified again") }
        return lines
    }
}
