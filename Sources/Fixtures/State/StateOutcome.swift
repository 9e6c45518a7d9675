import Crypto
import EVM
import Encoding
import Ledger
import Primitives

/// What came of the transaction of a state test.
struct StateOutcome {
    /// The state afterwards.
    let state: MemoryState
    /// How it ran, or why it did not.
    let execution: Result<Executed, Refusal>

    var refusal: Refusal? {
        guard case .failure(let refusal) = execution else { return nil }
        return refusal
    }

    /// The hash of the list of the logs.
    var logsHash: Hash32 {
        var writer = RLP.Writer()
        writer.list { list in
            if case .success(let executed) = execution {
                for log in executed.logs { log.write(to: &list) }
            }
        }
        return keccak256(writer.bytes)
    }

    /// All that another implementation can be compared with.
    var json: JSON {
        var members: [JSON.Member]
        switch execution {
        case .failure(let refusal):
            members = [
                .init("status", .string("refused")), .init("reason", .string("\(refusal)")),
            ]
        case .success(let executed):
            switch executed.outcome.status {
            case .success: members = [.init("status", .string("success"))]
            case .reverted: members = [.init("status", .string("reverted"))]
            case .failed(let halt):
                members = [
                    .init("status", .string("failed")), .init("reason", .string(halt.rawValue)),
                ]
            }
            members.append(.init("gasUsed", .string(UInt256(executed.gasUsed).hexadecimal)))
            members.append(.init("output", .string(Hex.encode(executed.outcome.output))))
        }
        members.append(.init("logs", .string(logsHash.description)))
        members.append(.init("alloc", Genesis.json(of: state.allocations)))
        return .object(members)
    }
}
