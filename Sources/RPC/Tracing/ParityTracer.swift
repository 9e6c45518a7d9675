import EVM
import Encoding
import Ledger
import Primitives

/// What the `trace_` space tells of one transaction, as far as it is asked for.
///
/// Gas is what each frame had and used, not what the whole transaction was charged for.
final class ParityTracer: TransactionTracer {
    private let tree: CallTree?
    private let instructions: InstructionTracer?
    private let accounts: PrestateTracer?
    private let parts: [any Tracer]

    init(_ kinds: ParityKinds, _ revision: Revision) {
        tree = kinds.contains(.frames) ? CallTree(revision) : nil
        instructions = kinds.contains(.instructions) ? InstructionTracer() : nil
        accounts = kinds.contains(.differences) ? PrestateTracer(.init()) : nil
        let all: [(any Tracer)?] = [tree, instructions, accounts]
        parts = all.compactMap { $0 }
    }

    var isFull: Bool {
        tree?.room.isFull == true || instructions?.room.isFull == true || accounts?.isFull == true
    }

    /// The frames that were seen.
    var frames: [TracedFrame] { tree?.frames ?? [] }

    /// The instructions that were seen; `null` if they are not asked for.
    var vmTrace: JSON { instructions?.json ?? .null }

    /// The accounts that changed; `null` if they are not asked for.
    var stateDiff: JSON { accounts?.parityDifference ?? .null }

    func begin(_ transaction: SignedTransaction, in executor: Executor) {
        accounts?.begin(transaction, in: executor)
    }

    func enter(_ call: TracedCall) {
        for part in parts { part.enter(call) }
    }

    func step(_ step: TracedStep) {
        for part in parts { part.step(step) }
    }

    func halt(depth: Int, gas: Int64) {
        for part in parts { part.halt(depth: depth, gas: gas) }
    }

    func exit(depth: Int, outcome: Outcome) {
        for part in parts { part.exit(depth: depth, outcome: outcome) }
    }

    func answer(_ executed: Executed) -> JSON {
        ParityRun(self, executed, at: nil).report(of: nil)
    }
}
