import Crypto
public import Identifiers
public import Primitives

/// A whole state in memory, for tests, benchmarks and tools: a view that diffs can be applied to.
public struct MemoryState: StateView {
    private var accounts: [Address: Account] = [:]
    private var slots: [Address: [UInt256: UInt256]] = [:]
    private var codes: [Hash32: [UInt8]] = [:]

    /// Creates the state that is these accounts and no others.
    public init(_ allocations: [Allocation] = []) {
        for allocation in allocations {
            let hash = allocation.code.isEmpty ? Account.emptyCodeHash : keccak256(allocation.code)
            codes[hash] = allocation.code
            accounts[allocation.address] = Account(
                nonce: allocation.nonce, balance: allocation.balance, codeHash: hash)
            slots[allocation.address] = allocation.storage.filter { !$0.value.isZero }
        }
    }

    /// The account at an address; `nil` where there is none.
    public func account(_ address: Address) -> Account? { accounts[address] }

    /// The value of a storage slot; zero where nothing is stored.
    public func storage(_ address: Address, _ slot: UInt256) -> UInt256 {
        slots[address]?[slot] ?? .zero
    }

    /// The code with this hash; empty for none.
    public func code(_ hash: Hash32) -> [UInt8] { codes[hash] ?? [] }

    /// Whether any slot of the account holds a value (EIP-7610).
    public func hasStorage(_ address: Address) -> Bool { slots[address]?.isEmpty == false }

    /// Makes the state what execution left of it.
    public mutating func apply(_ diff: StateDiff) {
        for code in diff.codes { codes[code.hash] = code.bytes }
        for change in diff.changes {
            accounts[change.address] = change.account
            if change.storageCleared || change.account == nil { slots[change.address] = nil }
            for slot in change.storage {
                slots[change.address, default: [:]][slot.key] =
                    slot.value.isZero ? nil : slot.value
            }
        }
    }

    /// All accounts, sorted by address.
    public var allocations: [Allocation] {
        accounts.sorted { $0.key < $1.key }.map { address, account in
            Allocation(
                address: address, nonce: account.nonce, balance: account.balance,
                code: code(account.codeHash), storage: slots[address] ?? [:])
        }
    }

    /// The root of the state.
    public var root: Hash32 { Allocation.stateRoot(of: allocations) }
}
