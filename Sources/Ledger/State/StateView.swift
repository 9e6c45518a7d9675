public import Identifiers
public import Primitives

/// The state of the ledger at one moment, to be read.
///
/// Execution reads through a view and answers with a ``StateDiff``; it never writes. A view may
/// be read from any worker.
public protocol StateView: Sendable {
    /// The account at an address; `nil` where there is none.
    func account(_ address: Address) -> Account?

    /// The value of a storage slot; zero where nothing is stored.
    func storage(_ address: Address, _ slot: UInt256) -> UInt256

    /// The code with this hash; empty for ``Account/emptyCodeHash``.
    func code(_ hash: Hash32) -> [UInt8]

    /// Whether any slot of the account holds a value (EIP-7610).
    func hasStorage(_ address: Address) -> Bool
}

/// What the ledger keeps of an account, but for its storage and the code itself.
public struct Account: Hashable, Sendable {
    /// How many transactions it sent, or contracts it created.
    public var nonce: UInt64
    /// What it owns, in wei.
    public var balance: UInt256
    /// The Keccak-256 of its code.
    public var codeHash: Hash32

    /// Keccak-256 of nothing.
    public static let emptyCodeHash = Hash32(
        a: 0xc5d2_4601_86f7_233c, b: 0x927e_7db2_dcc7_03c0,
        c: 0xe500_b653_ca82_273b, d: 0x7bfa_d804_5d85_a470)

    /// Creates an account.
    public init(
        nonce: UInt64 = 0, balance: UInt256 = 0, codeHash: Hash32 = Account.emptyCodeHash
    ) {
        self.nonce = nonce
        self.balance = balance
        self.codeHash = codeHash
    }

    /// Whether it is empty in the sense of EIP-161.
    public var isEmpty: Bool {
        nonce == 0 && balance.isZero && codeHash == Account.emptyCodeHash
    }
}

/// What execution changed: the whole difference between a state and the next.
///
/// Everything is sorted by address and slot, so equal executions give equal diffs.
public struct StateDiff: Hashable, Sendable {
    /// One changed account.
    public struct Change: Hashable, Sendable {
        /// Whose.
        public let address: Address
        /// What it is afterwards; `nil` if it is gone.
        public let account: Account?
        /// Whether all storage that it had before is gone; `storage` then lists all that is there.
        public let storageCleared: Bool
        /// The slots that changed, sorted, with their new values; zero takes a slot out.
        public let storage: [Slot]

        /// Creates a change.
        public init(
            address: Address, account: Account?, storageCleared: Bool = false, storage: [Slot] = []
        ) {
            self.address = address
            self.account = account
            self.storageCleared = storageCleared
            self.storage = storage
        }
    }

    /// One changed slot of storage.
    public struct Slot: Hashable, Sendable {
        /// Its number.
        public let key: UInt256
        /// Its new value.
        public let value: UInt256

        /// Creates a slot.
        public init(key: UInt256, value: UInt256) {
            self.key = key
            self.value = value
        }
    }

    /// One piece of code that is new.
    public struct Code: Hashable, Sendable {
        /// Its Keccak-256.
        public let hash: Hash32
        /// The code.
        public let bytes: [UInt8]

        /// Creates a piece of code.
        public init(hash: Hash32, bytes: [UInt8]) {
            self.hash = hash
            self.bytes = bytes
        }
    }

    /// The changed accounts, sorted by address.
    public let changes: [Change]
    /// The new code, sorted by hash.
    public let codes: [Code]

    /// Creates a diff.
    public init(changes: [Change], codes: [Code]) {
        self.changes = changes
        self.codes = codes
    }
}
