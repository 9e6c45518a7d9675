import Encoding
import EVM
import Identifiers
import Ledger
import Primitives

extension GraphRun {
    /// The fields of a block.
    mutating func block(
        _ name: String, of block: GraphBlock, _ arguments: GraphArguments
    ) throws(GraphFault) -> GraphValue {
        let body = block.block
        switch name {
        case "parent":
            guard body.number > 0 else { return .missing }
            return GraphValue(try self.block(.hash(body.header.parentHash)).map { .block($0) })
        case "miner":
            let place = try arguments.number("block").map(BlockSelector.number)
            return .object(.account(body.header.beneficiary, place ?? .number(body.number)))
        case "ommerHash": return GraphValue(block.json["sha3Uncles"])
        case "ommerCount": return .leaf(.quantity(body.ommers.count))
        case "ommers": return .list(body.ommers.map { .block(ommer($0)) })
        case "ommerAt":
            let index = try arguments.number("index") ?? .max
            guard index < body.ommers.count else { return .missing }
            return .object(.block(ommer(body.ommers[Int(index)])))
        case "nextBaseFeePerGas":
            guard body.header.baseFeePerGas != nil else { return .missing }
            return .leaf(.quantity(body.header.nextBaseFee))
        case "totalDifficulty": return try totalDifficulty(body.number)
        case "raw": return .leaf(.data(body.encoded))
        case "rawHeader": return .leaf(.data(body.header.encoded))
        case "withdrawals":
            return body.withdrawals.map { .list($0.map { .plain("Withdrawal", $0.graph) }) }
                ?? .missing
        case "logs":
            let filter = try arguments.object("filter")
            return .list(
                try logs([
                    "blockHash": .data(body.hash), "address": filter["addresses"] ?? [],
                    "topics": filter["topics"] ?? [],
                ]))
        case "account", "call", "estimateGas":
            return try state(name, at: .number(body.number), arguments)
        case "transactionCount", "transactions", "transactionAt":
            return try transactions(name, of: body, arguments)
        default: return GraphValue(block.json[name])
        }
    }

    private func ommer(_ header: Header) -> GraphBlock {
        GraphBlock(Block(header: header, transactions: []))
    }

    private mutating func transactions(
        _ name: String, of block: Block, _ arguments: GraphArguments
    ) throws(GraphFault) -> GraphValue {
        guard name != "transactionCount" else {
            return .leaf(.quantity(block.transactions.count))
        }
        guard name == "transactionAt" else {
            return .list(
                block.transactions.indices.map {
                    .transaction(GraphTransaction(block, $0, in: view))
                })
        }
        let index = try arguments.number("index") ?? .max
        guard index < block.transactions.count else { return .missing }
        return .object(.transaction(GraphTransaction(block, Int(index), in: view)))
    }

    /// The work of all blocks up to one; it is not kept, so only the first blocks tell it.
    private mutating func totalDifficulty(_ number: UInt64) throws(GraphFault) -> GraphValue {
        // Where no block has work, the first may claim some.
        let isMerged = view.rules.revision(atNumber: 1, timestamp: 0) >= .paris
        let last = isMerged ? 0 : number
        guard last < 4_096 else { return .missing }
        try spend(Int(last))
        var total = UInt256.zero
        for number in 0...last {
            total = total &+ (view.header(number: number)?.difficulty ?? .zero)
        }
        return .leaf(.quantity(total))
    }

    /// The fields of a transaction.
    mutating func transaction(
        _ name: String, of transaction: GraphTransaction, _ arguments: GraphArguments
    ) throws(GraphFault) -> GraphValue {
        let signed = transaction.signed
        switch name {
        case "index": return GraphValue(transaction.json["transactionIndex"])
        case "inputData": return GraphValue(transaction.json["input"])
        case "from": return .object(.account(signed.sender, try place(arguments)))
        case "to":
            let selector = try place(arguments)
            return GraphValue(signed.transaction.to.map { .account($0, selector) })
        case "createdContract":
            guard let text = transaction.receipt["contractAddress"],
                let address = try? Quantity.address(text)
            else { return .missing }
            return .object(.account(address, try place(arguments)))
        case "block": return GraphValue(transaction.place.map { .block(GraphBlock($0.block)) })
        case "effectiveTip":
            guard let place = transaction.place else { return .missing }
            let fee = place.block.header.baseFeePerGas ?? .zero
            return GraphValue(signed.transaction.priorityFee(baseFee: fee).map { .quantity($0) })
        case "logs": return try logs(of: transaction)
        case "accessList":
            guard let list = transaction.json["accessList"]?.elements else { return .missing }
            return .list(list.map { .plain("AccessTuple", $0) })
        case "raw": return .leaf(.data(signed.encoded))
        case "rawReceipt": return GraphValue(transaction.rawReceipt.map { .data($0) })
        case "status", "gasUsed", "cumulativeGasUsed", "effectiveGasPrice", "blobGasUsed",
            "blobGasPrice":
            return GraphValue(transaction.receipt[name])
        default: return GraphValue(transaction.json[name])
        }
    }

    private func logs(of transaction: GraphTransaction) throws(GraphFault) -> GraphValue {
        guard let number = transaction.place?.block.number else { return .missing }
        let hash = transaction.signed.hash
        do throws(ChainError) {
            return .list(
                try view.logs(LogFilter(from: number, to: number)).filter { $0.transaction == hash }
                    .map { .log($0) })
        } catch {
            throw GraphFault(RPCError(error))
        }
    }

    /// The block at which an account is looked at: the newest, if none is named.
    private func place(_ arguments: GraphArguments) throws(GraphFault) -> BlockSelector {
        try arguments.number("block").map(BlockSelector.number) ?? .latest
    }

    /// The fields of an account.
    mutating func account(
        _ name: String, of address: Address, at block: BlockSelector, _ arguments: GraphArguments
    ) throws(GraphFault) -> GraphValue {
        guard name != "address" else { return .leaf(.data(address)) }
        try spend(2)
        let call: ReadCall
        switch name {
        case "balance": call = .balance(address, block)
        case "transactionCount": call = .nonce(address, block)
        case "code": call = .code(address, block)
        case "storage":
            guard let slot = arguments["slot"] else { return .missing }
            call = .storage(address, try parameter(slot, StorageKey.init(reading:)), block)
        default: return .missing
        }
        return GraphValue(try asked { () throws(RPCError) in try call.result(view) })
    }

    /// The fields of a log.
    mutating func log(
        _ name: String, of log: PlacedLog, _ arguments: GraphArguments
    ) throws(GraphFault) -> GraphValue {
        switch name {
        case "index": return .leaf(.quantity(log.index))
        case "account": return .object(.account(log.log.address, try place(arguments)))
        case "topics": return .leaf(.array(log.log.topics.map { .data($0) }))
        case "data": return .leaf(.data(log.log.data))
        case "transaction": return GraphValue(try transaction(log.transaction))
        default: return .missing
        }
    }
}

extension Withdrawal {
    /// The object of a withdrawal, its members called as in the schema.
    fileprivate var graph: JSON {
        [
            "index": .quantity(index), "validator": .quantity(validatorIndex),
            "address": .data(address), "amount": .quantity(amount),
        ]
    }
}
