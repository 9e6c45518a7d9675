import Crypto
import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// What came of a transition, as geth's `evm t8n` writes it.
struct TransitionResult {
    let input: TransitionInput
    let included: [SignedTransaction]
    let execution: Execution
    let root: Hash32
    let rejected: [RejectedTransaction]

    var json: JSON {
        let environment = input.environment
        var bloom = Bloom.empty
        for receipt in execution.receipts { bloom.formUnion(receipt.bloom) }
        var members: [JSON.Member] = [
            .init("stateRoot", .string(root.description)),
            .init("txRoot", .string(Block.transactionsRoot(included).description)),
            .init("receiptsRoot", .string(Block.receiptsRoot(execution.receipts).description)),
            .init("logsHash", .string(logsHash.description)),
            .init("logsBloom", .string(Hex.encode(bloom.bytes))),
            .init("receipts", .array(receipts)),
        ]
        if !rejected.isEmpty {
            let list = rejected.map { one in
                JSON.object([
                    .init("index", .integer(one.index)), .init("error", .string(one.reason)),
                ])
            }
            members.append(.init("rejected", .array(list)))
        }
        let isMerged = environment.revision >= .paris
        members.append(
            .init("currentDifficulty", isMerged ? .null : quantity(environment.prevRandao)))
        members.append(.init("gasUsed", quantity(UInt256(execution.gasUsed))))
        if environment.revision >= .london {
            members.append(.init("currentBaseFee", quantity(environment.baseFee)))
        }
        return .object(members + laterFields)
    }

    /// What came with Shanghai, Cancun, Prague and Amsterdam.
    private var laterFields: [JSON.Member] {
        let environment = input.environment
        var members: [JSON.Member] = []
        if input.hasWithdrawals {
            let root = Block.withdrawalsRoot(input.withdrawals)
            members.append(.init("withdrawalsRoot", .string(root.description)))
        }
        if environment.revision >= .cancun {
            members.append(
                .init("currentExcessBlobGas", quantity(UInt256(environment.excessBlobGas))))
            members.append(.init("blobGasUsed", quantity(UInt256(execution.blobGasUsed))))
        }
        if environment.revision >= .prague {
            members.append(.init("requestsHash", .string(execution.requestsHash.description)))
            members.append(
                .init("requests", .array(execution.requests.map { .string(Hex.encode($0)) })))
        }
        if let list = execution.accessList {
            members.append(.init("blockAccessList", .string(Hex.encode(list.encoded))))
            members.append(.init("blockAccessListHash", .string(list.hash.description)))
        }
        return members
    }

    private func quantity(_ number: UInt256) -> JSON { .string(number.hexadecimal) }

    private var logsHash: Hash32 {
        var writer = RLP.Writer()
        writer.list { list in
            for receipt in execution.receipts { for log in receipt.logs { log.write(to: &list) } }
        }
        return keccak256(writer.bytes)
    }

    private var receipts: [JSON] {
        var before: UInt64 = 0
        var logIndex = 0
        return zip(included, execution.receipts).enumerated().map { index, pair in
            let (signed, receipt) = pair
            let used = receipt.cumulativeGasUsed - before
            before = receipt.cumulativeGasUsed
            let logs = receipt.logs.map { log in
                defer { logIndex += 1 }
                return json(log, signed, index: index, logIndex: logIndex)
            }
            return json(receipt, signed, index: index, gasUsed: used, logs: logs)
        }
    }

    private func json(
        _ receipt: Receipt, _ signed: SignedTransaction, index: Int, gasUsed: UInt64, logs: [JSON]
    ) -> JSON {
        let outcome: (root: String, status: String) =
            switch receipt.outcome {
            case .state(let root): (root.description, "0x0")
            case .status(let succeeded): ("0x", succeeded ? "0x1" : "0x0")
            }
        let created =
            signed.transaction.to == nil
            ? Address.created(by: signed.sender, nonce: signed.transaction.nonce) : .zero
        return .object([
            .init("type", quantity(UInt256(UInt64(receipt.type)))),
            .init("root", .string(outcome.root)), .init("status", .string(outcome.status)),
            .init("cumulativeGasUsed", quantity(UInt256(receipt.cumulativeGasUsed))),
            .init("logsBloom", .string(Hex.encode(receipt.bloom.bytes))),
            .init("logs", logs.isEmpty ? .null : .array(logs)),
            .init("transactionHash", .string(signed.hash.description)),
            .init("contractAddress", .string(created.description)),
            .init("gasUsed", quantity(UInt256(gasUsed))), .init("effectiveGasPrice", .null),
            .init("blockHash", .string(Hash32.zero.description)),
            .init("transactionIndex", quantity(UInt256(index))),
        ])
    }

    private func json(
        _ log: Log, _ signed: SignedTransaction, index: Int, logIndex: Int
    ) -> JSON {
        .object([
            .init("address", .string(log.address.description)),
            .init("topics", .array(log.topics.map { .string($0.description) })),
            .init("data", .string(Hex.encode(log.data))),
            .init("blockNumber", quantity(UInt256(input.environment.number))),
            .init("transactionHash", .string(signed.hash.description)),
            .init("transactionIndex", quantity(UInt256(index))),
            .init("blockHash", .string(Hash32.zero.description)),
            .init("logIndex", quantity(UInt256(logIndex))), .init("removed", false),
        ])
    }
}
