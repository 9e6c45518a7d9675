import EVM
public import Identifiers
public import Primitives

extension Journal {
    /// Ends the transaction that runs: what was destroyed is gone, and so is what was left empty.
    ///
    /// Returns what it noted. The next transaction begins with nothing warm and no refund.
    @discardableResult
    public func endTransaction() -> [Log] {
        for change in changes {
            switch change {
            case .destroyed(let index) where entries[index].destroyedIn == transaction:
                remove(index)
            case .touched(let index): removeIfEmpty(index)
            default: break
            }
        }
        removeIfEmpty(index(Journal.ripemd))
        changes.removeAll(keepingCapacity: true)
        transient.removeAll(keepingCapacity: true)
        transaction += 1
        refund = 0
        defer { logs = [] }
        return logs
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
        for slot in slots.indices where slots[slot].owner == index { slots[slot].current = .zero }
    }

    /// Adds to a balance outside of any call: a reward, a withdrawal, a fee.
    public func credit(_ address: Address, _ value: UInt256) { credit(index(address), value) }

    /// Takes from a balance, which must suffice.
    public func debit(_ address: Address, _ value: UInt256) { debit(index(address), value) }

    /// Replaces parts of an account before anything runs, for a call that only asks.
    public func override(_ address: Address, with other: StateOverride) {
        let index = index(address)
        keep(index)
        if let balance = other.balance { entries[index].account.balance = balance }
        if let nonce = other.nonce { entries[index].account.nonce = nonce }
        entries[index].exists = true
        if let code = other.code { setCode(address, code) }
        if other.replacesStorage {
            entries[index].storageCleared = true
            for slot in slots.indices where slots[slot].owner == index {
                slots[slot].current = .zero
            }
        }
        for slot in other.storage {
            slots[slotIndex(index, slot.key)].current = slot.value
        }
    }

    /// All that changed since the journal was created, sorted by address and slot.
    public func diff() -> StateDiff {
        var storage: [Int: [StateDiff.Slot]] = [:]
        for slot in slots {
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

/// What a call that only asks wants to be otherwise in an account.
public struct StateOverride: Hashable, Sendable {
    /// Its balance, if not the real one.
    public var balance: UInt256?
    /// Its nonce, if not the real one.
    public var nonce: UInt64?
    /// Its code, if not the real one.
    public var code: [UInt8]?
    /// Slots of its storage.
    public var storage: [StateDiff.Slot]
    /// Whether the slots are all that it has.
    public var replacesStorage: Bool

    /// Creates an override.
    public init(
        balance: UInt256? = nil, nonce: UInt64? = nil, code: [UInt8]? = nil,
        storage: [StateDiff.Slot] = [], replacesStorage: Bool = false
    ) {
        self.balance = balance
        self.nonce = nonce
        self.code = code
        self.storage = storage
        self.replacesStorage = replacesStorage
    }
}
