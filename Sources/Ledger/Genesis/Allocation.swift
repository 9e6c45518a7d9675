import Crypto
import Encoding
public import Identifiers
public import Primitives
import Trie

/// An account as it is given whole: in a genesis, or in a test.
public struct Allocation: Hashable, Sendable {
    /// Whose account.
    public var address: Address
    /// How many transactions it sent.
    public var nonce: UInt64
    /// What it owns, in wei.
    public var balance: UInt256
    /// Its code; empty for a person's account.
    public var code: [UInt8]
    /// What it keeps, by slot; zeros are as good as missing.
    public var storage: [UInt256: UInt256]

    /// Creates an account.
    public init(
        address: Address, nonce: UInt64 = 0, balance: UInt256 = 0, code: [UInt8] = [],
        storage: [UInt256: UInt256] = [:]
    ) {
        self.address = address
        self.nonce = nonce
        self.balance = balance
        self.code = code
        self.storage = storage
    }

    /// The root of a state that is these accounts and no others; an address may be there once.
    public static func stateRoot(of accounts: [Allocation]) -> Hash32 {
        Trie.root(
            of: accounts.map { account in
                let stored = StoredAccount(
                    nonce: account.nonce, balance: account.balance,
                    storageRoot: account.storageRoot,
                    codeHash: account.code.isEmpty
                        ? Account.emptyCodeHash : keccak256(account.code))
                return TrieChange(
                    key: NodePath(keccak256(account.address.bytes)), value: stored.encoded)
            })
    }

    /// The root of the account's storage.
    public var storageRoot: Hash32 {
        Trie.root(
            of: storage.filter { !$0.value.isZero }.map { slot, value in
                var writer = RLP.Writer()
                writer.append(value)
                return TrieChange(key: NodePath(keccak256(slot.bytes)), value: writer.bytes)
            })
    }
}
