import EVM
import Encoding
import Ledger
import Primitives

/// How one transaction ran, as the `trace_` space tells it.
struct ParityRun {
    let trace: FlatTrace
    private let output: [UInt8]
    private let isReverted: Bool
    let gasUsed: UInt64
    private let place: FlatTrace.Place?
    private let vmTrace: JSON
    private let stateDiff: JSON
    /// About how many bytes it has as text.
    let size: Int

    init(_ tracer: ParityTracer, _ executed: Executed, at place: FlatTrace.Place?) {
        trace = FlatTrace(tracer.frames, place == nil ? .imagined : .chain)
        output = executed.outcome.output
        isReverted = executed.outcome.status == .reverted
        gasUsed = executed.gasUsed
        self.place = place
        vmTrace = tracer.vmTrace
        stateDiff = tracer.stateDiff
        let frames = tracer.frames.reduce(0) { $0 + 512 + 2 * ($1.input.count + $1.output.count) }
        size = frames + vmTrace.encoded().count + stateDiff.encoded().count
    }

    /// The frames, with the transaction's place if it has one.
    var rows: JSON { .array(trace.rows(at: place)) }

    /// What came of it.
    func report(of hash: Hash32?) -> JSON {
        var members: [JSON.Member] = [
            .init("stateDiff", stateDiff), .init("trace", .array(trace.rows(at: nil))),
            .init("vmTrace", vmTrace),
        ]
        // Of a transaction of the chain what it said in the end is no output.
        let isReason = isReverted && hash != nil
        members.append(.init("output", .data(isReason ? [] : output)))
        if isReason { members.append(.init("revertReason", .data(output))) }
        if let hash { members.append(.init("transactionHash", .data(hash))) }
        return .object(members)
    }
}

extension Replay {
    /// Executes the next transaction, and keeps what is to be told of it.
    mutating func run(
        at place: FlatTrace.Place, _ kinds: ParityKinds
    ) throws(RPCError) -> ParityRun {
        let tracer = ParityTracer(kinds, revision)
        let executed = try watch(tracer)
        return ParityRun(tracer, executed, at: place)
    }
}

extension Simulation {
    /// Executes an imagined transaction, and keeps what is to be told of it.
    func run(_ request: CallRequest, _ kinds: ParityKinds) throws(RPCError) -> ParityRun {
        let tracer = ParityTracer(kinds, revision)
        let executed = try watch(request, tracer)
        return ParityRun(tracer, executed, at: nil)
    }

    /// Executes a signed transaction, and keeps what is to be told of it.
    func run(_ bytes: [UInt8], _ kinds: ParityKinds) throws(RPCError) -> ParityRun {
        let signed: SignedTransaction
        do throws(UnreadableTransaction) {
            signed = try SignedTransaction(decoding: bytes)
        } catch {
            throw .server("\(error)")
        }
        guard signed.transaction.gasLimit <= RPCLimits.callGas else {
            throw .server("a call has at most \(RPCLimits.callGas) gas")
        }
        let tracer = ParityTracer(kinds, revision)
        let executed = try watch(signed, on: shared(), tracer)
        return ParityRun(tracer, executed, at: nil)
    }

    /// Executes imagined transactions one after another; all together have the gas of one call.
    func run(_ calls: [ParityRequest]) throws(RPCError) -> JSON {
        let executor = shared()
        var gasLeft = RPCLimits.tracedGas
        var reports: [JSON] = []
        var size = 0
        for call in calls {
            let tracer = ParityTracer(call.kinds, revision)
            let gas = min(gasLeft, RPCLimits.callGas)
            let signed = transaction(call.request, gas: gas, on: executor)
            let run = ParityRun(tracer, try watch(signed, on: executor, tracer), at: nil)
            gasLeft -= min(gasLeft, run.gasUsed)
            size += run.size
            guard size <= RPCLimits.traceSize else { throw .responseTooLarge }
            reports.append(run.report(of: nil))
        }
        return .array(reports)
    }
}
