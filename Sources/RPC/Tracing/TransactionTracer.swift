import EVM
import Encoding
import Ledger

/// Who watches one transaction run, and tells what it saw.
protocol TransactionTracer: Tracer {
    /// The transaction is about to begin.
    func begin(_ transaction: SignedTransaction, in executor: Executor)

    /// What was seen; the transaction has ended.
    func answer(_ executed: Executed) -> JSON

    /// Whether more was seen than is kept: then there is no answer.
    var isFull: Bool { get }
}

extension TransactionTracer {
    /// Most need to know nothing before.
    func begin(_ transaction: SignedTransaction, in executor: Executor) {}
}

/// How much tracers may still keep: what code does, a stranger chooses.
struct TraceRoom {
    private(set) var isFull = false
    private var left = RPCLimits.traceSize

    /// Takes room for some bytes; false, from then on, if there is none.
    mutating func take(_ bytes: Int) -> Bool {
        guard !isFull, bytes <= left else {
            isFull = true
            return false
        }
        left -= bytes
        return true
    }
}
