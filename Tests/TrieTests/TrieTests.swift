import Primitives
import Testing
import Trie

/// One trie's nodes in memory.
struct MemoryNodes: NodeSource {
    var nodes: [NodePath: [UInt8]] = [:]

    func node(at path: NodePath) -> [UInt8]? { nodes[path] }

    mutating func take(_ update: TrieUpdate) {
        for write in update.writes { nodes[write.path] = write.node.isEmpty ? nil : write.node }
    }
}

/// A map, and the trie that should always agree with it.
struct Twin {
    var map: [NodePath: [UInt8]] = [:]
    var bytes: [NodePath: [UInt8]] = [:]
    var trie = MemoryNodes()
    var root = Trie.emptyRoot

    mutating func apply(_ changes: [(key: [UInt8], value: [UInt8]?)]) throws {
        var latest: [NodePath: [UInt8]?] = [:]
        for change in changes {
            let path = try #require(NodePath(bytes: change.key))
            latest[path] = .some(change.value)
            map[path] = change.value
            bytes[path] = change.key
        }
        let sorted = latest.map { TrieChange(key: $0.key, value: $0.value) }
            .sorted { $0.key < $1.key }
        let update = try TrieUpdate(of: root, with: sorted, from: trie)
        trie.take(update)
        root = update.root
    }

    var expectedRoot: Hash32 {
        ReferenceTrie.root(of: map.map { (key: bytes[$0.key] ?? [], value: $0.value) })
    }
}

@Suite struct TrieTests {
    @Test(
        "an updated trie has the root of the whole map, and leaves no stray node", arguments: 0..<60
    )
    func updates(seed: UInt64) throws {
        var random = Random(seed: seed)
        // Keys of few distinct bytes share long beginnings, and short ones are others' beginnings.
        let alphabet: [UInt8] = [0x00, 0x01, 0x10, 0x11, 0xf0]
        let isSecure = seed % 3 == 0
        var twin = Twin()
        for round in 0..<12 {
            // An update that takes nothing out goes another way than one that does.
            let isTaking = Bool.random(using: &random)
            var changes: [(key: [UInt8], value: [UInt8]?)] = []
            // Now and then more than are hashed at once.
            let most = round % 6 == 5 && seed % 4 == 1 ? 2_000 : 30
            for _ in 0..<Int.random(in: 1...most, using: &random) {
                let count = isSecure ? 32 : Int.random(in: 1...4, using: &random)
                var key = (0..<min(count, 4)).map { _ in
                    alphabet.randomElement(using: &random) ?? 0
                }
                if isSecure { key += [UInt8](repeating: 7, count: 28) }
                let length = [1, 3, 30, 80][Int.random(in: 0..<4, using: &random)]
                let fill = UInt8.random(in: 1...255, using: &random)
                let isGone = isTaking && Bool.random(using: &random)
                changes.append((key, isGone ? nil : [UInt8](repeating: fill, count: length)))
            }
            try twin.apply(changes)
            #expect(twin.root == twin.expectedRoot)
            // Built anew from the same map there must be the same nodes and no others.
            let fresh = try TrieUpdate(
                of: Trie.emptyRoot,
                with: twin.map.map { TrieChange(key: $0.key, value: $0.value) }
                    .sorted { $0.key < $1.key }, from: MemoryNodes())
            var nodes = MemoryNodes()
            nodes.take(fresh)
            #expect(nodes.nodes == twin.trie.nodes)
        }
    }

    @Test("changes that change nothing write nothing")
    func nothing() throws {
        var twin = Twin()
        try twin.apply([([1, 2], [5]), ([1, 3], [6]), ([0x40], [7])])
        let same = try TrieUpdate(
            of: twin.root,
            with: [
                TrieChange(key: try #require(NodePath(bytes: [1, 2])), value: [5]),
                TrieChange(key: try #require(NodePath(bytes: [1, 0x20])), value: nil),
                TrieChange(key: try #require(NodePath(bytes: [9, 9])), value: nil),
            ], from: twin.trie)
        #expect(same.root == twin.root)
        #expect(same.writes.isEmpty)
    }

    @Test("a missing or damaged node is told by its path")
    func damage() throws {
        var twin = Twin()
        try twin.apply(
            (0..<40).map { ([UInt8($0), 1], [UInt8](repeating: UInt8($0) + 1, count: 40)) })
        let change = [TrieChange(key: try #require(NodePath(bytes: [3, 1])), value: [9])]
        var holed = twin.trie
        holed.nodes[.root] = nil
        #expect(throws: TrieError.missing(.root)) {
            try TrieUpdate(of: twin.root, with: change, from: holed)
        }
        // A branch where no key is as deep, and a leaf that ends deeper than any key.
        let deep = try #require(NodePath(bytes: [3]))
        holed.nodes[.root] = twin.trie.nodes[.root]
        holed.nodes[deep] = [0xe2, 0xa1, 0x20] + [UInt8](repeating: 7, count: 32) + [0x09]
        #expect(throws: TrieError.self) {
            try TrieUpdate(of: twin.root, with: change, from: holed)
        }
        holed.nodes[.root] = [0xc1, 0x80]
        #expect(throws: TrieError.damaged(.root)) {
            try TrieUpdate(of: twin.root, with: change, from: holed)
        }
    }

    @Test("paths cut, join and compare as lists of nibbles do", arguments: 0..<50)
    func paths(seed: UInt64) throws {
        var random = Random(seed: seed)
        let left = (0..<Int.random(in: 0...64, using: &random)).map { _ in
            UInt8.random(in: 0...3, using: &random)
        }
        let right = (0..<Int.random(in: 0...(64 - left.count), using: &random)).map { _ in
            UInt8.random(in: 0...3, using: &random)
        }
        func path(_ nibbles: some Sequence<UInt8>) -> NodePath {
            nibbles.reduce(into: NodePath()) { $0.append($1) }
        }
        #expect(path(left).appending(path(right)) == path(left + right))
        for cut in 0...left.count {
            #expect(path(left).dropFirst(cut) == path(left.dropFirst(cut)))
            #expect(path(left).prefix(cut) == path(left.prefix(cut)))
            let shared = zip(left.dropFirst(cut), right).prefix { $0 == $1 }.count
            #expect(path(left).agreement(from: cut, with: path(right)) == shared)
        }
        #expect((path(left) < path(right)) == left.lexicographicallyPrecedes(right))
    }
}
