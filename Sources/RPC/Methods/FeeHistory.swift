import Encoding
import Ledger
import Primitives

/// What gas cost in recent blocks (execution-apis, `eth_feeHistory`).
struct FeeHistory {
    private let view: ChainView
    private let first: UInt64
    private let last: UInt64
    private let percentiles: [Double]

    init(
        _ view: ChainView, count: UInt64, newest: BlockSelector, _ percentiles: [Double]
    ) throws(RPCError) {
        guard let last = view.number(newest) else {
            throw .server("request beyond head block: head \(view.number)")
        }
        self.view = view
        self.last = last
        self.percentiles = percentiles
        // Tips are found in the blocks' transactions, which are more than their headers to read.
        let limit = percentiles.isEmpty ? RPCLimits.feeHistoryBlocks : RPCLimits.tipHistoryBlocks
        let bounded = min(count, limit, last + 1)
        first = max(last + 1 - bounded, min(view.oldestBlock, last))
    }

    var json: JSON {
        let headers = (first...last + 1).dropLast().compactMap { view.header(number: $0) }
        guard let newest = headers.last else { return ["oldestBlock": "0x0", "gasUsedRatio": []] }
        let next = nextFees(newest)
        var members: [JSON.Member] = [
            .init("oldestBlock", .quantity(first)),
            .init(
                "baseFeePerGas",
                .array(headers.map { .quantity($0.baseFeePerGas ?? .zero) } + [next.base])),
            .init(
                "gasUsedRatio",
                .array(headers.map { FeeHistory.ratio($0.gasUsed, $0.gasLimit) })),
            .init(
                "baseFeePerBlobGas", .array(headers.map { .quantity(blobFee($0)) } + [next.blob])),
            .init("blobGasUsedRatio", .array(headers.map(blobRatio))),
        ]
        if !percentiles.isEmpty {
            members.append(.init("reward", .array(headers.map(rewards))))
        }
        return .object(members)
    }

    /// The tips at the percentiles of a block's gas, cheapest first.
    private func rewards(_ header: Header) -> JSON {
        guard let block = view.block(number: header.number), !block.transactions.isEmpty,
            let receipts = view.receipts(number: header.number)
        else { return .array(percentiles.map { _ in "0x0" }) }
        var gasBefore: UInt64 = 0
        var paid: [(tip: UInt256, gas: UInt64)] = []
        for (signed, receipt) in zip(block.transactions, receipts) {
            let tip = signed.transaction.priorityFee(baseFee: header.baseFeePerGas ?? .zero)
            paid.append((tip ?? .zero, receipt.cumulativeGasUsed &- gasBefore))
            gasBefore = receipt.cumulativeGasUsed
        }
        paid.sort { $0.tip < $1.tip }
        return .array(
            percentiles.map { percentile in
                let threshold = UInt64(Double(header.gasUsed) * percentile / 100)
                var sum: UInt64 = 0
                let found = paid.first { entry in
                    sum &+= entry.gas
                    return sum >= threshold
                }
                return .quantity(found?.tip ?? paid[paid.count - 1].tip)
            })
    }

    private func blobFee(_ header: Header) -> UInt256 {
        guard let excess = header.excessBlobGas else { return .zero }
        return parameters(header)?.baseFee(excess: excess) ?? .zero
    }

    private func blobRatio(_ header: Header) -> JSON {
        guard let used = header.blobGasUsed, let most = parameters(header)?.max else { return 0 }
        return FeeHistory.ratio(used, most &* BlobParameters.gasPerBlob)
    }

    private func parameters(_ header: Header) -> BlobParameters? {
        view.rules.blobParameters(atNumber: header.number, timestamp: header.timestamp)
    }

    /// The fees of the block after the newest: its own if it is there, else what the rules say.
    private func nextFees(_ newest: Header) -> (base: JSON, blob: JSON) {
        if let next = view.header(number: newest.number + 1) {
            return (.quantity(next.baseFeePerGas ?? .zero), .quantity(blobFee(next)))
        }
        return (.quantity(newest.nextBaseFee), .quantity(newest.nextBlobBaseFee(view.rules)))
    }

    private static func ratio(_ used: UInt64, _ limit: UInt64) -> JSON {
        guard limit > 0, used > 0 else { return 0 }
        return .number("\(Double(used) / Double(limit))")
    }
}
