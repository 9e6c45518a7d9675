import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// Blocks that nobody decided on, executed one after another on the chain (`eth_simulateV1`).
///
/// They are made as real ones are: rules before and after the transactions, receipts, roots and
/// hashes. Each reads the state through the ones before it, and all go when the answer is given.
struct ImaginedChain {
    private let request: ImaginedBlocks
    private var view: ChainView
    /// The gas that all calls together may still use.
    private var gasLeft = RPCLimits.callGas
    /// The gas that the rules' own calls may still use.
    private var systemGasLeft = RPCLimits.simulatedSystemGas
    private var size = 0

    /// Prepares to follow a block of the chain.
    init(
        _ view: ChainView, _ selector: BlockSelector, _ request: ImaginedBlocks
    ) throws(RPCError) {
        guard let number = view.number(selector) else { throw .headerNotFound }
        guard let base = view.upTo(number) else { throw .stateUnavailable }
        self.view = base
        self.request = request
    }

    /// Executes all blocks, and tells what came of them.
    mutating func answer() throws(RPCError) -> JSON {
        var blocks: [JSON] = []
        for block in try request.ordered(after: view.head) {
            let json = try execute(block)
            size += json.encoded().count
            guard size <= RPCLimits.traceSize else { throw .responseTooLarge }
            blocks.append(json)
        }
        return .array(blocks)
    }

    /// The header, as far as it is known before execution.
    private func header(_ overrides: Overrides) -> Header {
        let parent = view.head
        var header = Header()
        header.parentHash = view.headHash
        header.number = overrides.number ?? parent.number + 1
        header.timestamp = overrides.timestamp ?? parent.timestamp
        header.beneficiary = overrides.feeRecipient ?? parent.beneficiary
        header.gasLimit = overrides.gasLimit ?? parent.gasLimit
        header.mixHash = overrides.prevRandao ?? .zero
        let rules = view.rules
        let revision = rules.revision(atNumber: header.number, timestamp: header.timestamp)
        header.difficulty = revision >= .paris ? .zero : parent.difficulty
        if revision >= .london {
            let usual = request.isStrict ? parent.nextBaseFee : .zero
            header.baseFeePerGas = overrides.baseFee ?? usual
        }
        if revision >= .cancun {
            header.excessBlobGas = parent.nextExcessBlobGas(rules, timestamp: header.timestamp)
            header.parentBeaconBlockRoot = overrides.beaconRoot ?? .zero
        }
        return header
    }

    private mutating func execute(_ block: ImaginedBlocks.Block) throws(RPCError) -> JSON {
        let header = header(block.overrides)
        var environment = view.environment(of: header)
        environment.wantedBlobBaseFee = block.overrides.blobBaseFee
        let run = BlockRun(environment, on: view.state)
        try block.overrides.apply(to: run.executor)
        run.begin()
        let log = ImaginedLog(showsTransfers: request.showsTransfers)
        run.executor.tracer = log
        var calls: [ImaginedCall] = []
        for call in block.calls { calls.append(try execute(call, run, log)) }
        run.executor.tracer = nil
        let (next, overlay) = try finish(run, header, calls, block.overrides.withdrawals)
        let used = run.executor.systemGasUsed
        guard used <= systemGasLeft else {
            throw .clientLimit("the rules' own calls cost too much")
        }
        systemGasLeft -= used
        view = next
        return overlay.block.json(calls, isFull: request.isFull)
    }

    private func finish(
        _ run: BlockRun, _ header: Header, _ calls: [ImaginedCall], _ withdrawals: [Withdrawal]
    ) throws(RPCError) -> (view: ChainView, overlay: Overlay) {
        do {
            let execution = try run.finish(withdrawals: withdrawals)
            return try view.appending(
                header, calls.map(\.transaction), withdrawals: withdrawals, execution)
        } catch let error as BlockError {
            throw .server("\(error)")
        } catch {
            throw .internal
        }
    }

    private mutating func execute(
        _ call: CallRequest, _ run: BlockRun, _ log: ImaginedLog
    ) throws(RPCError) -> ImaginedCall {
        let executor = run.executor
        let left =
            executor.environment.gasLimit
            - min(
                run.executor.gasUsed, executor.environment.gasLimit)
        let wanted = call.gas ?? left
        guard wanted <= left else {
            throw RPCError(
                code: -38015,
                message: "block gas limit reached: \(executor.gasUsed) >= "
                    + "\(executor.environment.gasLimit)")
        }
        let transaction = call.imagined(
            gas: min(wanted, gasLeft), nonce: executor.journal.nonce(call.from),
            chainID: view.rules.chainID)
        let signed = SignedTransaction(transaction, sender: call.from)
        do throws(InvalidTransaction) {
            let executed = try run.simulate(signed, strictly: request.isStrict) { $0 }
            gasLeft -= min(gasLeft, executed.gasUsed)
            return ImaginedCall(transaction: signed, executed: executed, logs: log.take())
        } catch {
            throw RPCError(imagined: error)
        }
    }
}

extension ImaginedBlocks {
    /// Seconds between blocks whose time is not told.
    private static let interval: UInt64 = 12

    /// The blocks with their numbers and times, and empty ones where there are gaps.
    fileprivate func ordered(after base: Header) throws(RPCError) -> [Block] {
        var ordered: [Block] = []
        var (number, time) = (base.number, base.timestamp)
        for var block in blocks {
            let wanted = block.overrides.number ?? number &+ 1
            guard wanted > number else {
                throw RPCError(
                    code: -38020, message: "block numbers must be in order: \(wanted) <= \(number)")
            }
            guard wanted - base.number <= RPCLimits.simulatedBlocks else {
                throw .clientLimit("too many blocks")
            }
            for number in number + 1..<wanted {
                time &+= ImaginedBlocks.interval
                var gap = Block()
                (gap.overrides.number, gap.overrides.timestamp) = (number, time)
                ordered.append(gap)
            }
            let next = block.overrides.timestamp ?? time &+ ImaginedBlocks.interval
            guard next > time else {
                throw RPCError(
                    code: -38021, message: "block timestamps must be in order: \(next) <= \(time)")
            }
            (number, time) = (wanted, next)
            (block.overrides.number, block.overrides.timestamp) = (number, time)
            ordered.append(block)
        }
        return ordered
    }
}
