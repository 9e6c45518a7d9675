public import EVM
public import Identifiers
public import Primitives

extension Journal: Host {
    /// Marks an account as warm; returns whether it was cold (EIP-2929).
    public func warm(_ address: Address) -> Bool {
        // Precompiles are warm from the start.
        if address.a | address.b == 0, Precompile.at(address, in: revision) != nil { return false }
        let index = index(address)
        guard entries[index].warmIn != transaction else { return false }
        entries[index].warmIn = transaction
        changes.append(.warmAccount(index))
        return true
    }

    /// Marks a slot as warm (EIP-2930).
    public func warm(_ address: Address, _ key: UInt256) {
        _ = warmSlot(slotIndex(index(address), key))
    }

    private func warmSlot(_ index: Int) -> Bool {
        guard table.warm(index, in: transaction) else { return false }
        changes.append(.warmSlot(index))
        return true
    }

    /// Whether there is an account, be it empty.
    public func exists(_ address: Address) -> Bool { entries[seen(address)].exists }

    /// Whether an account is not there or empty in the sense of EIP-161.
    public func isEmpty(_ address: Address) -> Bool {
        let index = seen(address)
        return !entries[index].exists || entries[index].account.isEmpty
    }

    /// What an account owns, in wei.
    public func balance(_ address: Address) -> UInt256 { entries[seen(address)].account.balance }

    /// An account's nonce.
    public func nonce(_ address: Address) -> UInt64 { entries[seen(address)].account.nonce }

    /// An account's code.
    public func code(_ address: Address) -> Code {
        let index = seen(address)
        if let code = entries[index].code { return code }
        let code = code(hash: entries[index].account.codeHash)
        entries[index].code = code
        return code
    }

    /// The hash of an account's code.
    public func codeHash(_ address: Address) -> Hash32 {
        entries[seen(address)].account.codeHash
    }

    /// Whether an account has storage that is not zero (EIP-7610).
    public func hasStorage(_ address: Address) -> Bool {
        let entry = entries[seen(address)]
        return entry.initial != nil && !entry.storageCleared && view.hasStorage(address)
    }

    /// Reads a slot and marks it as warm; returns also whether it was cold.
    public func load(_ address: Address, _ key: UInt256) -> (value: UInt256, wasCold: Bool) {
        let index = slotIndex(index(address), key)
        let wasCold = warmSlot(index)
        recorder?.seeSlot(index)
        return (table.slots[index].current, wasCold)
    }

    /// Takes back that the last load is known of: it was not paid (EIP-7928).
    public func retractLoad() { recorder?.retractSlot() }

    /// What a slot holds, what it held when the transaction began, and whether it was cold.
    public func prepareStore(_ address: Address, _ key: UInt256) -> SlotHistory {
        let index = slotIndex(index(address), key)
        let wasCold = warmSlot(index)
        recorder?.seeSlot(index)
        prepared = index
        let original = table.original(index, in: transaction)
        return SlotHistory(
            original: original, current: table.slots[index].current, wasCold: wasCold)
    }

    /// Writes a slot.
    public func store(_ address: Address, _ key: UInt256, _ value: UInt256) {
        let owner = index(address)
        let isPrepared = prepared >= 0 && table.slots[prepared].matches(owner, key)
        let index = isPrepared ? prepared : slotIndex(owner, key)
        let before = table.slots[index].current
        guard before != value else { return }
        changes.append(.slot(index, before))
        table.slots[index].current = value
    }

    /// Reads a transient slot (EIP-1153).
    public func loadTransient(_ address: Address, _ key: UInt256) -> UInt256 {
        transient[SlotName(owner: index(address), key: key)] ?? .zero
    }

    /// Writes a transient slot (EIP-1153).
    public func storeTransient(_ address: Address, _ key: UInt256, _ value: UInt256) {
        let name = SlotName(owner: index(address), key: key)
        changes.append(.transient(name, transient[name] ?? .zero))
        transient[name] = value
    }

    /// Changes what clearing storage gives back.
    public func refund(_ gas: Int64) { refund += gas }

    /// Notes a log.
    public func log(_ address: Address, topics: [Hash32], data: [UInt8]) {
        logs.append(Log(address: address, topics: topics, data: data))
    }

    /// Moves wei; the source has them.
    public func transfer(_ value: UInt256, from source: Address, to target: Address) {
        if !value.isZero { debit(index(source), value) }
        credit(index(target), value)
        if revision >= .amsterdam { logTransfer(value, from: source, to: target) }
    }

    /// Makes an account's nonce greater by one.
    public func incrementNonce(_ address: Address) {
        setNonce(address, entries[index(address)].account.nonce + 1)
    }

    /// Gives an account a nonce; makes the account if it is not there.
    public func setNonce(_ address: Address, _ nonce: UInt64) {
        let index = index(address)
        touch(index)
        keep(index)
        entries[index].exists = true
        entries[index].account.nonce = nonce
    }

    /// Makes an account for a contract that is about to run its initcode.
    public func createContract(_ address: Address) {
        let index = index(address)
        changes.append(.created(index, before: entries[index].createdIn))
        entries[index].createdIn = transaction
        // EIP-161: a contract's nonce begins with one.
        setNonce(address, revision >= .spuriousDragon ? 1 : 0)
    }

    /// Gives an account its code.
    public func setCode(_ address: Address, _ code: [UInt8]) {
        let index = index(address)
        let code = keepCode(code)
        keep(index)
        changes.append(.code(index, entries[index].code))
        entries[index].exists = true
        entries[index].account.codeHash = code.hash
        entries[index].code = code
    }

    /// Pays out a contract and, if so, has it destroyed at the end.
    ///
    /// Since Cancun that is so only in the transaction that created it (EIP-6780). Returns whether
    /// it is so for the first time.
    public func selfDestruct(_ address: Address, payingTo beneficiary: Address) -> Bool {
        let index = index(address)
        let balance = entries[index].account.balance
        let isDestroyed = revision < .cancun || entries[index].createdIn == transaction
        if revision >= .amsterdam {
            logTransfer(balance, from: address, to: beneficiary)
            if address == beneficiary, isDestroyed { logBurn(balance, of: address) }
        }
        if address != beneficiary {
            debit(index, balance)
            credit(self.index(beneficiary), balance)
        } else if isDestroyed {
            debit(index, balance)
        }
        guard isDestroyed, entries[index].destroyedIn != transaction else { return false }
        changes.append(.destroyed(index))
        entries[index].destroyedIn = transaction
        return true
    }

    /// The point that a rollback comes back to.
    public func checkpoint() -> Checkpoint {
        Checkpoint(changes: changes.count, logs: logs.count, refund: refund)
    }

    /// Takes back all that changed since.
    public func rollback(to checkpoint: Checkpoint) {
        while changes.count > checkpoint.changes {
            let change = changes.removeLast()
            undo(change)
        }
        if logs.count > checkpoint.logs { logs.removeSubrange(checkpoint.logs...) }
        refund = checkpoint.refund
    }

    private func undo(_ change: Change) {
        switch change {
        case .account(let index, let account, let exists):
            entries[index].account = account
            entries[index].exists = exists
        case .code(let index, let code): entries[index].code = code
        case .slot(let index, let value): table.slots[index].current = value
        case .transient(let name, let value): transient[name] = value
        case .warmAccount(let index): entries[index].warmIn = 0
        case .warmSlot(let index): table.slots[index].warmIn = 0
        case .created(let index, let before): entries[index].createdIn = before
        case .destroyed(let index): entries[index].destroyedIn = 0
        case .touched(let index):
            // Once, in block 2,675,119, a failed call to this precompile left it touched; since
            // then every client does so (EIP-161, its clarification of 2016).
            if entries[index].address != Journal.ripemd { entries[index].touchedIn = 0 }
        }
    }

    static let ripemd = Address(a: 0, b: 0, c: 3)
}
