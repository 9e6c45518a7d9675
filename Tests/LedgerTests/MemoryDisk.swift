import Machine
import Synchronization

/// A disk in memory that never fails, for tests of what is read and written.
final class MemoryDisk: Disk {
    private let tables = Mutex<[Table: [[UInt8]: [UInt8]]]>([:])

    func snapshot() -> any Snapshot { MemorySnapshot(tables: tables.withLock { $0 }) }

    func commit(_ writes: [Write]) {
        tables.withLock { tables in
            for write in writes { tables[write.table, default: [:]][write.key] = write.value }
        }
    }

    /// Everything there is, sorted, to compare two disks.
    var contents: [Entry] {
        tables.withLock { tables in
            tables.sorted { $0.key.number < $1.key.number }.flatMap { table, entries in
                entries.map { Entry(key: [table.number] + $0.key, value: $0.value) }
                    .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            }
        }
    }
}

/// What a disk in memory held at one moment.
struct MemorySnapshot: Snapshot {
    let tables: [Table: [[UInt8]: [UInt8]]]

    func value(_ key: [UInt8], in table: Table) -> [UInt8]? { tables[table]?[key] }

    func entries(from start: [UInt8], in table: Table, limit: Int) -> [Entry] {
        let found = (tables[table] ?? [:]).filter { !$0.key.lexicographicallyPrecedes(start) }
        return found.sorted { $0.key.lexicographicallyPrecedes($1.key) }.prefix(limit)
            .map { Entry(key: $0.key, value: $0.value) }
    }

    func last(in table: Table) -> Entry? {
        tables[table]?.max { $0.key.lexicographicallyPrecedes($1.key) }
            .map { Entry(key: $0.key, value: $0.value) }
    }
}
