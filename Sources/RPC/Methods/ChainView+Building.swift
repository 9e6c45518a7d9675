import Encoding
import EVM
import Ledger
import Primitives

extension ChainView {
    /// The block that a caller wants to see made; it becomes no part of the chain.
    func build(_ request: BuildRequest) throws(RPCError) -> JSON {
        guard let number = number(hash: request.parent) else { throw .headerNotFound }
        guard let parent = upTo(number) else { throw .stateUnavailable }
        guard request.attributes.timestamp > parent.head.timestamp else {
            throw .server("invalid timestamp")
        }
        var transactions: [SignedTransaction] = []
        for (index, bytes) in (request.transactions ?? []).enumerated() {
            do throws(UnreadableTransaction) {
                transactions.append(try SignedTransaction(decoding: bytes))
            } catch {
                throw .server("invalid transaction \(index): \(error)")
            }
        }
        let built: BuiltBlock
        do throws(InvalidBlock) {
            built = try parent.build(transactions, request.attributes)
        } catch {
            throw .server("block cannot be built: \(error)")
        }
        if !request.isLenient, let passed = built.passed.first {
            throw RPCError(passed.reason)
        }
        return built.payload
    }

    /// What the node can tell of the chain's history (`eth_capabilities`).
    var capabilities: JSON {
        let all = capability(from: oldestBlock, keeping: history.blockCount)
        let states = capability(from: oldestState, keeping: history.states)
        return [
            "head": ["number": .quantity(number), "hash": .data(headHash)], "state": states,
            "tx": all, "logs": all, "receipts": all, "blocks": all, "stateproofs": states,
        ]
    }

    private func capability(from oldest: UInt64, keeping count: UInt64) -> JSON {
        var members: [JSON.Member] = [
            .init("disabled", false), .init("oldestBlock", .quantity(oldest)),
        ]
        if count < .max {
            let strategy: JSON = ["type": "window", "retentionBlocks": .quantity(count)]
            members.append(.init("deleteStrategy", strategy))
        }
        return .object(members)
    }
}

extension BuiltBlock {
    /// The object of a block as it is handed to the consensus layer (execution-apis, `engine`).
    fileprivate var payload: JSON {
        let (header, block) = (overlay.header, overlay.block)
        let payload: JSON = [
            "parentHash": .data(header.parentHash), "feeRecipient": .data(header.beneficiary),
            "stateRoot": .data(header.stateRoot), "receiptsRoot": .data(header.receiptsRoot),
            "logsBloom": .data(header.logsBloom.bytes), "prevRandao": .data(header.mixHash),
            "blockNumber": .quantity(header.number), "gasLimit": .quantity(header.gasLimit),
            "gasUsed": .quantity(header.gasUsed), "timestamp": .quantity(header.timestamp),
            "extraData": .data(header.extraData),
            "baseFeePerGas": .quantity(header.baseFeePerGas ?? .zero),
            "blockHash": .data(overlay.hash),
            "transactions": .array(block.transactions.map { .data($0.encoded) }),
            "withdrawals": .array((block.withdrawals ?? []).map(\.json)),
            "blobGasUsed": .quantity(header.blobGasUsed ?? 0),
            "excessBlobGas": .quantity(header.excessBlobGas ?? 0),
        ]
        return [
            "executionPayload": payload, "blockValue": .quantity(value),
            "blobsBundle": ["commitments": [], "proofs": [], "blobs": []],
            "executionRequests": .array(requests.map { .data($0) }),
            "shouldOverrideBuilder": false,
        ]
    }

    /// What the maker of the block is paid.
    private var value: UInt256 {
        var value = UInt256.zero
        var before: UInt64 = 0
        for (signed, receipt) in zip(overlay.block.transactions, overlay.receipts) {
            let tip = signed.transaction.priorityFee(
                baseFee: overlay.header.baseFeePerGas ?? .zero)
            value = value &+ (tip ?? .zero) &* UInt256(receipt.cumulativeGasUsed &- before)
            before = receipt.cumulativeGasUsed
        }
        return value
    }
}
