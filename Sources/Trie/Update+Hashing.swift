import Crypto
import Primitives

/// Nodes are hashed after the whole update is known: those of one depth wait for none of the others.
extension Updater {
    mutating func erase(_ path: NodePath) {
        writes.append(TrieUpdate.NodeWrite(path: path, node: []))
        parents.append((-1, 0))
    }

    /// Stores a node that is final, and says how its parent names it.
    mutating func seal(_ node: Node, at path: NodePath, wasStored: Bool) -> Node.Reference {
        let bytes = node.encoded
        if bytes.count < 32 {
            if wasStored { erase(path) }
            return .inline(bytes)
        }
        return .pending(write(node, bytes, at: path))
    }

    /// Stores a node whose bytes lack the hashes of its own new children; returns the write's index.
    @discardableResult
    mutating func write(_ node: Node, _ bytes: [UInt8], at path: NodePath) -> Int {
        let index = writes.count
        switch node {
        case .leaf, .stem(_, .none), .stem(_, .hash), .stem(_, .inline): break
        // The child's hash comes last.
        case .stem(_, .pending(let child)): parents[child] = (index, bytes.count - 32)
        case .branch(let branch):
            for (child, offset) in branch.awaited { parents[child] = (index, offset) }
        }
        writes.append(TrieUpdate.NodeWrite(path: path, node: bytes))
        parents.append((-1, 0))
        return index
    }

    /// Puts the hashes in, from the deepest nodes to the root; returns the root's.
    mutating func hashed() -> Hash32? { hash(from: 0) }

    /// Puts in the hashes of the writes from a place on, whose bytes are final but for those.
    ///
    /// Returns the hash of the one that no other names.
    @discardableResult
    mutating func hash(from start: Int) -> Hash32? {
        for index in start..<writes.count
        where parents[index].index != Updater.done && !writes[index].node.isEmpty {
            levels[writes[index].path.count].append(index)
        }
        var root: Hash32?
        for depth in levels.indices.reversed() where !levels[depth].isEmpty {
            let hashes = Keccak256.hashes(of: levels[depth].map { writes[$0].node })
            for (index, hash) in zip(levels[depth], hashes) {
                let parent = parents[index]
                if parent.index < 0 {
                    root = hash
                } else {
                    writes[parent.index].node.put(hash, at: parent.offset)
                }
                parents[index].index = Updater.done
            }
            hashedCount += levels[depth].count
            levels[depth].removeAll(keepingCapacity: true)
        }
        return root
    }

    /// Stands for the parent of a write whose hash is put in.
    private static var done: Int { -2 }

    /// How many nodes wait for their hashes at most: so many are in the processor's cache yet.
    static var patience: Int { 256 }
}
