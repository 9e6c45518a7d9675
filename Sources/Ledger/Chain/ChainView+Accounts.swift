import Identifiers
import Machine
import Primitives
import Store

extension ChainView {
    /// All accounts of the newest state, whole: of a development chain that is on disk up to there.
    ///
    /// The state knows the hashes of addresses and slots alone; what they are of is kept beside it.
    public func allocations() throws(ChainError) -> [Allocation] {
        var found: [Allocation] = []
        for entry in snapshot.entries(startingWith: [], in: Tables.accounts) {
            guard let account = try? StoredAccount(decoding: entry.value),
                let address = Address(try name(entry.key))
            else { throw .damaged("an account is unreadable") }
            var allocation = Allocation(
                address: address, nonce: account.nonce, balance: account.balance,
                code: state.code(account.codeHash))
            for slot in snapshot.entries(startingWith: entry.key, in: Tables.storage) {
                guard let key = UInt256(bigEndian: try name(Array(slot.key.dropFirst(32))))
                else { throw .damaged("a slot is unreadable") }
                allocation.storage[key] = StoredSlot.value(slot.value)
            }
            found.append(allocation)
        }
        return found.sorted { $0.address < $1.address }
    }

    private func name(_ hash: [UInt8]) throws(ChainError) -> [UInt8] {
        guard let name = snapshot.value(hash, in: Tables.names) else {
            throw .tooMany("the chain was begun by a version that kept no addresses")
        }
        return name
    }
}
