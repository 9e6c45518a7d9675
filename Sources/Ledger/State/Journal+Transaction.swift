import EVM
public import Identifiers
public import Primitives

extension Journal {
    /// Ends the transaction that runs: what was destroyed is gone, and so is what was left empty.
    ///
    /// Returns what it noted. The next transaction begins with nothing warm and no refund.
    @discardableResult
    public func endTransaction() -> [Log] {
        if revision >= .amsterdam { logBurns() }
        for change in changes {
            switch change {
            case .destroyed(let index) where entries[index].destroyedIn == transaction:
                remove(index)
            case .touched(let index): removeIfEmpty(index)
            default: break
            }
        }
        removeIfEmpty(index(Journal.ripemd))
        recorder?.settle(changes, in: self)
        changes.removeAll(keepingCapacity: true)
        transient.removeAll(keepingCapacity: true)
        transaction += 1
        refund = 0
        defer { logs = [] }
        return logs
    }

    /// The accounts that go with the end of the transaction, in the order of their destruction.
    var destroyed: [Int] {
        changes.compactMap { change in
            guard case .destroyed(let index) = change,
                entries[index].destroyedIn == transaction
            else { return nil }
            return index
        }
    }

    /// The slots of an account that hold something.
    func slotCount(_ index: Int) -> Int {
        table.slots.count { $0.owner == index && !$0.current.isZero }
    }

    private func removeIfEmpty(_ index: Int) {
        guard revision >= .spuriousDragon, entries[index].touchedIn == transaction,
            entries[index].exists, entries[index].account.isEmpty
        else { return }
        remove(index)
    }

    private func remove(_ index: Int) {
        entries[index].exists = false
        entries[index].account = Account()
        entries[index].code = nil
        entries[index].storageCleared = entries[index].initial != nil
        table.clear(index)
    }

    /// Adds to a balance outside of any call: a reward, a withdrawal, a fee.
    public func credit(_ address: Address, _ value: UInt256) { credit(index(address), value) }

    /// Takes from a balance, which must suffice.
    public func debit(_ address: Address, _ value: UInt256) { debit(index(address), value) }

    /// All that changed since the journal was created, sorted by address and slot.
    public func diff() -> StateDiff {
        var storage: [Int: [StateDiff.Slot]] = [:]
        for slot in table.slots {
            let entry = entries[slot.owner]
            // Where all storage went, everything that is there now is new.
            let before = entry.storageCleared ? .zero : slot.initial
            guard entry.exists, slot.current != before else { continue }
            storage[slot.owner, default: []].append(
                StateDiff.Slot(key: slot.key, value: slot.current))
        }
        var changes: [StateDiff.Change] = []
        for (index, entry) in entries.enumerated() {
            let account = entry.exists ? entry.account : nil
            let slots = storage[index] ?? []
            guard account != entry.initial || !slots.isEmpty || entry.storageCleared else {
                continue
            }
            changes.append(
                StateDiff.Change(
                    address: entry.address, account: account,
                    storageCleared: entry.storageCleared,
                    storage: slots.sorted { $0.key < $1.key }))
        }
        return StateDiff(changes: changes.sorted { $0.address < $1.address }, codes: newCodes())
    }

    private func newCodes() -> [StateDiff.Code] {
        var codes: [Hash32: [UInt8]] = [:]
        for entry in entries where entry.exists {
            let hash = entry.account.codeHash
            guard hash != entry.initial?.codeHash, hash != Account.emptyCodeHash else { continue }
            codes[hash] = code(hash: hash).bytes
        }
        return codes.sorted { $0.key < $1.key }.map {
            StateDiff.Code(hash: $0.key, bytes: $0.value)
        }
    }
}
