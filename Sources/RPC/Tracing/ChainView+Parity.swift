import EVM
import Encoding
import Ledger
import Primitives

/// The `trace_` space: how transactions of the chain ran, as Parity told it.
extension ChainView {
    /// Answers a call of the space; `nil` for what is not in the chain.
    func parity(_ call: ParityCall) throws(RPCError) -> JSON? {
        switch call {
        case .block(let selector):
            guard let block = try block(selector) else { return nil }
            return .array(try frames(of: block))
        case .transaction(let hash): return try run(hash).map { $0.rows }
        case .frame(let hash, let path):
            let address = JSON.array(path.map { .integer($0) })
            return try run(hash)?.rows.elements?.first { $0["traceAddress"] == address }
        case .filter(let filter): return .array(try search(filter))
        case .replayBlock(let selector):
            guard let block = try block(selector) else { return nil }
            return .array(
                try runs(of: block).enumerated().map { index, run in
                    run.report(of: block.transactions[index].hash)
                })
        case .replay(let hash): return try run(hash)?.report(of: hash)
        case .call(let request, let block):
            return try Simulation(self, block, Overrides()).run(request).report(of: nil)
        }
    }

    private func run(_ hash: Hash32) throws(RPCError) -> ParityRun? {
        guard let place = transaction(hash), let block = block(hash: place.block) else {
            return nil
        }
        var replay = try Replay(block, in: self)
        try replay.skip(to: place.index)
        return try replay.run(at: block.place(place.index))
    }

    /// What came of a block's transactions; nothing of the first block's.
    private func runs(of block: Block) throws(RPCError) -> [ParityRun] {
        guard block.number > 0 else { return [] }
        var replay = try Replay(block, in: self)
        var runs: [ParityRun] = []
        var size = 0
        for index in block.transactions.indices {
            let run = try replay.run(at: block.place(index))
            size += run.size
            guard size <= RPCLimits.traceSize else { throw .responseTooLarge }
            runs.append(run)
        }
        return runs
    }

    private func frames(
        of block: Block, where isWanted: (TracedFrame) -> Bool = { _ in true }
    ) throws(RPCError) -> [JSON] {
        try runs(of: block).enumerated().flatMap { index, run in
            run.trace.rows(at: block.place(index), where: isWanted)
        }
    }

    private func search(_ filter: ParityFilter) throws(RPCError) -> [JSON] {
        guard let first = number(filter.first), let last = number(filter.last) else {
            throw .headerNotFound
        }
        guard first <= last else { throw .invalidParameters("fromBlock is after toBlock") }
        guard last - first < RPCLimits.tracedBlocks else {
            throw .server("a search goes through at most \(RPCLimits.tracedBlocks) blocks")
        }
        var found: [JSON] = []
        var left = filter.skipped
        for number in first...last {
            guard let block = block(number: number) else { throw .headerNotFound }
            for row in try frames(of: block, where: filter.admits) {
                guard left == 0 else {
                    left -= 1
                    continue
                }
                guard UInt64(found.count) < filter.count ?? .max else { return found }
                guard found.count < RPCLimits.tracedFrames else {
                    throw .server("more than \(RPCLimits.tracedFrames) frames are found")
                }
                found.append(row)
            }
        }
        return found
    }
}

/// How one transaction ran.
struct ParityRun {
    let trace: FlatTrace
    let output: [UInt8]
    let place: FlatTrace.Place?
    /// About how many bytes its rows have.
    let size: Int

    init(_ tracer: ParityTracer, _ executed: Executed, at place: FlatTrace.Place?) {
        trace = FlatTrace(tracer.frames, showsPrecompiles: false, usesParityWords: true)
        output = executed.outcome.output
        self.place = place
        size = tracer.frames.reduce(0) { $0 + 512 + 2 * ($1.input.count + $1.output.count) }
    }

    /// The frames, with the transaction's place if it has one.
    var rows: JSON { .array(trace.rows(at: place)) }

    /// What came of it, and the frames.
    func report(of hash: Hash32?) -> JSON {
        var members: [JSON.Member] = [
            .init("output", .data(output)), .init("stateDiff", .null),
            .init("trace", .array(trace.rows(at: nil))), .init("vmTrace", .null),
        ]
        if let hash { members.append(.init("transactionHash", .data(hash))) }
        return .object(members)
    }
}

extension Replay {
    /// Executes the next transaction, and keeps its frames.
    mutating func run(at place: FlatTrace.Place) throws(RPCError) -> ParityRun {
        let tracer = ParityTracer(revision)
        let executed = try watch(tracer)
        return ParityRun(tracer, executed, at: place)
    }
}

extension Simulation {
    /// Executes an imagined transaction, and keeps its frames.
    func run(_ request: CallRequest) throws(RPCError) -> ParityRun {
        let tracer = ParityTracer(revision)
        let executed = try watch(request, tracer)
        return ParityRun(tracer, executed, at: nil)
    }
}

extension ParityFilter {
    /// Whether a frame is looked for.
    fileprivate func admits(_ frame: TracedFrame) -> Bool {
        (callers.isEmpty || callers.contains(frame.from))
            && (callees.isEmpty || callees.contains(frame.to))
    }
}
