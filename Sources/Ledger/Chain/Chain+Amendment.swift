import Encoding
public import Machine
import Primitives
import Store
import Trie

/// What the operator of a development chain does beside its blocks (docs/decisions/0009).
///
/// Both work on the disk alone: the newest block must be there, and nothing after it in memory.
extension Chain {
    /// What to commit so that the newest state is another one from now on.
    ///
    /// The change counts as part of the newest block: states before that block stay as they were.
    public func amending(by diff: StateDiff) throws(ChainError) -> [Write] {
        let view = view
        let layer: StateLayer
        do throws(TrieError) {
            layer = try StateLayer(
                of: diff, on: view.state, root: view.stateRoot, number: head.number,
                keepsNames: true)
        } catch {
            throw .trie(error)
        }
        // What was before the newest block is known where the block or an amendment changed it.
        let histories = [Tables.accountHistory, Tables.storageHistory]
        let writes = layer.writes.filter { write in
            !histories.contains(write.table)
                || view.snapshot.value(write.key, in: write.table) == nil
        }
        let root = Tables.key(head.number) + layer.root.bytes
        return writes + [Write(Tables.meta, Tables.Meta.amendment.key, root)]
    }

    /// The root of the state after a block, where it was amended; `nil` if it was not.
    static func amendedRoot(of number: UInt64, in snapshot: any Snapshot) -> Hash32? {
        guard let bytes = snapshot.value(Tables.Meta.amendment.key, in: Tables.meta),
            bytes.count == 40, Tables.number(bytes) == number
        else { return nil }
        return Hash32(Array(bytes.suffix(32)))
    }

    /// What takes writes back that are about to be committed: what the disk holds in their places.
    public func undo(of writes: [Write]) -> [Write] {
        let snapshot = disk.snapshot()
        var seen: Set<UndoKey> = []
        var undo: [Write] = []
        for write in writes where seen.insert(UndoKey(table: write.table, key: write.key)).inserted
        {
            undo.append(
                Write(write.table, write.key, snapshot.value(write.key, in: write.table)))
        }
        return undo
    }

    private struct UndoKey: Hashable {
        let table: Table
        let key: [UInt8]
    }

    /// What to commit so that nothing is left of the chain, and another one begins.
    public func beginningAnew(as genesis: Genesis) throws(ChainError) -> [Write] {
        let snapshot = disk.snapshot()
        var writes: [Write] = []
        for table in Tables.all {
            writes += snapshot.entries(startingWith: [], in: table)
                .map { Write(table, $0.key, nil) }
        }
        let (_, first) = try Chain.open(EmptyDisk(), genesis: genesis)
        return writes + first
    }
}

/// A disk on which nothing is.
struct EmptyDisk: Disk, Snapshot {
    func snapshot() -> any Snapshot { self }
    func value(_ key: [UInt8], in table: Table) -> [UInt8]? { nil }
    func entries(from start: [UInt8], in table: Table, limit: Int) -> [Entry] { [] }
    func last(in table: Table) -> Entry? { nil }
}

extension ChainView {
    /// The root of the state after the newest block, amendments counted in.
    var stateRoot: Hash32 {
        guard rules.isDevelopment else { return head.stateRoot }
        return Chain.amendedRoot(of: head.number, in: snapshot) ?? head.stateRoot
    }
}

/// Writes as they are kept, to be made later.
public enum KeptWrites {
    /// Writes them down: a list of `[table, key, value]`, or `[table, key]` where the key goes.
    public static func encode(_ writes: [Write]) -> [UInt8] {
        RLP.encode(
            .list(
                writes.map { write in
                    .list(
                        [.number(UInt64(write.table.number)), .bytes(write.key)]
                            + (write.value.map { [.bytes($0)] } ?? []))
                }))
    }

    /// Reads them; `nil` if the bytes are damaged.
    public static func decode(_ bytes: [UInt8]) -> [Write]? {
        guard let rows = try? RLP.decode(bytes).list("writes") else { return nil }
        var writes: [Write] = []
        for row in rows {
            guard let fields = try? row.list("write"), (2...3).contains(fields.count),
                let table = try? fields[0].number64("table"), table < 32,
                let key = try? fields[1].bytes("key")
            else { return nil }
            let value = fields.count == 3 ? try? fields[2].bytes("value") : nil
            guard fields.count == 2 || value != nil else { return nil }
            writes.append(Write(Table(UInt8(table)), key, value))
        }
        return writes
    }
}
