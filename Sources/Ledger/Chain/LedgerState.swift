import Crypto
import Encoding
public import Identifiers
import Machine
public import Primitives
import Store

/// The state after one block: what newer blocks in memory changed, over what is on disk.
///
/// Blocks older than the disk's newest are read through what was before each block since.
public struct LedgerState: StateView {
    /// The blocks in memory, newest first, down to the one after the disk's newest.
    let layers: [Overlay]
    /// The disk.
    let snapshot: any Snapshot
    /// How many blocks are on the disk.
    let blocksOnDisk: UInt64
    /// The block after which the state is meant.
    let number: UInt64

    /// The account at an address; `nil` where there is none.
    public func account(_ address: Address) -> Account? { stored(address)?.account }

    /// The value of a storage slot; zero where nothing is stored.
    public func storage(_ address: Address, _ slot: UInt256) -> UInt256 {
        storage(address, slot, owner: nil, hash: nil)
    }

    /// The code with this hash; empty where none is known.
    public func code(_ hash: Hash32) -> [UInt8] {
        guard hash != Account.emptyCodeHash else { return [] }
        for layer in layers {
            if let code = layer.state.codes[hash] { return code }
        }
        return snapshot.value(Tables.key(hash), in: Tables.codes) ?? []
    }

    /// Whether any slot of the account holds a value.
    public func hasStorage(_ address: Address) -> Bool {
        guard let account = stored(address) else { return false }
        return account.storageRoot != StoredAccount.emptyStorageRoot
    }

    /// Whether the state is older than the disk's newest.
    var isHistory: Bool { number + 1 < blocksOnDisk }

    /// The account as the trie commits to it.
    func stored(_ address: Address, hash: Hash32? = nil) -> StoredAccount? {
        for layer in layers {
            if let account = layer.state.accounts[address] { return account }
        }
        let key = Tables.key(hash ?? keccak256(address.bytes))
        guard let bytes = onDisk(key, Tables.accounts, history: Tables.accountHistory) else {
            return nil
        }
        return try? StoredAccount(decoding: bytes)
    }

    /// The value of a slot on disk, by the hashes of address and slot.
    func storedSlot(_ owner: Hash32, _ slot: Hash32) -> UInt256 {
        let key = Tables.key(owner, slot)
        guard let bytes = onDisk(key, Tables.storage, history: Tables.storageHistory) else {
            return .zero
        }
        return StoredSlot.value(bytes)
    }

    /// What the disk held under a key after the block: the oldest change since tells it.
    private func onDisk(_ key: [UInt8], _ table: Table, history: Table) -> [UInt8]? {
        if isHistory {
            for changed in (number + 1)..<blocksOnDisk {
                let before = snapshot.value(Tables.key(changed, before: key), in: history)
                if let before { return before == StoredSlot.zero ? nil : before }
            }
        }
        return snapshot.value(key, in: table)
    }
}

/// A slot's value as the storage trie commits to it; the store keeps the same bytes.
enum StoredSlot {
    /// The RLP of zero, which stands for nothing stored.
    static let zero: [UInt8] = [0x80]

    /// Reads a value.
    static func value(_ bytes: [UInt8]) -> UInt256 {
        guard let item = try? RLP.item(in: bytes, at: 0, end: bytes.count), !item.isList else {
            return .zero
        }
        return UInt256(bigEndian: bytes.span.extracting(item.payload)) ?? .zero
    }

    /// Writes a value.
    static func bytes(_ value: UInt256) -> [UInt8] {
        var writer = RLP.Writer(capacity: 33)
        writer.append(value)
        return writer.bytes
    }
}
