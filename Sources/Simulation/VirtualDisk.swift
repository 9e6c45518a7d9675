public import Machine
public import Primitives

/// A disk in memory that keeps what was synced, and at a crash some of what was not.
///
/// It is a reference, as a real disk is: a node holds on to it and asks it for snapshots.
public final class VirtualDisk: Disk, @unchecked Sendable {
    // Unchecked, for a world lives on one thread; snapshots are values.
    private var tables = [OrderedTable](repeating: OrderedTable(), count: 32)
    private var log: [UInt8] = []
    private var entries = Pending<Logged>()
    private var batches = Pending<Batch>()
    /// Whether there is no room: then nothing more is synced.
    public var isFull = false

    private enum Logged {
        case append(Ticket, [UInt8])
        case replace(Ticket, [UInt8])
    }

    private struct Batch {
        let ticket: Ticket
        let writes: [Write]
    }

    /// What was asked for and is not yet synced, the oldest first.
    private struct Pending<Element> {
        private var elements: [Element] = []
        private var first = 0

        var count: Int { elements.count - first }

        mutating func add(_ element: Element) { elements.append(element) }

        mutating func next() -> Element? {
            guard first < elements.count else { return nil }
            defer {
                first += 1
                if first == elements.count { self = Pending() }
            }
            return elements[first]
        }
    }

    /// Creates an empty disk.
    public init() {}

    /// The database as it is now.
    public func snapshot() -> any Snapshot {
        VirtualSnapshot(tables: tables)
    }

    /// What a node finds that starts now.
    public var recovered: Recovered { Recovered(disk: self, log: log) }

    /// Takes bytes for the log in; `syncLog` makes them last.
    public func append(_ bytes: [UInt8], for ticket: Ticket) {
        entries.add(.append(ticket, bytes))
    }

    /// Takes bytes for the whole log in; `syncLog` makes them last.
    public func replace(with bytes: [UInt8], for ticket: Ticket) {
        entries.add(.replace(ticket, bytes))
    }

    /// Takes writes in; `syncDatabase` makes them last.
    public func commit(_ writes: [Write], for ticket: Ticket) {
        batches.add(Batch(ticket: ticket, writes: writes))
    }

    /// Syncs the oldest change of the log, and returns its ticket; `nil` if there is no room.
    public func syncLog() -> Ticket? {
        if isFull { return nil }
        switch entries.next() {
        case .append(let ticket, let bytes)?:
            log += bytes
            return ticket
        case .replace(let ticket, let bytes)?:
            log = bytes
            return ticket
        case nil: return nil
        }
    }

    /// Syncs the oldest batch, and returns its ticket; `nil` if there is no room.
    public func syncDatabase() -> Ticket? {
        guard !isFull, let batch = batches.next() else { return nil }
        for write in batch.writes { tables[Int(write.table.number)].set(write.key, write.value) }
        return batch.ticket
    }

    /// Syncs all: what a node that stops by itself leaves.
    public func syncAll() {
        while syncLog() != nil {}
        while syncDatabase() != nil {}
    }

    /// Ends a life: of what was not synced, chance keeps some, and may tear the next log entry.
    ///
    /// The log and the database each keep a prefix; a batch is kept whole or not at all.
    public func crash(by chance: inout Random) {
        for _ in 0..<Int(chance.next() % UInt64(entries.count + 1)) { _ = syncLog() }
        for _ in 0..<Int(chance.next() % UInt64(batches.count + 1)) { _ = syncDatabase() }
        if case .append(_, let bytes)? = entries.next(), chance.next() & 1 == 0 {
            log += bytes.prefix(Int(chance.next() % UInt64(bytes.count + 1)))
        }
        entries = Pending()
        batches = Pending()
    }

    /// Turns one bit of the log over, as old disks do.
    public func corruptLog(by chance: inout Random) {
        guard !log.isEmpty else { return }
        log[Int(chance.next() % UInt64(log.count))] ^= 1 << UInt8(chance.next() & 7)
    }
}

/// The virtual database at one moment.
struct VirtualSnapshot: Snapshot {
    let tables: [OrderedTable]

    func value(_ key: [UInt8], in table: Table) -> [UInt8]? {
        tables[Int(table.number)].value(key)
    }

    func entries(from start: [UInt8], in table: Table, limit: Int) -> [Entry] {
        tables[Int(table.number)].entries(from: start, limit: limit)
    }

    func last(in table: Table) -> Entry? {
        tables[Int(table.number)].last
    }
}
