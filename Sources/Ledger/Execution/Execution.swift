public import Identifiers
public import Primitives

/// Why a block's body cannot be executed: nothing of it holds.
public enum BlockError: Error, Hashable, Sendable {
    /// A transaction cannot be part of the block at its place.
    case transaction(index: Int, InvalidTransaction)
    /// A contract that the rules call at the end of a block is not there (EIP-7002, EIP-7251).
    case systemContractMissing(Address)
    /// A contract that the rules call failed (EIP-7002, EIP-7251).
    case systemContractFailed(Address)
    /// The log of a deposit is not laid out as such (EIP-6110).
    case depositLayout
    /// The transactions use more blob gas than the block may hold, or more gas.
    case gasOverflow
}

/// What came of a block's body.
public struct Execution: Sendable {
    /// The receipts of the transactions.
    public let receipts: [Receipt]
    /// The gas that the transactions used.
    public let gasUsed: UInt64
    /// The gas that their blobs used.
    public let blobGasUsed: UInt64
    /// The requests to the consensus layer, each with its type before it; empty ones are left out.
    public let requests: [[UInt8]]
    /// What changed of the state.
    public let diff: StateDiff
    /// What it looked at and changed, by account; `nil` before Amsterdam (EIP-7928).
    public let accessList: BlockAccessList?

    /// Executes the transactions and all that the rules do before and after them.
    public init(
        of transactions: [SignedTransaction], withdrawals: [Withdrawal] = [],
        ommers: [Header] = [], in environment: BlockEnvironment, on view: any StateView,
        rootAfter: ((StateDiff) -> Hash32?)? = nil
    ) throws(BlockError) {
        let run = BlockRun(environment, on: view)
        run.begin()
        for (index, transaction) in transactions.enumerated() {
            do throws(InvalidTransaction) {
                try run.execute(transaction, rootAfter: rootAfter)
            } catch {
                throw .transaction(index: index, error)
            }
        }
        self = try run.finish(withdrawals: withdrawals, ommers: ommers)
    }

    /// Executes those of some transactions that can be part of the block, and passes over the rest.
    ///
    /// Stops when less gas is left than any transaction needs, or when those before have used so
    /// much gas; leaves out those whose bytes do not fit. What is passed over comes with its reason.
    public static func building(
        _ candidates: [SignedTransaction], gas: UInt64 = .max, bytes: Int,
        withdrawals: [Withdrawal] = [],
        in environment: BlockEnvironment, on view: any StateView
    ) throws(BlockError) -> Building {
        let run = BlockRun(environment, on: view)
        run.begin()
        var included: [SignedTransaction] = []
        var passed: [Building.Passed] = []
        var bytesLeft = bytes
        for candidate in candidates {
            guard environment.gasLimit &- run.gasUsed >= 21_000, run.gasUsed < gas else { break }
            guard candidate.encoded.count <= bytesLeft else { continue }
            do throws(InvalidTransaction) {
                try run.execute(candidate)
                included.append(candidate)
                bytesLeft -= candidate.encoded.count
            } catch {
                passed.append(Building.Passed(hash: candidate.hash, reason: error))
            }
        }
        let execution = try run.finish(withdrawals: withdrawals, ommers: [])
        return Building(included: included, passed: passed, execution: execution)
    }
}

/// What came of trying transactions for a new block.
public struct Building: Sendable {
    /// A transaction that cannot be part of the block.
    public struct Passed: Hashable, Sendable {
        /// Its hash.
        public let hash: Hash32
        /// Why.
        public let reason: InvalidTransaction
    }

    /// Those that are part of the block, in order.
    public let included: [SignedTransaction]
    /// Those that are not.
    public let passed: [Passed]
    /// What came of those that are.
    public let execution: Execution
}
