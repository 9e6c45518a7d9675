import Encoding
import EVM
import Identifiers
import Ledger
import Primitives

/// Runs imagined transactions on a state, and throws away what they change.
struct Simulation {
    private let state: any StateView
    private let environment: BlockEnvironment

    /// Prepares a run in a block's place; `isLater` lets a second go by first.
    ///
    /// An estimate is for a block that is yet to come. Contracts that do more once time has passed
    /// would need more there than in the same second.
    init(
        _ view: ChainView, _ selector: BlockSelector, _ overrides: Overrides,
        isLater: Bool = false
    ) throws(RPCError) {
        let state = try view.state(selector)
        self.state =
            overrides.accounts.isEmpty ? state : OverriddenState(state, overrides.accounts)
        var header = try view.header(selector)
        header.number = overrides.number ?? header.number
        header.timestamp = overrides.timestamp ?? header.timestamp &+ (isLater ? 1 : 0)
        header.gasLimit = overrides.gasLimit ?? header.gasLimit
        header.beneficiary = overrides.feeRecipient ?? header.beneficiary
        header.mixHash = overrides.prevRandao ?? header.mixHash
        header.baseFeePerGas = overrides.baseFee ?? header.baseFeePerGas
        environment = BlockEnvironment(header, rules: view.rules) { number in
            view.hash(number: number) ?? .zero
        }
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

    /// The least gas, but for a sixty-fourth, with which a transaction succeeds.
    func estimateGas(_ request: CallRequest) throws(RPCError) -> JSON {
        var most = try allowance(request)
        if isPlainTransfer(request), try succeeds(request, gas: Simulation.transferGas) {
            return .quantity(Simulation.transferGas)
        }
        let first = try run(request, gas: most)
        switch first.outcome.status {
        case .success: break
        case .reverted: throw .reverted(first.outcome.output)
        case .failed(.outOfGas): throw .server("gas required exceeds allowance (\(most))")
        case .failed(let halt): throw .server(halt.rawValue)
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
        let balance = state.account(request.from)?.balance ?? .zero
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
        let hash = state.account(to)?.codeHash ?? Ledger.Account.emptyCodeHash
        return hash == Ledger.Account.emptyCodeHash
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
        let transaction = request.transaction(
            gas: gas, nonce: state.account(request.from)?.nonce ?? 0,
            in: environment)
        var environment = environment
        // Who offers nothing for gas is not held to the base fee, and does not see one.
        if transaction.maxFeePerGas.isZero { environment.baseFee = .zero }
        environment.gasLimit = max(environment.gasLimit, gas)
        return try Executor(environment, on: state).simulate(transaction, from: request.from)
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
            accessList: (accessList ?? []).map { entry in
                Transaction.Access(address: entry.address, slots: entry.keys.map(\.slot))
            })
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
    fileprivate var authorization: Authorization {
        var authorization = Authorization(chainID: chainID, address: address, nonce: nonce)
        authorization.yParity = UInt8(clamping: yParity)
        authorization.r = r
        authorization.s = s
        return authorization
    }
}
