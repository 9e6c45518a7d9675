public import Identifiers
public import Primitives

/// What callers may do to a state that nobody keeps.
extension Journal {
    /// What a slot holds; it stays as cold as it was.
    public func peek(_ address: Address, _ key: UInt256) -> UInt256 {
        table.slots[slotIndex(index(address), key)].current
    }

    /// Makes an account what a caller wants it to be; `nil` leaves a part as it is.
    ///
    /// `storage` are all slots that there shall be, `slots` only some that shall be others.
    public func override(
        _ address: Address, nonce: UInt64?, balance: UInt256?, code: [UInt8]?,
        storage: [UInt256: UInt256]?, slots: [UInt256: UInt256]
    ) {
        let isTouched = nonce != nil || balance != nil || code != nil || storage != nil
        guard isTouched || !slots.isEmpty else { return }
        let index = index(address)
        entries[index].exists = true
        if let nonce { entries[index].account.nonce = nonce }
        if let balance { entries[index].account.balance = balance }
        if let code { setCode(address, code) }
        if storage != nil {
            entries[index].storageCleared = entries[index].initial != nil
            table.clear(index)
        }
        let wanted = (storage ?? [:]).merging(slots) { $1 }
        for (key, value) in wanted.sorted(by: { $0.key < $1.key }) {
            store(address, key, value)
        }
        changes.removeAll()
    }
}
