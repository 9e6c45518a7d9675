import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

extension ChainView {
    /// Traces one transaction of the chain (`debug_traceTransaction`).
    func trace(_ hash: Hash32, _ options: TraceOptions) throws(RPCError) -> JSON {
        guard let place = transaction(hash), let block = block(hash: place.block) else {
            throw .server("transaction not found")
        }
        var replay = try Replay(block, in: self)
        try replay.skip(to: place.index)
        return try replay.trace(options.tracer(replay.revision, block.place(place.index)))
    }

    /// Traces all transactions of a block (`debug_traceBlockByNumber`, `debug_traceBlockByHash`).
    func traceBlock(
        _ selector: BlockSelector, _ options: TraceOptions
    ) throws(RPCError) -> JSON {
        guard let block = try block(selector) else {
            throw .server("block \(selector.words) not found")
        }
        var replay = try Replay(block, in: self)
        var rows: [JSON] = []
        var size = 0
        for (index, transaction) in block.transactions.enumerated() {
            let result = try replay.trace(options.tracer(replay.revision, block.place(index)))
            size += result.encoded().count
            guard size <= RPCLimits.traceSize else { throw .responseTooLarge }
            rows.append(["txHash": .data(transaction.hash), "result": result])
        }
        return .array(rows)
    }
}

extension ChainView {
    /// The accounts that changed after a block up to another (`debug_getModifiedAccountsBy…`).
    ///
    /// Without another, those that the block itself changed.
    func changedAccounts(
        _ first: BlockSelector, _ last: BlockSelector?
    ) throws(RPCError) -> JSON {
        let start = try known(first).number
        var end: UInt64?
        if let last { end = try known(last).number }
        let range = end.map { (start &+ 1, $0) } ?? (start, start)
        guard range.0 <= range.1 else {
            throw .server("start block height (\(start)) must be less than end block height")
        }
        guard range.1 - range.0 < RPCLimits.tracedBlocks else {
            throw .server("at most \(RPCLimits.tracedBlocks) blocks are executed again")
        }
        var changed: Set<Address> = []
        for number in range.0...range.1 {
            var replay = try Replay(try known(.number(number)), in: self)
            changed.formUnion(try replay.changedAccounts())
        }
        return .array(changed.sorted().map { .data($0) })
    }
}

extension TraceOptions {
    /// The tracer that is meant, for a transaction at a place if it has one.
    func tracer(_ revision: Revision, _ place: FlatTrace.Place?) -> any TransactionTracer {
        switch self {
        case .steps(let options): return StepTracer(options)
        case .calls(let options): return CallTracer(options, revision)
        case .flat(let options): return FlatTracer(options, revision, at: place)
        case .prestate(let options): return PrestateTracer(options)
        case .selectors: return SelectorTracer()
        case .validation: return ValidationTracer(revision)
        case .nothing: return NoTracer()
        case .several(let parts):
            return TracerGroup(
                parts.map { (name: $0.name, tracer: $0.options.tracer(revision, place)) })
        }
    }
}

extension Block {
    /// Where one of the transactions stands.
    func place(_ index: Int) -> FlatTrace.Place {
        FlatTrace.Place(
            block: hash, number: number, transaction: transactions[index].hash, index: index)
    }
}

extension BlockSelector {
    /// What a caller called the block.
    fileprivate var words: String {
        switch self {
        case .number(let number): "#\(number)"
        case .hash(let hash): "\(hash)"
        default: "\(self)"
        }
    }
}
