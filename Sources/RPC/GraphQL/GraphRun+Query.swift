import EVM
import Encoding
import Ledger
import Primitives

extension GraphRun {
    /// The fields of the query itself.
    mutating func root(
        _ name: String, _ arguments: GraphArguments
    ) throws(GraphFault) -> GraphValue {
        switch name {
        case "block": return .object(.block(try block(arguments)))
        case "blocks": return .list(try blocks(arguments))
        case "pending": return .object(.pending)
        case "transaction": return GraphValue(try transaction(arguments))
        case "logs": return .list(try logs(arguments))
        case "syncing":
            let sync = try asked { () throws(RPCError) in try query.head.answer(.syncing) }
            return GraphValue(sync.truth == false ? nil : .plain("SyncState", sync))
        case "gasPrice": return try head(.gasPrice)
        case "maxPriorityFeePerGas": return try head(.tip)
        case "chainID": return try head(.chainID)
        case "__schema": return .object(.schema)
        case "__type":
            let name = arguments["name"]?.text ?? ""
            let isKnown = schema.type(name) != nil
            return GraphValue(
                isKnown ? .type(GraphReference(shape: .named(name), isRequired: false)) : nil)
        default: return .missing
        }
    }

    private func head(_ call: HeadCall) throws(GraphFault) -> GraphValue {
        GraphValue(try asked { () throws(RPCError) in try query.head.answer(call) })
    }

    private mutating func block(_ arguments: GraphArguments) throws(GraphFault) -> GraphBlock {
        let number = try arguments.number("number")
        let hash = try arguments.read("hash", Quantity.hash)
        guard number == nil || hash == nil else {
            throw GraphFault(RPCError.invalidParameters("both number and hash are given"))
        }
        let selector = hash.map(BlockSelector.hash) ?? number.map(BlockSelector.number) ?? .latest
        guard let block = try block(selector) else {
            throw GraphFault(RPCError.invalidParameters("block not found"))
        }
        return block
    }

    /// Reads a block; `nil` if the chain has none.
    mutating func block(_ selector: BlockSelector) throws(GraphFault) -> GraphBlock? {
        try spend(10)
        let block = try asked { () throws(RPCError) in try view.block(selector) }
        return block.map { GraphBlock($0) }
    }

    private mutating func blocks(_ arguments: GraphArguments) throws(GraphFault) -> [GraphObject] {
        let first = try arguments.number("from") ?? view.number
        let last = min(try arguments.number("to") ?? view.number, view.number)
        guard first <= last else {
            throw GraphFault(RPCError.invalidParameters("from is after to"))
        }
        guard last - first < RPCLimits.graphBlocks else { throw .tooCostly }
        var blocks: [GraphObject] = []
        for number in first...last {
            guard let block = try block(.number(number)) else { break }
            blocks.append(.block(block))
        }
        return blocks
    }

    private mutating func transaction(
        _ arguments: GraphArguments
    ) throws(GraphFault) -> GraphObject? {
        let hash = try arguments.required("hash", Quantity.hash)
        if let waiting = query.waiting.first(where: { $0.hash == hash }) {
            return .transaction(GraphTransaction(waiting: waiting, view.rules))
        }
        return try transaction(hash)
    }

    /// Reads a transaction of the chain; `nil` if it has none of this hash.
    mutating func transaction(_ hash: Hash32) throws(GraphFault) -> GraphObject? {
        try spend(10)
        guard let place = view.transaction(hash), let block = view.block(hash: place.block) else {
            return nil
        }
        return .transaction(GraphTransaction(block, place.index, in: view))
    }

    private mutating func logs(_ arguments: GraphArguments) throws(GraphFault) -> [GraphObject] {
        let filter = try arguments.object("filter")
        var members = [
            JSON.Member("address", filter["addresses"] ?? []),
            JSON.Member("topics", filter["topics"] ?? []),
        ]
        for name in ["fromBlock", "toBlock"] {
            if let bound = filter[name] { members.append(.init(name, bound)) }
        }
        return try logs(.object(members))
    }

    /// The logs that a query of JSON-RPC finds.
    mutating func logs(_ json: JSON) throws(GraphFault) -> [GraphObject] {
        let query = try parameter(json, LogQuery.init(reading:))
        let found = try asked { () throws(RPCError) in try view.logs(query) }
        try spend(100 + found.count)
        return found.map { .log($0) }
    }

    /// The fields of what waits.
    mutating func pending(
        _ name: String, _ arguments: GraphArguments
    ) throws(GraphFault) -> GraphValue {
        switch name {
        case "transactionCount": return .leaf(.quantity(query.waiting.count))
        case "transactions":
            let rules = view.rules
            return .list(
                query.waiting.map { .transaction(GraphTransaction(waiting: $0, rules)) })
        default: return try state(name, at: .latest, arguments)
        }
    }

    /// The fields that need the state after a block.
    mutating func state(
        _ name: String, at block: BlockSelector, _ arguments: GraphArguments
    ) throws(GraphFault) -> GraphValue {
        if name == "account" {
            return .object(.account(try arguments.required("address", Quantity.address), block))
        }
        guard name == "call" || name == "estimateGas" else { return .missing }
        try spend(100)
        let request = try parameter(try arguments.object("data"), CallRequest.init(reading:))
        let simulation = try asked { () throws(RPCError) in
            try Simulation(view, block, Overrides())
        }
        // Each guess of an estimate costs at most what is left.
        let gas = gasLeft
        guard name == "call" else {
            var request = request
            request.gas = min(request.gas ?? gas, gas)
            gasLeft -= min(gasLeft, 1_000_000)
            return .leaf(
                try asked { () throws(RPCError) in
                    try simulation.estimateGas(request, exactly: true)
                })
        }
        let executed = try asked { () throws(RPCError) in
            try simulation.outcome(request, gas: gas)
        }
        gasLeft -= min(gasLeft, executed.gasUsed)
        return .object(
            .plain(
                "CallResult",
                [
                    "data": .data(executed.outcome.output), "gasUsed": .quantity(executed.gasUsed),
                    "status": .quantity(executed.outcome.succeeded ? 1 as UInt64 : 0),
                ]))
    }
}
