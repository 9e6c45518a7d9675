import Primitives

/// Proposals above the last final block, and what the ledger said about each.
struct BlockTree: Sendable {
    /// What is known of a block's validity.
    enum State: Hashable, Sendable {
        /// Its parent is not judged yet, or the ledger was not asked.
        case unjudged
        /// The ledger is at it.
        case judging
        /// It is valid, and so is all below it.
        case valid
        /// It can never be valid.
        case invalid
    }

    /// A proposal and what is known of it.
    struct Node: Sendable {
        let block: ProposedValue
        let source: Source?
        var state = State.unjudged
        /// How many blocks it stands on; known once its parent's is.
        var height: UInt64?
        /// Whether its bytes are in the log (W2).
        var isLogged = false
    }

    private var nodes: [Hash32: Node] = [:]
    private var children: [Hash32: [Hash32]] = [:]
    /// Blocks that can be judged, in the order in which they became so.
    private var ready: [Hash32] = []
    /// The last final block's proposal, and its height.
    private(set) var root: Hash32
    private(set) var rootHeight: UInt64

    init(root: Hash32, height: UInt64) {
        self.root = root
        rootHeight = height
    }

    /// A proposal by its name.
    subscript(id: Hash32) -> Node? { nodes[id] }

    /// Whether a proposal is final or valid, and so can be built on.
    func isAvailable(_ id: Hash32) -> Bool { id == root || nodes[id]?.state == .valid }

    /// Puts a block into the tree unless it is there.
    mutating func insert(
        _ block: ProposedValue, as id: Hash32, from source: Source?, isLogged: Bool = false
    ) {
        guard nodes[id] == nil, id != root else { return }
        nodes[id] = Node(block: block, source: source, isLogged: isLogged)
        children[block.parent, default: []].append(id)
        if isAvailable(block.parent) { ready.append(id) }
    }

    /// Takes a block out whose bytes were not those of its name.
    mutating func remove(_ id: Hash32) {
        guard let node = nodes.removeValue(forKey: id) else { return }
        children[node.block.parent]?.removeAll { $0 == id }
        ready.removeAll { $0 == id }
    }

    /// Takes the next block that the ledger can judge.
    mutating func nextReady() -> Hash32? {
        while !ready.isEmpty {
            let id = ready.removeFirst()
            guard let node = nodes[id], node.state == .unjudged else { continue }
            guard isAvailable(node.block.parent) else { continue }
            nodes[id]?.state = .judging
            let parent = height(of: node.block.parent)
            nodes[id]?.height = parent + 1
            return id
        }
        return nil
    }

    /// Notes that a block is valid; its children can be judged.
    mutating func accept(_ id: Hash32) {
        guard let node = nodes[id] else { return }
        let parent = height(of: node.block.parent)
        nodes[id]?.state = .valid
        nodes[id]?.height = parent + 1
        ready += children[id] ?? []
    }

    /// Notes that a block can never be valid.
    mutating func reject(_ id: Hash32) { nodes[id]?.state = .invalid }

    /// Notes that a block must be judged once more.
    mutating func postpone(_ id: Hash32) {
        guard nodes[id]?.state == .judging else { return }
        nodes[id]?.state = .unjudged
        ready.append(id)
    }

    /// Notes that a block's bytes are in the log.
    mutating func log(_ id: Hash32) { nodes[id]?.isLogged = true }

    /// The height of the root or of a block that was judged.
    func height(of id: Hash32) -> UInt64 {
        id == root ? rootHeight : nodes[id]?.height ?? rootHeight
    }

    /// The way down from a proposal to the root: the names above the root, lowest first, or the
    /// first name that is missing.
    func path(to id: Hash32) -> Path {
        var names: [Hash32] = []
        var next = id
        while next != root {
            guard let node = nodes[next] else { return .missing(next) }
            names.append(next)
            next = node.block.parent
        }
        return .whole(names.reversed())
    }

    /// What ``path(to:)`` found.
    enum Path {
        case whole([Hash32])
        case missing(Hash32)
    }

    /// Makes a child of the root the root, and forgets whatever does not stand on it.
    mutating func advance(to id: Hash32) {
        guard let node = nodes[id] else { return }
        rootHeight = height(of: id)
        root = id
        let view = node.block.view
        nodes = nodes.filter { $0.value.block.view > view }
        // By the children, not by the parent: that one may be still to come.
        children = children.mapValues { $0.filter { nodes[$0] != nil } }.filter {
            !$0.value.isEmpty
        }
    }

    /// Names that blocks above a view stand on, but that are not there, ascending by the view of
    /// the block that names them.
    func missingParents(above view: UInt64) -> [Hash32] {
        let orphans = nodes.values.filter {
            $0.block.view > view && $0.block.parent != root && nodes[$0.block.parent] == nil
        }
        return orphans.sorted {
            ($0.block.view, $0.block.parent) < ($1.block.view, $1.block.parent)
        }
        .map(\.block.parent)
    }

    /// All blocks in order of view and name.
    var all: [(id: Hash32, node: Node)] {
        nodes.map { (id: $0.key, node: $0.value) }
            .sorted { ($0.node.block.view, $0.id) < ($1.node.block.view, $1.id) }
    }

    /// How many proposals there are.
    var count: Int { nodes.count }
}
