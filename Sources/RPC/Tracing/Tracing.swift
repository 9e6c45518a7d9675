public import Encoding
public import Ledger

/// Traces transactions outside of any chain, for tools and tests.
public enum Tracing {
    /// Executes a transaction, and tells what a tracer saw; `options` are those of JSON-RPC.
    public static func trace(
        _ transaction: SignedTransaction, in executor: Executor, _ options: JSON
    ) throws -> JSON {
        let tracer = try TraceOptions(reading: options).tracer(
            executor.environment.revision, nil)
        tracer.begin(transaction, in: executor)
        executor.tracer = tracer
        let executed = try executor.execute(transaction)
        guard !tracer.isFull else { throw RPCError.responseTooLarge }
        return tracer.answer(executed)
    }
}
