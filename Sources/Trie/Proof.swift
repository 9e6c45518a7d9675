import Crypto
public import Primitives

/// What can be wrong with a proof that somebody hands in.
public enum ProofError: Error, Hashable, Sendable {
    /// The node at this place does not hash to what its parent, or the root, says.
    case hash(at: Int)
    /// The bytes at this place are no node.
    case node(at: Int)
    /// The proof ends before the key does.
    case short
    /// There are nodes after the one that ends the proof.
    case trailing(at: Int)
}

extension Trie {
    /// The nodes on the way to a key, from the root on, for ``value(of:in:root:)`` to verify.
    ///
    /// Proves the key's value or that it has none. Empty for the empty trie.
    public static func proof(
        of key: NodePath, root: Hash32, from source: any NodeSource
    ) throws(TrieError) -> [[UInt8]] {
        var nodes: [[UInt8]] = []
        guard root != emptyRoot else { return nodes }
        var path = NodePath.root
        var reference = Node.Reference.hash(root)
        while true {
            let node: Node?
            switch reference {
            // What was read waits for no hash.
            case .none, .pending: return nodes
            case .hash:
                guard let bytes = source.node(at: path) else { throw .missing(path) }
                nodes.append(bytes)
                node = Node(bytes)
            case .inline(let bytes): node = Node(bytes)
            }
            guard let node else { throw .damaged(path) }
            guard case .onward(let next, let count) = node.step(toward: key, from: path.count)
            else { return nodes }
            path = key.prefix(path.count + count)
            reference = next
        }
    }

    /// The value that a proof proves a key to have under a root; `nil` if it proves there is none.
    ///
    /// The proof comes from outside: every node must hash to what its parent says, and none may be
    /// left over.
    public static func value(
        of key: NodePath, in proof: [[UInt8]], root: Hash32
    ) throws(ProofError) -> [UInt8]? {
        if root == emptyRoot, proof.isEmpty { return nil }
        var used = 0
        var depth = 0
        var reference = Node.Reference.hash(root)
        while true {
            let node: Node?
            switch reference {
            case .none, .pending: return try whole(nil)
            case .hash(let hash):
                guard used < proof.count else { throw .short }
                guard keccak256(proof[used]) == hash else { throw .hash(at: used) }
                node = Node(proof[used])
                used += 1
            case .inline(let bytes): node = Node(bytes)
            }
            guard let node else { throw .node(at: used - 1) }
            switch node.step(toward: key, from: depth) {
            case .value(let value): return try whole(value)
            case .absent: return try whole(nil)
            case .onward(let next, let count):
                depth += count
                reference = next
            }
        }

        func whole(_ value: [UInt8]?) throws(ProofError) -> [UInt8]? {
            guard used == proof.count else { throw .trailing(at: used) }
            return value
        }
    }

    /// The value of a key; `nil` if it has none.
    public static func value(
        of key: NodePath, root: Hash32, from source: any NodeSource
    ) throws(TrieError) -> [UInt8]? {
        let proof = try proof(of: key, root: root, from: source)
        do {
            return try value(of: key, in: proof, root: root)
        } catch {
            throw .damaged(key)
        }
    }
}

extension Node {
    /// Where a key leads from a node.
    enum Step {
        /// It ends here, with this value.
        case value([UInt8])
        /// It is not in the trie.
        case absent
        /// To a child, so many nibbles on.
        case onward(Reference, Int)
    }

    /// Where a key leads whose first nibbles led here.
    func step(toward key: NodePath, from depth: Int) -> Step {
        let left = key.count - depth
        switch self {
        case .leaf(let rest, let value):
            let agreement = key.agreement(from: depth, with: rest)
            return agreement == rest.count && agreement == left ? .value(value) : .absent
        case .stem(let stem, let child):
            guard key.agreement(from: depth, with: stem) == stem.count else { return .absent }
            return .onward(child, stem.count)
        case .branch(let branch):
            guard left > 0 else {
                return branch.value.isEmpty ? .absent : .value(branch.value)
            }
            return .onward(branch[Int(key[depth])], 1)
        }
    }
}
