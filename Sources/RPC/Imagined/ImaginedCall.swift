import EVM
import Encoding
import Ledger
import Primitives

/// One imagined transaction and what came of it.
struct ImaginedCall {
    let transaction: SignedTransaction
    let executed: Executed
    let logs: [ImaginedLog.Entry]

    /// The object of the call; the logs are those of a block that is known by now.
    func json(in block: Block, at index: Int) -> JSON {
        var members: [JSON.Member] = [
            // What a revert says stands in its error.
            .init("returnData", .data(executed.outcome.succeeded ? executed.outcome.output : [])),
            .init(
                "logs",
                .array(
                    logs.map { entry in
                        entry.log.json(
                            LogPlace(
                                block: block.hash, number: block.number,
                                timestamp: block.header.timestamp, transaction: transaction.hash,
                                transactionIndex: index, index: entry.index))
                    })),
            .init("gasUsed", .quantity(executed.gasUsed)),
            .init("maxUsedGas", .quantity(executed.greatestGasUsed)),
            .init("status", executed.outcome.succeeded ? "0x1" : "0x0"),
        ]
        if let error { members.append(.init("error", error)) }
        return .object(members)
    }

    private var error: JSON? {
        let error: RPCError
        switch executed.outcome.status {
        case .success: return nil
        case .reverted: error = .reverted(executed.outcome.output)
        case .failed(let halt): error = RPCError(code: -32015, message: halt.words)
        }
        var members: [JSON.Member] = [
            .init("code", .integer(error.code)), .init("message", .string(error.message)),
        ]
        if let data = error.data { members.append(.init("data", data)) }
        return .object(members)
    }
}

extension Block {
    /// The object of an imagined block: as of any other, with what came of the calls.
    func json(_ calls: [ImaginedCall], isFull: Bool) -> JSON {
        let calls = calls.enumerated().map { $1.json(in: self, at: $0) }
        return .object((json(full: isFull).members ?? []) + [.init("calls", .array(calls))])
    }
}
