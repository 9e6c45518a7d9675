import Crypto
import Machine
import Primitives
import Store
import Trie

/// The newest state: what is flat is summed up, and the stored nodes must be those of the sum.
extension ChainAudit {
    mutating func checkState(of newest: Header) {
        let expected = Chain.amendedRoot(of: newest.number, in: snapshot) ?? newest.stateRoot
        var entries: [TrieChange] = []
        var start: [UInt8] = [0]
        while true {
            let page = snapshot.entries(from: start, in: Tables.accounts, limit: 1024)
            for entry in page {
                accountCount += 1
                check(entry)
                if let path = NodePath(bytes: entry.key) {
                    entries.append(TrieChange(key: path, value: entry.value))
                }
            }
            guard page.count == 1024, let last = page.last else { break }
            start = last.key + [0]
        }
        guard let (root, nodes) = trie(of: entries), root == expected else {
            return note("accounts: their root is not that of block \(newest.number)")
        }
        compare(nodes, table: Tables.accountNodes, owner: [], what: "nodes of the state")
    }

    private mutating func check(_ entry: Entry) {
        let name = "account \(Hash32(entry.key).map { "\($0)" } ?? "?")"
        guard let account = try? StoredAccount(decoding: entry.value) else {
            return note("\(name): unreadable")
        }
        if account.codeHash != Account.emptyCodeHash {
            let code = snapshot.value(Tables.key(account.codeHash), in: Tables.codes)
            if code.map({ keccak256($0) }) != account.codeHash {
                note("\(name): its code is missing, or another")
            }
        }
        let slots = snapshot.entries(startingWith: entry.key, in: Tables.storage)
        slotCount += slots.count
        let changes = slots.compactMap { slot in
            NodePath(bytes: Array(slot.key.dropFirst(32)))
                .map { TrieChange(key: $0, value: slot.value) }
        }
        guard let (root, nodes) = trie(of: changes), root == account.storageRoot else {
            return note("\(name): its storage is not what it commits to")
        }
        compare(nodes, table: Tables.storageNodes, owner: entry.key, what: "\(name): nodes")
    }

    private func trie(of entries: [TrieChange]) -> (root: Hash32, [TrieUpdate.NodeWrite])? {
        let empty = LedgerNodes(layers: [], snapshot: EmptyDisk(), owner: nil)
        guard let update = try? TrieUpdate(of: Trie.emptyRoot, with: entries, from: empty) else {
            return nil
        }
        return (update.root, update.writes)
    }

    /// Compares the nodes that are stored with those that there must be.
    private mutating func compare(
        _ nodes: [TrieUpdate.NodeWrite], table: Table, owner: [UInt8], what: String
    ) {
        let repairs = nodes.map { Write(table, owner + $0.path.key, $0.node) }
            .filter { snapshot.value($0.key, in: table) != $0.value }
        if !repairs.isEmpty {
            note("\(what): \(repairs.count) are missing, or others", mendedBy: repairs)
        }
    }
}
