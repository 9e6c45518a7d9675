import EVM
import Identifiers
public import Primitives

/// One block's body under way: for what execution of a whole block does not show.
public struct BlockRun {
    /// What executes the transactions.
    public let executor: Executor
    private let receipts = ReceiptList()

    /// The receipts so far.
    private final class ReceiptList {
        var all: [Receipt] = []
    }

    /// Prepares the body of a block on a state.
    public init(_ environment: BlockEnvironment, on view: any StateView) {
        executor = Executor(environment, on: view)
    }

    var gasUsed: UInt64 { executor.headerGasUsed }
    private var environment: BlockEnvironment { executor.environment }
    private var revision: Revision { executor.environment.revision }

    /// What the rules do before the first transaction.
    public func begin() {
        if environment.number == environment.rules.daoForkBlock {
            DAOFork.move(in: executor.journal)
        }
        if revision >= .cancun, let root = environment.parentBeaconBlockRoot {
            _ = executor.callSystem(SystemContract.beaconRoots, input: root.bytes)
        }
        if revision >= .prague {
            _ = executor.callSystem(
                SystemContract.blockHashes, input: environment.parentHash.bytes)
        }
    }

    /// Executes one transaction, or says why it cannot be part of the block.
    ///
    /// Before Byzantium a receipt names the state's root right after the transaction.
    @discardableResult
    public func execute(
        _ transaction: SignedTransaction, rootAfter: ((StateDiff) -> Hash32?)? = nil
    ) throws(InvalidTransaction) -> Executed {
        advance()
        let executed = try executor.execute(transaction)
        note(executed, of: transaction.transaction, logs: executed.logs, rootAfter)
        return executed
    }

    /// Executes a transaction that nobody signed; `logs` chooses those that its receipt has.
    public func simulate(
        _ transaction: SignedTransaction, strictly: Bool, logs: ([Log]) -> [Log]
    ) throws(InvalidTransaction) -> Executed {
        advance()
        let executed = try executor.simulate(
            transaction.transaction, from: transaction.sender, strictly: strictly,
            checksNonce: strictly)
        executor.count(executed, of: transaction.transaction)
        note(executed, of: transaction.transaction, logs: logs(executed.logs)) { _ in nil }
        return executed
    }

    /// Tells who records accesses that the next part of the body begins (EIP-7928).
    private func advance() {
        executor.journal.recorder?.index = UInt64(receipts.all.count) + 1
    }

    private func note(
        _ executed: Executed, of transaction: Transaction, logs: [Log],
        _ rootAfter: ((StateDiff) -> Hash32?)?
    ) {
        var outcome = Receipt.Outcome.status(executed.outcome.succeeded)
        if revision < .byzantium, let root = rootAfter?(executor.journal.diff()) {
            outcome = .state(root)
        }
        receipts.all.append(
            Receipt(
                type: transaction.kind.rawValue, outcome: outcome,
                cumulativeGasUsed: executor.gasUsed, logs: logs))
    }

    /// What the rules do after the last transaction.
    public func finish(
        withdrawals: [Withdrawal], ommers: [Header] = []
    ) throws(BlockError) -> Execution {
        advance()
        for withdrawal in withdrawals {
            let wei = UInt256(withdrawal.amount) &* 1_000_000_000
            executor.journal.credit(withdrawal.address, wei)
        }
        for reward in environment.rewards(ommers) {
            executor.journal.credit(reward.recipient, reward.amount)
        }
        executor.journal.endTransaction()
        let requests = revision >= .prague ? try requests() : []
        return Execution(
            receipts: receipts.all, gasUsed: gasUsed,
            blobGasUsed: executor.blobGasUsed, requests: requests, diff: executor.journal.diff(),
            accessList: executor.journal.recorder?.list(executor.journal))
    }

    /// The requests to the consensus layer, in the order of their types (EIP-7685).
    private func requests() throws(BlockError) -> [[UInt8]] {
        let deposits = try Deposit.requests(in: receipts.all, of: environment.rules.depositContract)
        let calls: [(type: UInt8, address: Address)] = [
            (1, SystemContract.withdrawals), (2, SystemContract.consolidations),
        ]
        var all = deposits.isEmpty ? [] : [[0] + deposits]
        for call in calls {
            guard let outcome = executor.callSystem(call.address, input: []) else {
                throw .systemContractMissing(call.address)
            }
            guard outcome.succeeded else { throw .systemContractFailed(call.address) }
            if !outcome.output.isEmpty { all.append([call.type] + outcome.output) }
        }
        return all
    }
}

extension Execution {
    /// Creates what came of a body.
    init(
        receipts: [Receipt], gasUsed: UInt64, blobGasUsed: UInt64, requests: [[UInt8]],
        diff: StateDiff, accessList: BlockAccessList?
    ) {
        self.receipts = receipts
        self.gasUsed = gasUsed
        self.blobGasUsed = blobGasUsed
        self.requests = requests
        self.diff = diff
        self.accessList = accessList
    }
}
