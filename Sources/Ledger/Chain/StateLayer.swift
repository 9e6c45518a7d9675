import Identifiers
import Machine
import Primitives
import Trie

/// What one block changed of the state: read in memory until it is on disk, then written.
struct StateLayer: Sendable {
    /// A slot of an account's storage.
    struct SlotKey: Hashable {
        /// The account.
        let address: Address
        /// The slot's number.
        let slot: UInt256
    }

    /// The root of the state after the block.
    var root: Hash32
    /// The changed accounts; `nil` if one is gone.
    var accounts: [Address: StoredAccount?] = [:]
    /// The accounts whose storage of before is gone.
    var cleared: Set<Address> = []
    /// The changed slots.
    var storage: [SlotKey: UInt256] = [:]
    /// The new code.
    var codes: [Hash32: [UInt8]] = [:]
    /// The changed nodes of the accounts' trie; empty if one is gone.
    var accountNodes: [NodePath: [UInt8]] = [:]
    /// The changed nodes of the storage tries, by the hash of the address; empty if one is gone.
    var storageNodes: [Hash32: [NodePath: [UInt8]]] = [:]
    /// What the disk is told of all this when the block is final.
    var writes: [Write] = []
}
