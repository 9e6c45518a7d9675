import Crypto
import Encoding
import Linux
import Machine
import Primitives
import Trie

/// What the root costs after many changes of a large state: all at once, and one after the other.
struct Roots {
    private let database: Database
    private let entries: Int
    private var root = Trie.emptyRoot

    /// How many keys a block changes.
    private static let changes = 10_000
    private static let table = Table(1)

    /// Builds a trie of so many entries in a database of its own, from the left to the right.
    init(entries: Int, in directory: String) throws {
        self.entries = entries
        database = try Database(directory: directory)
        let parts = max(1, entries / 50_000)
        // Each part has the keys whose first sixteen bits lie in its range.
        for part in 0..<parts {
            let keys = Roots.keys(of: part, parts, count: entries / parts)
            let changes = keys.map { TrieChange(key: NodePath($0), value: Roots.value($0.d)) }
            let update = try TrieUpdate(of: root, with: changes, from: Stored(database.snapshot()))
            root = update.root
            try database.commit([update.writes.map(Roots.write)])
        }
    }

    /// Measures both ways; a line of JSON with their nanoseconds.
    func measured() throws -> String {
        let parts = max(1, entries / 50_000)
        let step = max(1, entries / Roots.changes)
        var keys: [Hash32] = []
        for part in 0..<parts {
            let all = Roots.keys(of: part, parts, count: entries / parts)
            keys += stride(from: part % step, to: all.count, by: step).map { all[$0] }
        }
        let changes = keys.map { TrieChange(key: NodePath($0), value: Roots.value($0.c)) }
        var together: [Double] = []
        var single: [Double] = []
        for _ in 0..<9 {
            var start = Stages.clock
            let update = try TrieUpdate(of: root, with: changes, from: Stored(database.snapshot()))
            together.append(Stages.clock - start)
            start = Stages.clock
            var overlay = Overlaid(stored: Stored(database.snapshot()))
            var last = root
            for change in changes {
                let update = try TrieUpdate(of: last, with: [change], from: overlay)
                for write in update.writes { overlay.nodes[write.path] = write.node }
                last = update.root
            }
            single.append(Stages.clock - start)
            guard last == update.root else { throw Disagreement() }
        }
        let json = JSON.object([
            JSON.Member("entries", .integer(entries)),
            JSON.Member("changes", .integer(changes.count)),
            JSON.Member("together", .integer(Int(together.sorted()[4] * 1e9))),
            JSON.Member("oneByOne", .integer(Int(single.sorted()[4] * 1e9))),
        ])
        return json.line
    }

    /// The two ways gave two roots.
    private struct Disagreement: Error {}

    /// Keys in their order: hashes, pressed into the part's range.
    private static func keys(of part: Int, _ parts: Int, count: Int) -> [Hash32] {
        let messages = (0..<count).map { UInt256(part * count + $0).bytes }
        let width = UInt64.max / UInt64(parts)
        return Keccak256.hashes(of: messages).map {
            Hash32(a: width * UInt64(part) + $0.a % width, b: $0.b, c: $0.c, d: $0.d)
        }.sorted()
    }

    /// Bytes as long as an account's, of one number.
    private static func value(_ number: UInt64) -> [UInt8] {
        var writer = RLP.Writer(capacity: 80)
        writer.list { list in
            list.append(number & 0xffff)
            list.append(number)
            list.append(Trie.emptyRoot)
            list.append(Trie.emptyRoot)
        }
        return writer.bytes
    }

    private static func write(_ write: TrieUpdate.NodeWrite) -> Write {
        Write(table, write.path.key, write.node.isEmpty ? nil : write.node)
    }

    /// The nodes in the database.
    private struct Stored: NodeSource {
        let snapshot: any Snapshot

        init(_ snapshot: any Snapshot) { self.snapshot = snapshot }

        func node(at path: NodePath) -> [UInt8]? { snapshot.value(path.key, in: Roots.table) }
    }

    /// The nodes in the database, and those that changed since.
    private struct Overlaid: NodeSource {
        let stored: Stored
        var nodes: [NodePath: [UInt8]] = [:]

        func node(at path: NodePath) -> [UInt8]? { nodes[path] ?? stored.node(at: path) }
    }
}
