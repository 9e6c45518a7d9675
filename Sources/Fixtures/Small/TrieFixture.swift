import Crypto
import Encoding
import Primitives
import Trie

/// The cases of a trie test: entries, some of them taken out again, and the root.
///
/// Each is built whole, entry by entry, and, where the order is free, from the last to the first.
enum TrieFixture {
    static func run(_ test: JSON.Member, in path: String) -> CaseResult {
        CaseResult(name: test.name) {
            let isHashed = path.lowercased().contains("secure")
            let given = test.value["in"]
            var changes: [TrieChange] = []
            for entry in given?.elements ?? [] {
                changes.append(try change(entry[0]?.text, entry[1]?.text, isHashed))
            }
            for member in given?.members ?? [] {
                changes.append(try change(member.name, member.value.text, isHashed))
            }
            let root = try test.value["root"].hash("root")
            var orders = [changes]
            if given?.members != nil { orders.append(changes.reversed()) }
            for order in orders {
                let found = try grown(order)
                if found != root { return "root \(found), expected \(root)" }
            }
            let whole = Trie.root(of: rest(changes))
            return whole == root ? nil : "root \(whole) as a whole, expected \(root)"
        }
    }

    /// Keys, and for each of some others the nearest before it and after it; no text for none.
    static func neighbours(_ test: JSON.Member) -> CaseResult {
        CaseResult(name: test.name) {
            let keys = try test.value["in"].values.map { try path($0.text) }.sorted()
            for line in test.value["tests"].values {
                let key = try path(line[0]?.text)
                let found = [keys.last { $0 < key }, keys.first { $0 > key }]
                let expected = try [line[1], line[2]].map { try path($0?.text) }
                if found.map({ $0 ?? .root }) != expected {
                    return "around \(line[0]?.text ?? ""): \(found), expected \(expected)"
                }
            }
            return nil
        }
    }

    private static func path(_ text: String?) throws(FixtureError) -> NodePath {
        guard let path = text.flatMap({ NodePath(bytes: Array($0.utf8)) }) else {
            throw FixtureError("a key is missing, or too long")
        }
        return path
    }

    private static func change(
        _ key: String?, _ value: String?, _ isHashed: Bool
    ) throws(FixtureError) -> TrieChange {
        guard let key else { throw FixtureError("an entry without a key") }
        let bytes = try bytes(key)
        let path = isHashed ? keccak256(bytes).bytes : bytes
        guard let path = NodePath(bytes: path) else { throw FixtureError("too long a key") }
        guard let value else { return TrieChange(key: path, value: nil) }
        return TrieChange(key: path, value: try TrieFixture.bytes(value))
    }

    private static func bytes(_ text: String) throws(FixtureError) -> [UInt8] {
        text.hasPrefix("0x") ? try JSON?(.string(text)).bytes("entry") : Array(text.utf8)
    }

    /// The root after one change after another.
    private static func grown(_ changes: [TrieChange]) throws -> Hash32 {
        var nodes = NodeTable()
        var root = Trie.emptyRoot
        for change in changes {
            let update = try TrieUpdate(of: root, with: [change], from: nodes)
            for write in update.writes { nodes.nodes[write.path] = write.node }
            root = update.root
        }
        return root
    }

    /// The entries that are left in the end.
    private static func rest(_ changes: [TrieChange]) -> [TrieChange] {
        var last: [NodePath: [UInt8]] = [:]
        for change in changes { last[change.key] = change.value }
        return last.map { TrieChange(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
    }
}

/// The nodes of a trie in memory.
private struct NodeTable: NodeSource {
    var nodes: [NodePath: [UInt8]] = [:]

    func node(at path: NodePath) -> [UInt8]? {
        guard let node = nodes[path], !node.isEmpty else { return nil }
        return node
    }
}
