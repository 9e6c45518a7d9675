import Encoding
import EVM
import Identifiers
import Ledger
import Primitives

/// Runs imagined transactions on a state, and throws away what they change.
struct Simulation {
    private let state: any StateView
    private let overrides: Overrides
    /// The state as the caller wants it, to be looked at: what runs has a journal of its own.
    private let accounts: Journal
    private let environment: BlockEnvironment
    private let precompiles: [Address: Precompile]?

    /// Prepares a run in a block's place; `isLater` lets a second go by first.
    ///
    /// An estimate is for a block that is yet to come. Contracts that do more once time has passed
    /// would need more there than in the same second.
    init(
        _ view: ChainView, _ selector: BlockSelector, _ overrides: Overrides,
        isLater: Bool = false
    ) throws(RPCError) {
        let state = try view.state(selector)
        self.state = state
        self.overrides = overrides
        var header = try view.header(selector)
        header.number = overrides.number ?? header.number
        header.timestamp = overrides.timestamp ?? header.timestamp &+ (isLater ? 1 : 0)
        header.gasLimit = overrides.gasLimit ?? header.gasLimit
        header.beneficiary = overrides.feeRecipient ?? header.beneficiary
        header.mixHash = overrides.prevRandao ?? header.mixHash
        header.baseFeePerGas = overrides.baseFee ?? header.baseFeePerGas
        var environment = view.environment(of: header)
        environment.wantedBlobBaseFee = overrides.blobBaseFee
        self.environment = environment
        precompiles = try overrides.precompiles(environment.revision)
        accounts = Journal(
            view: state, revision: environment.revision, blockHash: environment.blockHash)
        overrides.apply(to: accounts)
    }

    private func executor(_ environment: BlockEnvironment) -> Executor {
        let executor = Executor(environment, on: state)
        executor.precompiles = precompiles
        overrides.apply(to: executor.journal)
        return executor
    }

    /// What a call returns.
    func call(_ request: CallRequest) throws(RPCError) -> JSON {
        let outcome = try run(request, gas: min(request.gas ?? .max, RPCLimits.callGas)).outcome
        switch outcome.status {
        case .success: return .data(outcome.output)
        case .reverted: throw .reverted(outcome.output)
        case .failed(let halt): throw .server(halt.rawValue)
        }
    }

    /// What comes of a call that has at most so much gas.
    func outcome(_ request: CallRequest, gas: UInt64) throws(RPCError) -> Executed {
        try run(request, gas: min(request.gas ?? gas, gas))
    }

    /// How an imagined transaction runs.
    func trace(_ request: CallRequest, _ options: TraceOptions) throws(RPCError) -> JSON {
        let tracer = options.tracer(revision, nil)
        return tracer.answer(try watch(request, tracer))
    }

    /// The rules in force.
    var revision: Revision { environment.revision }

    /// Executes an imagined transaction, watched by a tracer that keeps what it saw.
    func watch(
        _ request: CallRequest, _ tracer: any TransactionTracer
    ) throws(RPCError) -> Executed {
        let gas = min(request.gas ?? .max, RPCLimits.callGas)
        let (executor, transaction) = prepare(request, gas: gas)
        let signed = SignedTransaction(transaction, sender: request.from)
        return try watch(signed, on: executor, tracer)
    }

    /// Executes a transaction, watched by a tracer that keeps what it saw.
    func watch(
        _ signed: SignedTransaction, on executor: Executor, _ tracer: any TransactionTracer
    ) throws(RPCError) -> Executed {
        tracer.begin(signed, in: executor)
        executor.tracer = tracer
        let executed = try carryOut(executor, signed.transaction, from: signed.sender)
        guard !tracer.isFull else { throw .responseTooLarge }
        return executed
    }

    /// An executor for several transactions, each of which sees those before it.
    func shared() -> Executor {
        var environment = environment
        environment.gasLimit = max(environment.gasLimit, RPCLimits.callGas)
        return executor(environment)
    }

    /// An imagined transaction that has its turn on a shared executor.
    func transaction(
        _ request: CallRequest, gas: UInt64, on executor: Executor
    ) -> SignedTransaction {
        SignedTransaction(
            request.transaction(
                gas: min(request.gas ?? gas, gas), nonce: executor.journal.nonce(request.from),
                in: executor.environment),
            sender: request.from)
    }

    /// The accounts and slots that a call touches, and the gas that it uses when told of them.
    func accessList(_ request: CallRequest) throws(RPCError) -> JSON {
        let gas = min(request.gas ?? .max, min(environment.gasLimit, RPCLimits.callGas))
        let recipient =
            request.to
            ?? Address.created(
                by: request.from, nonce: request.nonce ?? accounts.nonce(request.from))
        let excluded = Set(
            [request.from, recipient] + Precompile.addresses(in: environment.revision))
        var list = request.accesses
        for _ in 0..<RPCLimits.accessListRounds {
            let tracer = AccessTracer(excluding: excluded, from: list)
            var (executor, transaction) = prepare(request, gas: gas)
            transaction.accessList = list
            executor.tracer = tracer
            let executed = try carryOut(executor, transaction, from: request.from)
            guard !tracer.isFull else { throw .responseTooLarge }
            if tracer.list == list { return Simulation.accessList(list, executed) }
            list = tracer.list
        }
        throw .server("the access list does not settle")
    }

    private static func accessList(
        _ list: [Transaction.Access], _ executed: Executed
    ) -> JSON {
        var members: [JSON.Member] = [
            .init("accessList", .array(list.map(\.json))),
            .init("gasUsed", .quantity(executed.gasUsed)),
        ]
        switch executed.outcome.status {
        case .success: break
        case .reverted: members.append(.init("error", "execution reverted"))
        case .failed(let halt): members.append(.init("error", .string(halt.words)))
        }
        return .object(members)
    }

    /// The least gas, but for a sixty-fourth, with which a transaction succeeds.
    ///
    /// Most transactions need no more than they use, which one further run proves: with `exactly`
    /// that is the answer. JSON-RPC's other clients do not look for it, and callers compare.
    func estimateGas(
        _ request: CallRequest, exactly: Bool = false
    ) throws(RPCError) -> JSON {
        var most = try allowance(request)
        if isPlainTransfer(request), try succeeds(request, gas: Simulation.transferGas) {
            return .quantity(Simulation.transferGas)
        }
        let first = try run(request, gas: most)
        switch first.outcome.status {
        case .success: break
        case .reverted: throw .reverted(first.outcome.output)
        case .failed(let halt) where halt.isShortage:
            throw .server("gas required exceeds allowance (\(most))")
        case .failed(let halt): throw .server(halt.rawValue)
        }
        if exactly, try succeeds(request, gas: first.greatestGasUsed) {
            return .quantity(first.greatestGasUsed)
        }
        var least = max(first.gasUsed, 1) - 1
        // Calls pass on 63 of 64 parts (EIP-150), and a call with value needs its stipend: this
        // guess mostly holds, and then few steps are left.
        let guess = (first.gasUsed + 2_300) * 64 / 63
        if guess < most, try succeeds(request, gas: guess) {
            most = guess
        } else if guess < most {
            least = guess
        }
        while least + 1 < most, most - least > most / 64 {
            // Most transactions need little: far above the least, steps go by doubling.
            let middle = min(least + (most - least) / 2, least * 2)
            if try succeeds(request, gas: middle) { most = middle } else { least = middle }
        }
        return .quantity(most)
    }

    private static let transferGas: UInt64 = 21_000

    /// The most gas that the transaction may use and its sender can pay.
    private func allowance(_ request: CallRequest) throws(RPCError) -> UInt64 {
        var most = min(environment.gasLimit, RPCLimits.callGas)
        if environment.revision >= .osaka { most = min(most, Transaction.gasCap) }
        if let gas = request.gas, gas >= Simulation.transferGas { most = min(most, gas) }
        let price = request.maxFeePerGas ?? request.gasPrice ?? .zero
        guard !price.isZero else { return most }
        let balance = accounts.balance(request.from)
        guard balance >= request.value else {
            throw .server("insufficient funds for transfer")
        }
        let payable = (balance &- request.value) / price
        guard payable >= UInt256(Simulation.transferGas) else {
            throw .server("gas required exceeds allowance (\(payable.asUInt64 ?? 0))")
        }
        return min(most, payable.asUInt64 ?? most)
    }

    private func isPlainTransfer(_ request: CallRequest) -> Bool {
        guard let to = request.to, request.data.isEmpty, request.accessList == nil,
            request.authorizations == nil
        else { return false }
        return accounts.codeHash(to) == Ledger.Account.emptyCodeHash
    }

    private func succeeds(_ request: CallRequest, gas: UInt64) throws(RPCError) -> Bool {
        do throws(InvalidTransaction) {
            return try execute(request, gas: gas).outcome.succeeded
        } catch {
            switch error {
            case .intrinsicGas, .floorGas: return false
            default: throw RPCError(error)
            }
        }
    }

    private func run(_ request: CallRequest, gas: UInt64) throws(RPCError) -> Executed {
        do throws(InvalidTransaction) {
            return try execute(request, gas: gas)
        } catch {
            throw RPCError(error)
        }
    }

    private func execute(
        _ request: CallRequest, gas: UInt64
    ) throws(InvalidTransaction) -> Executed {
        let (executor, transaction) = prepare(request, gas: gas)
        return try executor.simulate(transaction, from: request.from, strictly: false)
    }

    private func carryOut(
        _ executor: Executor, _ transaction: Transaction, from sender: Address
    ) throws(RPCError) -> Executed {
        do throws(InvalidTransaction) {
            return try executor.simulate(transaction, from: sender, strictly: false)
        } catch {
            throw RPCError(error)
        }
    }

    private func prepare(
        _ request: CallRequest, gas: UInt64
    ) -> (executor: Executor, transaction: Transaction) {
        let transaction = request.transaction(
            gas: gas, nonce: accounts.nonce(request.from),
            in: environment)
        var environment = environment
        // Who offers nothing for gas is not held to the base fee, and does not see one.
        if transaction.maxFeePerGas.isZero { environment.baseFee = .zero }
        environment.gasLimit = max(environment.gasLimit, gas)
        return (executor(environment), transaction)
    }
}

extension CallRequest {
    /// The transaction that is meant, its open fields filled in.
    fileprivate func transaction(
        gas: UInt64, nonce: UInt64, in environment: BlockEnvironment
    ) -> Transaction {
        let tip = maxPriorityFeePerGas ?? gasPrice ?? .zero
        let (sum, overflow) = environment.baseFee.addingReportingOverflow(tip)
        let most =
            maxFeePerGas ?? gasPrice
            ?? (maxPriorityFeePerGas == nil ? .zero : overflow ? .max : sum)
        var transaction = Transaction(
            chainID: environment.rules.chainID, nonce: self.nonce ?? nonce,
            maxPriorityFeePerGas: min(tip, most), maxFeePerGas: most, gasLimit: gas, to: to,
            value: value, data: data,
            accessList: accesses)
        if let blobHashes, !blobHashes.isEmpty {
            transaction.kind = .blob
            transaction.blobHashes = blobHashes
            transaction.maxFeePerBlobGas = maxFeePerBlobGas ?? environment.blobBaseFee
        }
        if let authorizations, !authorizations.isEmpty {
            transaction.kind = .setCode
            transaction.authorizationList = authorizations.map(\.authorization)
        }
        return transaction
    }
}

extension AuthorizationRequest {
    /// The authorization as it would stand in a transaction.
    var authorization: Authorization {
        var authorization = Authorization(chainID: chainID, address: address, nonce: nonce)
        authorization.yParity = UInt8(clamping: yParity)
        authorization.r = r
        authorization.s = s
        return authorization
    }
}
