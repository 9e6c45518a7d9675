import Crypto
public import Identifiers
public import Primitives
import Machine
import Store
import Trie

/// What proves an account and some of its storage under a state root (EIP-1186).
public struct AccountProof: Hashable, Sendable {
    /// One slot of storage with its proof.
    public struct Slot: Hashable, Sendable {
        /// The slot's number.
        public let key: UInt256
        /// Its value.
        public let value: UInt256
        /// The nodes from the storage's root to it.
        public let proof: [[UInt8]]
    }

    /// Whose account.
    public let address: Address
    /// The account; `nil` if the proof shows that there is none.
    public let account: StoredAccount?
    /// The nodes from the state's root to it.
    public let proof: [[UInt8]]
    /// The slots that were asked for.
    public let slots: [Slot]
}

/// The nodes of one trie, in memory and on disk.
struct LedgerNodes: NodeSource {
    let layers: [Overlay]
    let snapshot: any Snapshot
    /// The hash of the account's address; `nil` for the accounts' own trie.
    let owner: Hash32?

    func node(at path: NodePath) -> [UInt8]? {
        guard let owner else {
            for layer in layers {
                if let node = layer.state.accountNodes[path] { return node.isEmpty ? nil : node }
            }
            return snapshot.value(path.key, in: Tables.accountNodes)
        }
        for layer in layers {
            if let node = layer.state.storageNodes[owner]?[path] {
                return node.isEmpty ? nil : node
            }
        }
        return snapshot.value(Tables.key(owner, path.key), in: Tables.storageNodes)
    }
}

extension ChainView {
    /// How many slots one proof may hold.
    public static let proofSlotLimit = 1024

    /// Proves an account and slots of its storage after a block.
    public func proof(
        of address: Address, slots: [UInt256], at number: UInt64
    ) throws(ChainError) -> AccountProof {
        guard slots.count <= ChainView.proofSlotLimit else {
            throw .tooMany("proof of more than \(ChainView.proofSlotLimit) slots")
        }
        let state = try state(at: number)
        guard let header = header(number: number) else { throw .unknownNumber(number) }
        let account = state.stored(address)
        let owner = keccak256(address.bytes)
        let stateRoot = number == head.number ? self.stateRoot : header.stateRoot
        let tries = try state.tries(root: stateRoot)
        do throws(TrieError) {
            let proof = try Trie.proof(
                of: NodePath(owner), root: stateRoot, from: tries.accounts)
            let root = account?.storageRoot ?? Trie.emptyRoot
            let storage = try tries.storage(owner, root: root)
            var proven: [AccountProof.Slot] = []
            for slot in slots {
                let nodes = try Trie.proof(
                    of: NodePath(keccak256(slot.bytes)), root: root, from: storage)
                proven.append(
                    AccountProof.Slot(key: slot, value: state.storage(address, slot), proof: nodes))
            }
            return AccountProof(address: address, account: account, proof: proof, slots: proven)
        } catch {
            throw .trie(error)
        }
    }
}
