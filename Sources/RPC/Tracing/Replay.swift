import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// The transactions of a block of the chain, executed once more on the state before it.
struct Replay {
    private let block: Block
    private let run: BlockRun
    private var next = 0

    /// Prepares to execute a block again; the first has nothing before it.
    init(_ block: Block, in view: ChainView) throws(RPCError) {
        guard block.number > 0 else { throw .server("genesis is not traceable") }
        self.block = block
        run = BlockRun(
            view.environment(of: block.header), on: try view.state(.number(block.number - 1)))
        run.begin()
    }

    /// Executes the transactions before one, unwatched.
    mutating func skip(to index: Int) throws(RPCError) {
        while next < index { _ = try execute(nil) }
    }

    /// Executes the next transaction, watched by a tracer.
    mutating func trace(_ tracer: any TransactionTracer) throws(RPCError) -> JSON {
        tracer.answer(try watch(tracer))
    }

    /// Executes the next transaction, watched by a tracer that keeps what it saw.
    mutating func watch(_ tracer: any TransactionTracer) throws(RPCError) -> Executed {
        tracer.begin(block.transactions[next], in: run.executor)
        let executed = try execute(tracer)
        guard !tracer.isFull else { throw .responseTooLarge }
        return executed
    }

    /// The accounts that the block changed, sorted; executes what is left of it.
    mutating func changedAccounts() throws(RPCError) -> [Address] {
        try skip(to: block.transactions.count)
        do throws(BlockError) {
            return try run.finish(withdrawals: block.withdrawals ?? [], ommers: block.ommers)
                .diff.changes.map(\.address)
        } catch {
            throw .internal
        }
    }

    /// The rules in force.
    var revision: Revision { run.executor.environment.revision }

    private mutating func execute(_ tracer: (any Tracer)?) throws(RPCError) -> Executed {
        run.executor.tracer = tracer
        defer {
            run.executor.tracer = nil
            next += 1
        }
        do throws(InvalidTransaction) {
            return try run.execute(block.transactions[next])
        } catch {
            throw .internal
        }
    }
}
