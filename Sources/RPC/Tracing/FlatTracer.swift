import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// The calls of a transaction, one after another, as Parity told them (geth's `flatCallTracer`).
final class FlatTracer: TransactionTracer {
    private let options: TraceOptions.Flat
    private let tree: CallTree
    private let place: FlatTrace.Place?
    private var gasLimit: UInt64 = 0

    init(_ options: TraceOptions.Flat, _ revision: Revision, at place: FlatTrace.Place?) {
        self.options = options
        self.place = place
        tree = CallTree(revision)
    }

    var isFull: Bool { tree.room.isFull }

    func begin(_ transaction: SignedTransaction, in executor: Executor) {
        gasLimit = transaction.transaction.gasLimit
    }

    func enter(_ call: TracedCall) { tree.enter(call) }

    func step(_ step: TracedStep) { tree.step(step) }

    func exit(depth: Int, outcome: Outcome) { tree.exit(depth: depth, outcome: outcome) }

    func answer(_ executed: Executed) -> JSON {
        var frames = tree.frames
        if !frames.isEmpty {
            frames[0].gas = gasLimit
            frames[0].gasUsed = executed.gasUsed
        }
        let trace = FlatTrace(
            frames,
            FlatTrace.Style(
                showsPrecompiles: options.showsPrecompiles,
                usesParityWords: options.usesParityWords))
        return .array(trace.rows(at: place))
    }
}
