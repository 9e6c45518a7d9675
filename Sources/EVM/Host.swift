public import Identifiers
public import Primitives

/// The state of the world as running code sees it: all that the interpreter asks for.
///
/// The interpreter knows instructions, gas and frames; it knows no chain and no database. What it
/// changes it changes here, and takes back here when a frame fails.
public protocol Host: AnyObject {
    /// Marks an account as warm; returns whether it was cold (EIP-2929).
    func warm(_ address: Address) -> Bool

    /// Whether there is an account, be it empty.
    func exists(_ address: Address) -> Bool

    /// Whether an account is not there or empty in the sense of EIP-161.
    func isEmpty(_ address: Address) -> Bool

    /// What an account owns, in wei.
    func balance(_ address: Address) -> UInt256

    /// An account's nonce.
    func nonce(_ address: Address) -> UInt64

    /// An account's code.
    func code(_ address: Address) -> Code

    /// The hash of an account's code.
    func codeHash(_ address: Address) -> Hash32

    /// Whether an account has storage that is not zero (EIP-7610).
    func hasStorage(_ address: Address) -> Bool

    /// Reads a slot and marks it as warm; returns also whether it was cold.
    func load(_ address: Address, _ slot: UInt256) -> (value: UInt256, wasCold: Bool)

    /// Takes back that the last load is known of: it was not paid (EIP-7928).
    func retractLoad()

    /// What a slot holds, what it held when the transaction began, and whether it was cold.
    func prepareStore(_ address: Address, _ slot: UInt256) -> SlotHistory

    /// Writes a slot.
    func store(_ address: Address, _ slot: UInt256, _ value: UInt256)

    /// Reads a transient slot (EIP-1153).
    func loadTransient(_ address: Address, _ slot: UInt256) -> UInt256

    /// Writes a transient slot (EIP-1153).
    func storeTransient(_ address: Address, _ slot: UInt256, _ value: UInt256)

    /// Changes what clearing storage gives back.
    func refund(_ gas: Int64)

    /// Notes a log.
    func log(_ address: Address, topics: [Hash32], data: [UInt8])

    /// Moves wei; the source has them.
    func transfer(_ value: UInt256, from source: Address, to target: Address)

    /// Makes an account's nonce greater by one.
    func incrementNonce(_ address: Address)

    /// Makes an account for a contract that is about to run its initcode.
    func createContract(_ address: Address)

    /// Gives an account its code.
    func setCode(_ address: Address, _ code: [UInt8])

    /// Pays out a contract and, if so, has it destroyed at the end; returns whether it is so for
    /// the first time (EIP-6780).
    func selfDestruct(_ address: Address, payingTo beneficiary: Address) -> Bool

    /// The hash of one of the last 256 blocks; zero for any other.
    func blockHash(_ number: UInt64) -> Hash32

    /// The point that ``rollback(to:)`` comes back to.
    func checkpoint() -> Checkpoint

    /// Takes back all that changed since.
    func rollback(to checkpoint: Checkpoint)
}

/// A slot as the price of writing it depends on (EIP-2200).
public struct SlotHistory {
    /// What it held when the transaction began.
    public let original: UInt256
    /// What it holds.
    public let current: UInt256
    /// Whether the transaction had not touched it.
    public let wasCold: Bool

    /// Creates one.
    @inlinable
    public init(original: UInt256, current: UInt256, wasCold: Bool) {
        self.original = original
        self.current = current
        self.wasCold = wasCold
    }
}

/// A point in the history of a host's changes.
public struct Checkpoint {
    /// How many changes there were.
    public let changes: Int
    /// How many logs there were.
    public let logs: Int
    /// What was to be given back.
    public let refund: Int64

    /// Creates one.
    @inlinable
    public init(changes: Int, logs: Int, refund: Int64) {
        self.changes = changes
        self.logs = logs
        self.refund = refund
    }
}
