import EVM
import Identifiers
import Primitives

/// Writes down what a block's execution looks at and changes (EIP-7928).
///
/// It stands beside a journal, which tells it of accounts and slots by their places; where there is
/// none, that costs nothing. What was looked at stays so, even if a call took back what it did.
final class AccessRecorder {
    private typealias Change<Value: Hashable & Sendable> = BlockAccessList.Change<Value>

    private struct Entry {
        var isSeen = false
        var balances: [Change<UInt256>] = []
        var nonces: [Change<UInt64>] = []
        var codes: [Change<Hash32>] = []
    }

    private struct Slot {
        var isSeen = false
        var changes: [Change<UInt256>] = []
    }

    /// Where execution stands: 0 before the transactions, n at the n-th, one more after all.
    var index: UInt64 = 0
    private var entries: [Entry] = []
    private var slots: [Slot] = []
    /// The accounts seen since the last settlement.
    private var fresh: [Int] = []
    /// The slot that was seen for the first time last.
    private var lastSlot = -1

    /// Notes that an account is looked at.
    func see(_ place: Int) {
        while entries.count <= place { entries.append(Entry()) }
        guard !entries[place].isSeen else { return }
        entries[place].isSeen = true
        fresh.append(place)
    }

    /// Notes that a slot is looked at.
    func seeSlot(_ place: Int) {
        while slots.count <= place { slots.append(Slot()) }
        lastSlot = slots[place].isSeen ? -1 : place
        slots[place].isSeen = true
    }

    /// Forgets the slot that was just looked at, if that was for the first time.
    func retractSlot() {
        if lastSlot >= 0 { slots[lastSlot].isSeen = false }
        lastSlot = -1
    }

    /// Forgets the accounts that were looked at only to refuse a transaction.
    func retract() {
        for place in fresh { entries[place].isSeen = false }
        fresh.removeAll()
    }

    /// Notes what became of what changed.
    func settle(_ changes: [Journal.Change], in journal: Journal) {
        fresh.removeAll(keepingCapacity: true)
        for change in changes {
            switch change {
            case .account(let place, _, _), .code(let place, _), .destroyed(let place),
                .touched(let place):
                settle(journal.entries[place], at: place)
            case .slot(let place, _): settle(journal.table.slots[place], at: place)
            default: break
            }
        }
    }

    private func settle(_ entry: Journal.Entry, at place: Int) {
        while entries.count <= place { entries.append(Entry()) }
        let (before, after) = (entry.initial ?? Account(), entry.account)
        note(after.balance, before.balance, in: &entries[place].balances)
        note(after.nonce, before.nonce, in: &entries[place].nonces)
        note(after.codeHash, before.codeHash, in: &entries[place].codes)
    }

    private func settle(_ slot: SlotTable.Slot, at place: Int) {
        while slots.count <= place { slots.append(Slot()) }
        note(slot.current, slot.initial, in: &slots[place].changes)
    }

    /// Adds a value, unless it is what was there before; at one place of the block the last counts.
    private func note<Value: Hashable & Sendable>(
        _ value: Value, _ first: Value, in changes: inout [Change<Value>]
    ) {
        if changes.last?.index == index { changes.removeLast() }
        if value != changes.last?.value ?? first {
            changes.append(Change(index: index, value: value))
        }
    }

    /// All that was written down.
    func list(_ journal: Journal) -> BlockAccessList {
        var accounts: [Int: BlockAccessList.Account] = [:]
        for (place, entry) in entries.enumerated() where entry.isSeen {
            var account = BlockAccessList.Account(journal.entries[place].address)
            account.balances = entry.balances
            account.nonces = entry.nonces
            account.codes = entry.codes.map {
                Change(index: $0.index, value: journal.code(hash: $0.value).bytes)
            }
            accounts[place] = account
        }
        for (place, slot) in slots.enumerated() where slot.isSeen {
            let (owner, key) = (journal.table.slots[place].owner, journal.table.slots[place].key)
            if slot.changes.isEmpty {
                accounts[owner]?.reads.append(key)
            } else {
                accounts[owner]?.slots.append(.init(key: key, changes: slot.changes))
            }
        }
        return BlockAccessList(
            accounts.values.map { account in
                var account = account
                account.slots.sort { $0.key < $1.key }
                account.reads.sort()
                return account
            }.sorted { $0.address < $1.address })
    }
}
