import Crypto
public import EVM
public import Identifiers
public import Primitives

/// Executes the transactions of one block on a state, one after another.
///
/// One executor holds one journal and one interpreter, so that what a block's transactions read is
/// read once. It is the only place where a transaction's rules meet its effects.
public final class Executor {
    /// What the block is.
    public let environment: BlockEnvironment
    /// The state as the block changes it.
    public let journal: Journal
    let interpreter: Interpreter
    private let blobBaseFee: UInt256
    /// The gas used so far.
    public private(set) var gasUsed: UInt64 = 0
    /// The gas used so far as the block counts it since Amsterdam (EIP-7778, EIP-8037).
    public private(set) var blockGas = BlockGas()
    /// The blob gas used so far.
    public private(set) var blobGasUsed: UInt64 = 0

    /// The gas that calls of the rules themselves used so far, which no block counts.
    public internal(set) var systemGasUsed: UInt64 = 0

    /// Creates an executor of a block on a state.
    public init(
        _ environment: BlockEnvironment, on view: any StateView, engine: Engine = .tiered
    ) {
        self.environment = environment
        journal = Journal(
            view: view, revision: environment.revision, blockHash: environment.blockHash)
        interpreter = Interpreter(
            revision: environment.revision, environment: environment.interpreterEnvironment,
            host: journal, engine: engine)
        blobBaseFee = environment.blobBaseFee
    }

    /// Who is told of every step; `nil` costs nothing.
    public var tracer: (any Tracer)? {
        get { interpreter.tracer }
        set { interpreter.tracer = newValue }
    }

    /// The built-in contracts by address, where they are not those of the revision.
    public var precompiles: [Address: Precompile]? {
        get { interpreter.precompiles }
        set { interpreter.precompiles = newValue }
    }

    var revision: Revision { environment.revision }

    /// Executes a transaction, or says why it cannot be part of the block and changes nothing.
    public func execute(_ signed: SignedTransaction) throws(InvalidTransaction) -> Executed {
        let intrinsic: IntrinsicGas
        do throws(InvalidTransaction) {
            intrinsic = try check(signed)
        } catch {
            journal.recorder?.retract()
            throw error
        }
        let executed = perform(signed, intrinsic, price: price(signed.transaction))
        count(executed, of: signed.transaction)
        return executed
    }

    /// Adds what a transaction used to what the block used.
    func count(_ executed: Executed, of transaction: Transaction) {
        gasUsed += executed.gasUsed
        blockGas.regular += executed.blockGas.regular
        blockGas.state += executed.blockGas.state
        blobGasUsed += transaction.blobGas
    }

    private func price(_ transaction: Transaction) -> UInt256 {
        transaction.effectiveGasPrice(baseFee: environment.baseFee)
    }

    /// Says what is wrong with a transaction at this point of the block, if anything is.
    public func check(_ signed: SignedTransaction) throws(InvalidTransaction) -> IntrinsicGas {
        let transaction = signed.transaction
        try transaction.checkKind(revision, chainID: environment.rules.chainID)
        try checkRoom(transaction)
        try checkFees(transaction)
        let intrinsic = try transaction.checkGas(revision, blockLimit: environment.gasLimit)
        try checkBlobs(transaction)
        try checkSender(signed)
        return intrinsic
    }

    /// Checks that the block has room for all the gas that the transaction may use.
    private func checkRoom(_ transaction: Transaction) throws(InvalidTransaction) {
        func check(_ gas: UInt64, _ used: UInt64) throws(InvalidTransaction) {
            let left = environment.gasLimit - min(used, environment.gasLimit)
            guard gas <= left else { throw .gasLimitAboveBlock(found: gas, left: left) }
        }
        guard revision >= .amsterdam else { return try check(transaction.gasLimit, gasUsed) }
        // Each kind of gas has the whole limit for itself (EIP-8037).
        let intrinsic = transaction.intrinsicGas(revision, blockLimit: environment.gasLimit)
        let limit = transaction.gasLimit
        try check(
            min(limit - min(limit, intrinsic.state), Transaction.gasCap), blockGas.regular)
        try check(limit - min(limit, intrinsic.regular), blockGas.state)
    }

    /// What a block's header says that was used.
    var headerGasUsed: UInt64 { revision >= .amsterdam ? blockGas.greater : gasUsed }

    func checkFees(_ transaction: Transaction) throws(InvalidTransaction) {
        try transaction.checkPriority()
        guard transaction.maxFeePerGas >= environment.baseFee else {
            throw .feeBelowBaseFee(
                found: transaction.maxFeePerGas, baseFee: environment.baseFee)
        }
    }

    private func checkBlobs(_ transaction: Transaction) throws(InvalidTransaction) {
        guard transaction.kind == .blob, let parameters = environment.blobParameters else {
            return
        }
        let count = transaction.blobHashes.count
        guard count > 0 else { throw .noBlobs }
        let perBlock = Int(clamping: parameters.max)
        let limit =
            revision >= .osaka ? min(perBlock, BlobParameters.blobsPerTransaction) : perBlock
        let used = Int(clamping: blobGasUsed / BlobParameters.gasPerBlob)
        guard count <= limit, count <= perBlock - used else {
            throw .tooManyBlobs(found: count, limit: min(limit, perBlock - used))
        }
        for hash in transaction.blobHashes where hash.a >> 56 != 1 {
            throw .blobVersion(UInt8(truncatingIfNeeded: hash.a >> 56))
        }
        guard transaction.maxFeePerBlobGas >= blobBaseFee else {
            throw .blobFeeBelowPrice(found: transaction.maxFeePerBlobGas, price: blobBaseFee)
        }
    }

    private func checkSender(_ signed: SignedTransaction) throws(InvalidTransaction) {
        let transaction = signed.transaction
        try checkNonce(transaction, of: signed.sender)
        guard transaction.nonce < .max else { throw .nonceAtLimit }
        // EIP-3607; a delegation is no contract (EIP-7702).
        guard
            signed.isImpersonated || journal.codeHash(signed.sender) == Account.emptyCodeHash
                || revision >= .prague && journal.code(signed.sender).delegate != nil
        else { throw .senderIsContract }
        let balance = journal.balance(signed.sender)
        let needed = transaction.greatestCost ?? .max
        guard balance >= needed, transaction.greatestCost != nil else {
            throw .insufficientFunds(found: balance, needed: needed)
        }
    }
}

extension Executor {
    func checkNonce(_ transaction: Transaction, of sender: Address) throws(InvalidTransaction) {
        let nonce = journal.nonce(sender)
        if transaction.nonce < nonce {
            throw .nonceTooLow(found: transaction.nonce, expected: nonce)
        }
        if transaction.nonce > nonce {
            throw .nonceTooHigh(found: transaction.nonce, expected: nonce)
        }
    }
}

/// What came of a transaction that is part of the block.
public struct Executed: Sendable {
    /// How it ended, and what it returned.
    public let outcome: Outcome
    /// The gas that it is charged for.
    public let gasUsed: UInt64
    /// The gas that it used before something came back.
    public let greatestGasUsed: UInt64
    /// What of it the block counts since Amsterdam.
    public let blockGas: BlockGas
    /// What a unit of gas cost it.
    public let gasPrice: UInt256
    /// What it noted.
    public let logs: [Log]
}

/// Gas of two kinds, as blocks count it since Amsterdam: nothing comes back (EIP-7778, EIP-8037).
public struct BlockGas: Hashable, Sendable {
    /// The gas for work.
    public var regular: UInt64 = 0
    /// The gas for what was added to the state.
    public var state: UInt64 = 0

    /// The kind that fills the block.
    public var greater: UInt64 { max(regular, state) }
}

extension Transaction {
    /// The most that it may cost its sender; `nil` if no number is as great.
    public var greatestCost: UInt256? {
        let (gas, gasOverflow) = UInt256(gasLimit).multipliedReportingOverflow(by: maxFeePerGas)
        let (blobs, blobOverflow) = UInt256(blobGas).multipliedReportingOverflow(
            by: maxFeePerBlobGas)
        let (fees, feeOverflow) = gas.addingReportingOverflow(blobs)
        let (sum, overflow) = fees.addingReportingOverflow(value)
        return gasOverflow || blobOverflow || feeOverflow || overflow ? nil : sum
    }
}
