import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

extension Block {
    /// The object of a block (execution-apis, `Block`), its transactions whole or by hash.
    func json(full: Bool) -> JSON {
        var members = header.members(hash: hash)
        members.append(.init("size", .quantity(encoded.count)))
        members.append(.init("uncles", .array(ommers.map { .data($0.hash) })))
        members.append(
            .init(
                "transactions",
                .array(
                    transactions.indices.map { index in
                        full ? transaction(index) : .data(transactions[index].hash)
                    })))
        if let withdrawals {
            members.append(.init("withdrawals", .array(withdrawals.map(\.json))))
        }
        return .object(members)
    }

    /// The object of one of the transactions.
    func transaction(_ index: Int) -> JSON {
        transactions[index].json(
            SignedTransaction.Place(
                hash: hash, number: number, timestamp: header.timestamp, index: index,
                baseFee: header.baseFeePerGas))
    }

    /// The object of an ommer: a block without transactions.
    func ommer(_ index: Int) -> JSON {
        let ommer = ommers[index]
        let size = Block(header: ommer, transactions: []).encoded.count
        return .object(
            ommer.members(hash: ommer.hash) + [.init("size", .quantity(size)), .init("uncles", [])])
    }

    /// The objects of all receipts (execution-apis, `ReceiptInfo`).
    func receipts(_ receipts: [Receipt], _ rules: ChainRules) -> [JSON] {
        var logsBefore = 0
        return zip(transactions.indices, receipts).map { index, receipt in
            defer { logsBefore += receipt.logs.count }
            return self.receipt(index, of: receipts, logsBefore: logsBefore, rules)
        }
    }

    /// The object of one receipt.
    func receipt(_ index: Int, of receipts: [Receipt], _ rules: ChainRules) -> JSON {
        let logsBefore = receipts[..<index].reduce(0) { $0 + $1.logs.count }
        return receipt(index, of: receipts, logsBefore: logsBefore, rules)
    }

    private func receipt(
        _ index: Int, of receipts: [Receipt], logsBefore: Int, _ rules: ChainRules
    ) -> JSON {
        let (signed, receipt) = (transactions[index], receipts[index])
        let transaction = signed.transaction
        let created = Address.created(by: signed.sender, nonce: transaction.nonce)
        let gasBefore = index == 0 ? 0 : receipts[index - 1].cumulativeGasUsed
        let price =
            header.baseFeePerGas.map(transaction.effectiveGasPrice) ?? transaction.gasPrice
        var members: [JSON.Member] = [
            .init("blockHash", .data(hash)), .init("blockNumber", .quantity(number)),
            .init("contractAddress", transaction.to == nil ? .data(created) : .null),
            .init("cumulativeGasUsed", .quantity(receipt.cumulativeGasUsed)),
            .init("effectiveGasPrice", .quantity(price)), .init("from", .data(signed.sender)),
            .init("gasUsed", .quantity(receipt.cumulativeGasUsed &- gasBefore)),
            .init("logs", .array(logs(receipt, index, logsBefore: logsBefore))),
            .init("logsBloom", .data(receipt.bloom.bytes)), receipt.outcome.member,
            .init("to", transaction.to.map { .data($0) } ?? .null),
            .init("transactionHash", .data(signed.hash)),
            .init("transactionIndex", .quantity(index)),
            .init("type", .quantity(UInt64(transaction.kind.rawValue))),
        ]
        if transaction.kind == .blob {
            members.append(.init("blobGasUsed", .quantity(transaction.blobGas)))
            members.append(.init("blobGasPrice", .quantity(blobBaseFee(rules))))
        }
        return .object(members)
    }

    private func logs(_ receipt: Receipt, _ index: Int, logsBefore: Int) -> [JSON] {
        receipt.logs.enumerated().map { offset, log in
            log.json(
                LogPlace(
                    block: hash, number: number, timestamp: header.timestamp,
                    transaction: transactions[index].hash, transactionIndex: index,
                    index: logsBefore + offset))
        }
    }

    private func blobBaseFee(_ rules: ChainRules) -> UInt256 {
        rules.blobParameters(atNumber: number, timestamp: header.timestamp)?
            .baseFee(excess: header.excessBlobGas ?? 0) ?? .zero
    }
}

extension Receipt.Outcome {
    /// The member that says how the transaction ended, as its time said it.
    fileprivate var member: JSON.Member {
        switch self {
        case .status(let succeeded): .init("status", .quantity(succeeded ? 1 as UInt64 : 0))
        case .state(let root): .init("root", .data(root))
        }
    }
}
