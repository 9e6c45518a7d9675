import Crypto
public import Primitives

/// Where the nodes of one trie are found.
public protocol NodeSource {
    /// The stored bytes of the node at a path; `nil` if none is stored there.
    func node(at path: NodePath) -> [UInt8]?
}

/// What can be wrong with a stored trie: the database is damaged.
public enum TrieError: Error, Hashable, Sendable {
    /// A node that its parent names is not stored.
    case missing(NodePath)
    /// What is stored is no node.
    case damaged(NodePath)
}

/// A new value for a key; `nil` takes it out.
public struct TrieChange: Sendable {
    /// The key: at most 64 nibbles.
    public let key: NodePath
    /// The value, not empty.
    public let value: [UInt8]?

    /// Creates a change.
    public init(key: NodePath, value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}

/// What becomes of a trie when a batch of changes goes into it.
///
/// Nodes are stored under their paths, so an update overwrites what it replaces, and nothing is
/// left behind that would have to be found and thrown away.
public struct TrieUpdate: Sendable {
    /// One change of the stored nodes.
    public struct NodeWrite: Sendable {
        /// Where.
        public let path: NodePath
        /// The node's bytes; empty if nothing is stored there any more.
        public internal(set) var node: [UInt8]
    }

    /// The root afterwards.
    public let root: Hash32
    /// The changes of the stored nodes, no path twice.
    public let writes: [NodeWrite]

    /// Computes an update: the changes must be sorted by key, no key twice.
    ///
    /// Reads each node on the way to a changed key once, and hashes each changed node once.
    public init(
        of root: Hash32, with changes: [TrieChange], from source: any NodeSource
    ) throws(TrieError) {
        var updater = Updater(changes: changes, source: source)
        let isEmpty = root == Trie.emptyRoot
        let old = isEmpty ? nil : try updater.load(.root)
        switch try updater.apply(0..<changes.count, to: old, at: .root) {
        case .unchanged: self.root = root
        case .changed(nil):
            self.root = Trie.emptyRoot
            updater.erase(.root)
        case .changed(let node?):
            updater.write(node, node.encoded, at: .root)
            self.root = updater.hashed() ?? Trie.emptyRoot
        case .written: self.root = updater.hashed() ?? Trie.emptyRoot
        }
        writes = updater.remaining
    }
}

/// One update under way.
struct Updater {
    /// What becomes of the part of the trie below a path.
    enum Outcome {
        /// It stays as it is.
        case unchanged
        /// It is another, not stored yet, since its parent may swallow it; `nil` if empty.
        case changed(Node?)
        /// It is a branch, and this one of the writes already.
        case written(Int)
    }

    let changes: [TrieChange]
    let source: any NodeSource
    var writes: [TrieUpdate.NodeWrite] = []
    /// For each write the one that names it, and where in there its hash belongs.
    var parents: [(index: Int, offset: Int)] = []
    /// The writes that came to nothing.
    var voids: [Int] = []
    /// The writes to be hashed, by their depth: empty but while that is done.
    var levels = [[Int]](repeating: [], count: 65)
    /// How many writes are hashed.
    var hashedCount = 0
    /// Whether nothing is taken out: then each branch stays one, and is written while it is met.
    let isGrowing: Bool

    init(changes: [TrieChange], source: any NodeSource) {
        self.changes = changes
        self.source = source
        isGrowing = changes.allSatisfy { $0.value != nil }
    }

    /// The writes without those that came to nothing.
    var remaining: [TrieUpdate.NodeWrite] {
        voids.isEmpty
            ? writes : writes.indices.filter { !voids.contains($0) }.map { writes[$0] }
    }

    func load(_ path: NodePath) throws(TrieError) -> Node {
        guard let bytes = source.node(at: path) else { throw .missing(path) }
        return try node(bytes, at: path)
    }

    /// Reads a node; what lies deeper than any key is damage, too.
    private func node(_ bytes: [UInt8], at path: NodePath) throws(TrieError) -> Node {
        guard let node = Node(bytes), path.count + node.leastDepth <= 64 else {
            throw .damaged(path)
        }
        return node
    }

    func resolve(_ reference: Node.Reference, at path: NodePath) throws(TrieError) -> Node? {
        switch reference {
        case .none: return nil
        case .hash: return try load(path)
        case .inline(let bytes): return try node(bytes, at: path)
        case .pending(let index): return try node(writes[index].node, at: path)
        }
    }

    /// Applies the changes in a range, whose keys all start with the path, to the node there.
    mutating func apply(
        _ range: Range<Int>, to node: Node?, at path: NodePath
    ) throws(TrieError) -> Outcome {
        guard !range.isEmpty else { return .unchanged }
        switch node {
        case nil:
            let new = changes[range].filter { $0.value != nil }
            return new.isEmpty ? .unchanged : .changed(build(new[...], at: path))
        case .leaf(let rest, let value):
            return apply(range, toLeaf: TrieChange(key: path.appending(rest), value: value), path)
        case .stem(let stem, let child):
            return try apply(range, toStem: stem, child, at: path)
        case .branch(let branch):
            return isGrowing
                ? try grow(branch, with: range, at: path)
                : try apply(range, to: branch, at: path)
        }
    }

    private mutating func apply(
        _ range: Range<Int>, toLeaf leaf: TrieChange, _ path: NodePath
    ) -> Outcome {
        if range.count == 1, let value = changes[range.lowerBound].value,
            changes[range.lowerBound].key == leaf.key
        {
            guard value != leaf.value else { return .unchanged }
            return .changed(.leaf(leaf.key.dropFirst(path.count), value))
        }
        var entries: [TrieChange] = []
        var isPlaced = false
        for change in changes[range] {
            if !isPlaced, leaf.key <= change.key {
                isPlaced = true
                if leaf.key != change.key { entries.append(leaf) }
            }
            if change.value != nil { entries.append(change) }
        }
        if !isPlaced { entries.append(leaf) }
        if entries.count == 1, entries[0].key == leaf.key, entries[0].value == leaf.value {
            return .unchanged
        }
        return .changed(entries.isEmpty ? nil : build(entries[...], at: path))
    }

    private mutating func apply(
        _ range: Range<Int>, toStem stem: NodePath, _ child: Node.Reference, at path: NodePath
    ) throws(TrieError) -> Outcome {
        // Keys that leave the stem and are only to be taken out are not there: no split for them.
        var split = stem.count
        var below = range.lowerBound..<range.lowerBound
        for index in range {
            let agreement = changes[index].key.agreement(from: path.count, with: stem)
            if agreement == stem.count {
                below = (below.isEmpty ? index : below.lowerBound)..<index + 1
            } else if changes[index].value != nil {
                split = min(split, agreement)
            }
        }
        guard split == stem.count else {
            return try apply(range, toSplit: stem, at: split, child, path)
        }
        let end = path.appending(stem)
        let outcome = try apply(below, to: try resolve(child, at: end), at: end)
        switch outcome {
        case .unchanged: return .unchanged
        case .changed(nil):
            if child.isStored { erase(end) }
            return .changed(nil)
        case .changed(let node?):
            return .changed(join(stem, node, at: end, wasStored: child.isStored))
        case .written(let index): return .changed(.stem(stem, .pending(index)))
        }
    }

    /// A stem from which keys fork off: a branch takes its place, at which the rest hangs.
    private mutating func apply(
        _ range: Range<Int>, toSplit stem: NodePath, at split: Int, _ child: Node.Reference,
        _ path: NodePath
    ) throws(TrieError) -> Outcome {
        let fork = path.appending(stem.prefix(split))
        let rest = stem.dropFirst(split + 1)
        let digit = stem[split]
        let kept = rest.isEmpty ? child : Node.Reference.none
        let branch = Branch([(digit, kept)], value: [])
        let moved = rest.isEmpty ? nil : (digit, Node.stem(rest, child))
        // Keys to take out that left the stem even before the fork are not below it.
        let below = range.filter {
            changes[$0].key.agreement(from: path.count, with: stem) >= split
        }
        let limits = (below.first ?? 0)..<(below.last ?? -1) + 1
        guard case .changed(let node?) = try apply(limits, to: branch, moved: moved, at: fork)
        else { return .unchanged }
        guard split > 0 else { return .changed(node) }
        return .changed(join(stem.prefix(split), node, at: fork, wasStored: false))
    }

    /// A stem with the node that is now at its end, which becomes part of it unless it is a branch.
    private mutating func join(
        _ stem: NodePath, _ node: Node, at end: NodePath, wasStored: Bool
    ) -> Node {
        switch node {
        case .branch: return .stem(stem, seal(node, at: end, wasStored: wasStored))
        case .leaf(let rest, let value):
            if wasStored { erase(end) }
            return .leaf(stem.appending(rest), value)
        case .stem(let rest, let child):
            if wasStored { erase(end) }
            return .stem(stem.appending(rest), child)
        }
    }

    /// Builds what holds these entries, sorted and at least one, where nothing was before.
    mutating func build(_ entries: ArraySlice<TrieChange>, at path: NodePath) -> Node? {
        guard let first = entries.first, let last = entries.last else { return nil }
        let rest = first.key.dropFirst(path.count)
        guard entries.count > 1 else { return .leaf(rest, first.value ?? []) }
        let shared = last.key.agreement(from: path.count, with: rest)
        let fork = path.appending(rest.prefix(shared))
        var children: [(digit: UInt8, child: Node.Reference)] = []
        var start = entries.startIndex
        var value: [UInt8] = []
        if first.key.count == fork.count {
            value = first.value ?? []
            start += 1
        }
        while start < entries.endIndex {
            let digit = entries[start].key[fork.count]
            let end =
                entries[start...].firstIndex { $0.key[fork.count] != digit } ?? entries.endIndex
            let place = fork.appending(digit)
            if let child = build(entries[start..<end], at: place) {
                children.append((digit, seal(child, at: place, wasStored: false)))
            }
            start = end
        }
        let branch = Node.branch(Branch(children, value: value))
        guard shared > 0 else { return branch }
        return .stem(rest.prefix(shared), seal(branch, at: fork, wasStored: false))
    }
}
