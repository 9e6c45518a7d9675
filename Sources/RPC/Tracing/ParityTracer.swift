import EVM
import Encoding
import Ledger
import Primitives

/// The frames of one transaction for the `trace_` space: gas is what each frame had and used.
final class ParityTracer: TransactionTracer {
    private let tree: CallTree

    init(_ revision: Revision) {
        tree = CallTree(revision)
    }

    var isFull: Bool { tree.room.isFull }

    /// The frames that were seen.
    var frames: [TracedFrame] { tree.frames }

    func enter(_ call: TracedCall) { tree.enter(call) }

    func step(_ step: TracedStep) { tree.step(step) }

    func exit(depth: Int, outcome: Outcome) { tree.exit(depth: depth, outcome: outcome) }

    func answer(_ executed: Executed) -> JSON {
        let trace = FlatTrace(tree.frames, showsPrecompiles: false, usesParityWords: true)
        return .array(trace.rows(at: nil))
    }
}
