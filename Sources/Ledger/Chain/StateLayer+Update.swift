import Crypto
import Identifiers
import Machine
import Primitives
import Store
import Trie

extension StateLayer {
    /// Computes what a block changes: new roots, new nodes, and what the disk is told.
    ///
    /// `root` is the state's root before the block. Each touched trie node is read once, and each
    /// changed one is hashed once. Where names are kept, the disk is told what is hashed, too.
    init(
        of diff: StateDiff, on parent: LedgerState, root: Hash32, number: UInt64,
        keepsNames: Bool = false
    ) throws(TrieError) {
        self.root = root
        if keepsNames { recordNames(of: diff) }
        accounts.reserveCapacity(diff.changes.count)
        writes.reserveCapacity(diff.changes.count * 8)
        for code in diff.codes {
            codes[code.hash] = code.bytes
            writes.append(Write(Tables.codes, Tables.key(code.hash), code.bytes))
        }
        var changes: [TrieChange] = []
        changes.reserveCapacity(diff.changes.count)
        // In the order of the hashes, so that the trie and the disk are met from left to right.
        let owners = Keccak256.hashes(of: diff.changes.map(\.address.bytes))
        for (owner, change) in zip(owners, diff.changes).sorted(by: { $0.0 < $1.0 }) {
            let old = parent.stored(change.address, hash: owner)
            let new = try take(change, owner, old: old, parent, number: number)
            guard new != old else { continue }
            accounts[change.address] = .some(new)
            let encoded = new?.encoded
            changes.append(TrieChange(key: NodePath(owner), value: encoded))
            record(
                Tables.key(owner), old: old?.encoded, new: encoded, number, Tables.accounts,
                Tables.accountHistory)
        }
        let nodes = LedgerNodes(layers: parent.layers, snapshot: parent.snapshot, owner: nil)
        let update = try TrieUpdate(of: root, with: changes, from: nodes)
        self.root = update.root
        accountNodes.reserveCapacity(update.writes.count)
        for write in update.writes {
            accountNodes[write.path] = write.node
            let node = write.node.isEmpty ? nil : write.node
            writes.append(Write(Tables.accountNodes, write.path.key, node))
        }
    }

    /// Takes in one changed account with its storage, and says what the trie will hold of it.
    private mutating func take(
        _ change: StateDiff.Change, _ owner: Hash32, old: StoredAccount?, _ parent: LedgerState,
        number: UInt64
    ) throws(TrieError) -> StoredAccount? {
        var base = old?.storageRoot ?? Trie.emptyRoot
        if change.storageCleared || change.account == nil {
            cleared.insert(change.address)
            if base != Trie.emptyRoot { clear(change.address, owner, parent, number: number) }
            base = Trie.emptyRoot
        }
        guard let account = change.account else { return nil }
        let root = try update(change, owner, base: base, parent, number: number)
        return StoredAccount(
            nonce: account.nonce, balance: account.balance, storageRoot: root,
            codeHash: account.codeHash)
    }

    /// Takes in the changed slots of one account, and computes the root of its storage.
    private mutating func update(
        _ change: StateDiff.Change, _ owner: Hash32, base: Hash32, _ parent: LedgerState,
        number: UInt64
    ) throws(TrieError) -> Hash32 {
        guard !change.storage.isEmpty else { return base }
        let isCleared = cleared.contains(change.address)
        var changes: [TrieChange] = []
        changes.reserveCapacity(change.storage.count)
        let hashes = Keccak256.hashes(of: change.storage.map(\.key.bytes))
        for (hash, slot) in zip(hashes, change.storage) {
            let key = SlotKey(address: change.address, slot: slot.key)
            storage[key] = slot.value
            let value = slot.value.isZero ? nil : StoredSlot.bytes(slot.value)
            changes.append(TrieChange(key: NodePath(hash), value: value))
            let before = parent.storage(change.address, slot.key, owner: owner, hash: hash)
            // What was cleared is recorded already: only the new value is left to write.
            record(
                Tables.key(owner, hash), old: before.isZero ? nil : StoredSlot.bytes(before),
                new: value, number, Tables.storage, isCleared ? nil : Tables.storageHistory)
            if isCleared, before.isZero {
                recordHistory(Tables.key(owner, hash), old: nil, number, Tables.storageHistory)
            }
        }
        changes.sort { $0.key < $1.key }
        let nodes = LedgerNodes(layers: parent.layers, snapshot: parent.snapshot, owner: owner)
        let update = try TrieUpdate(of: base, with: changes, from: nodes)
        for write in update.writes {
            storageNodes[owner, default: [:]][write.path] = write.node
            let node = write.node.isEmpty ? nil : write.node
            writes.append(Write(Tables.storageNodes, Tables.key(owner, write.path.key), node))
        }
        return update.root
    }

    /// Takes out all that an account has stored: rare since EIP-6780, and costly when much is there.
    private mutating func clear(
        _ address: Address, _ owner: Hash32, _ parent: LedgerState, number: UInt64
    ) {
        var nodes: Set<[UInt8]> = []
        var paths: [NodePath] = []
        for layer in parent.layers {
            for path in layer.state.storageNodes[owner]?.keys.sorted() ?? [] { paths.append(path) }
        }
        for entry in parent.snapshot.entries(
            startingWith: Tables.key(owner), in: Tables.storageNodes)
        {
            if let path = NodePath(key: Array(entry.key.dropFirst(32))) { paths.append(path) }
        }
        for path in paths where nodes.insert(path.key).inserted {
            storageNodes[owner, default: [:]][path] = []
            writes.append(Write(Tables.storageNodes, Tables.key(owner, path.key), nil))
        }
        for (slot, value) in parent.slots(of: address, owner) {
            record(
                Tables.key(owner, slot), old: StoredSlot.bytes(value), new: nil, number,
                Tables.storage, Tables.storageHistory)
        }
    }

    private mutating func recordNames(of diff: StateDiff) {
        for change in diff.changes {
            let slots = change.storage.filter { !$0.value.isZero }.map(\.key.bytes)
            for name in [change.address.bytes] + slots {
                writes.append(Write(Tables.names, Tables.key(keccak256(name)), name))
            }
        }
    }

    private mutating func record(
        _ key: [UInt8], old: [UInt8]?, new: [UInt8]?, _ number: UInt64, _ table: Table,
        _ history: Table?
    ) {
        writes.append(Write(table, key, new))
        if let history { recordHistory(key, old: old, number, history) }
    }

    private mutating func recordHistory(
        _ key: [UInt8], old: [UInt8]?, _ number: UInt64, _ history: Table
    ) {
        writes.append(Write(history, Tables.key(number, before: key), old ?? StoredSlot.zero))
    }
}

extension LedgerState {
    /// The value of a slot, whose hashes may be known.
    func storage(_ address: Address, _ slot: UInt256, owner: Hash32?, hash: Hash32?) -> UInt256 {
        let key = StateLayer.SlotKey(address: address, slot: slot)
        for layer in layers {
            if let value = layer.state.storage[key] { return value }
            if layer.state.cleared.contains(address) { return .zero }
        }
        return storedSlot(owner ?? keccak256(address.bytes), hash ?? keccak256(slot.bytes))
    }

    /// All slots of an account that hold a value, by hash, sorted.
    func slots(of address: Address, _ owner: Hash32) -> [(Hash32, UInt256)] {
        var values: [Hash32: UInt256] = [:]
        for layer in layers {
            for (key, value) in layer.state.storage where key.address == address {
                let hash = keccak256(key.slot.bytes)
                if values[hash] == nil { values[hash] = value }
            }
            if layer.state.cleared.contains(address) {
                return values.filter { !$0.value.isZero }.sorted { $0.key < $1.key }
                    .map { ($0.key, $0.value) }
            }
        }
        for entry in snapshot.entries(startingWith: Tables.key(owner), in: Tables.storage) {
            guard let hash = Hash32(Array(entry.key.dropFirst(32))), values[hash] == nil else {
                continue
            }
            values[hash] = StoredSlot.value(entry.value)
        }
        return values.filter { !$0.value.isZero }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }
}
