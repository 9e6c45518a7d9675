import Machine
import Primitives
import Store
import Trie

/// The tries of the state after one block.
///
/// Of the newest states the nodes are there; of an older one they are computed, by taking back
/// what blocks since have changed, and must then have the root that the old header names.
struct LedgerTries {
    /// The accounts' trie.
    let accounts: any NodeSource
    let state: LedgerState

    /// One account's storage trie.
    func storage(_ owner: Hash32, root: Hash32) throws(TrieError) -> any NodeSource {
        let nodes = LedgerNodes(layers: state.layers, snapshot: state.snapshot, owner: owner)
        guard state.isHistory else { return nodes }
        let newest = state.snapshot.value(Tables.key(owner), in: Tables.accounts)
            .flatMap { try? StoredAccount(decoding: $0) }
        return try PatchedNodes(
            nodes, from: newest?.storageRoot ?? Trie.emptyRoot, to: root,
            state.earlier(Tables.storageHistory, startingWith: Tables.key(owner)))
    }
}

/// A trie with an update laid over it.
struct PatchedNodes: NodeSource {
    private let nodes: LedgerNodes
    private var patch: [NodePath: [UInt8]] = [:]

    init(
        _ nodes: LedgerNodes, from root: Hash32, to expected: Hash32, _ changes: [TrieChange]
    ) throws(TrieError) {
        self.nodes = nodes
        let update = try TrieUpdate(of: root, with: changes, from: nodes)
        guard update.root == expected else { throw .damaged(.root) }
        for write in update.writes { patch[write.path] = write.node }
    }

    func node(at path: NodePath) -> [UInt8]? {
        guard let node = patch[path] else { return nodes.node(at: path) }
        return node.isEmpty ? nil : node
    }
}

extension LedgerState {
    /// The tries of the state, whose root is given.
    func tries(root: Hash32) throws(ChainError) -> LedgerTries {
        let nodes = LedgerNodes(layers: layers, snapshot: snapshot, owner: nil)
        guard isHistory else { return LedgerTries(accounts: nodes, state: self) }
        guard let header = snapshot.value(Tables.key(blocksOnDisk - 1), in: Tables.headers),
            let newest = try? Header(decoding: Array(header.dropFirst(32)))
        else { throw .damaged("header \(blocksOnDisk - 1) is missing") }
        do throws(TrieError) {
            let patched = try PatchedNodes(
                nodes, from: newest.stateRoot, to: root,
                earlier(Tables.accountHistory, startingWith: []))
            return LedgerTries(accounts: patched, state: self)
        } catch {
            throw .trie(error)
        }
    }

    /// What the keys of a trie held that blocks since have changed, sorted.
    func earlier(_ history: Table, startingWith owner: [UInt8]) -> [TrieChange] {
        var values: [NodePath: [UInt8]] = [:]
        for changed in (number + 1)..<blocksOnDisk {
            let prefix = Tables.key(changed, before: owner)
            for entry in snapshot.entries(startingWith: prefix, in: history) {
                guard let key = NodePath(bytes: Array(entry.key.dropFirst(prefix.count))),
                    key.count == 64, values[key] == nil
                else { continue }
                values[key] = entry.value
            }
        }
        return values.sorted { $0.key < $1.key }.map { key, value in
            TrieChange(key: key, value: value == StoredSlot.zero ? nil : value)
        }
    }
}
