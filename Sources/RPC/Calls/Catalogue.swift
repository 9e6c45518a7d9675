import Encoding
import Ledger

/// Every method there is: its name, and how its parameters become a call.
public enum Catalogue {
    /// One row of the table.
    struct Method {
        let name: String
        let decode: @Sendable (inout Parameters) throws -> Call
    }

    /// The names of all methods, sorted.
    public static let names: [String] = methods.map(\.name).sorted()

    /// The spaces of names and their versions, as `rpc_modules` tells them.
    static let modules: JSON = .object(
        Set(common.compactMap { $0.name.split(separator: "_").first.map(String.init) }).sorted()
            .map { JSON.Member($0, "1.0") })

    /// Reads a call from a method's name and its parameters.
    static func call(_ name: String, _ json: JSON?) throws(RPCError) -> Call {
        guard let decode = table[name] else { throw .methodNotFound(name) }
        var parameters = try Parameters(json)
        do {
            let call = try decode(&parameters)
            try parameters.finish()
            return call
        } catch let error as RPCError {
            throw error
        } catch {
            throw .internal
        }
    }

    private static let methods = common + development

    /// What is there on every chain.
    private static let common =
        heads + states + blocks + transactions + runs + frames + watches + nodes

    private static let table = Dictionary(
        methods.map { ($0.name, $0.decode) }, uniquingKeysWith: { first, _ in first })
}

extension Catalogue {
    private static let heads: [Method] = [
        Method(name: "eth_accounts") { _ in .head(.accounts) },
        Method(name: "eth_baseFee") { _ in .head(.baseFee) },
        Method(name: "eth_blobBaseFee") { _ in .head(.blobBaseFee) },
        Method(name: "eth_blockNumber") { _ in .head(.blockNumber) },
        Method(name: "eth_chainId") { _ in .head(.chainID) },
        Method(name: "eth_coinbase") { _ in .head(.coinbase) },
        Method(name: "eth_gasPrice") { _ in .head(.gasPrice) },
        Method(name: "eth_maxPriorityFeePerGas") { _ in .head(.tip) },
        Method(name: "eth_syncing") { _ in .head(.syncing) },
        Method(name: "net_listening") { _ in .head(.isListening) },
        Method(name: "net_peerCount") { _ in .head(.peerCount) },
        Method(name: "net_version") { _ in .head(.networkID) },
        Method(name: "rpc_modules") { _ in .head(.modules) },
        Method(name: "txpool_status") { _ in .head(.poolStatus) },
        Method(name: "web3_clientVersion") { _ in .head(.version) },
        Method(name: "web3_sha3") { .head(.keccak(try $0.next(Read.bytes))) },
    ]

    private static let states: [Method] = [
        Method(name: "eth_getBalance") {
            .read(.balance(try $0.next(Read.address), try block(&$0)))
        },
        Method(name: "eth_getTransactionCount") {
            let address = try $0.next(Read.address)
            let block = try block(&$0)
            return block == .pending
                ? .node(.pendingNonce(address)) : .read(.nonce(address, block))
        },
        Method(name: "eth_getCode") { .read(.code(try $0.next(Read.address), try block(&$0))) },
        Method(name: "eth_getStorageAt") {
            .read(
                .storage(
                    try $0.next(Read.address), try $0.next(StorageKey.init(reading:)),
                    try block(&$0)))
        },
        Method(name: "eth_getStorageValues") {
            .read(.storageValues(try $0.next(StorageRequest.all), try block(&$0)))
        },
        Method(name: "eth_capabilities") { _ in .read(.capabilities) },
        Method(name: "eth_config") { _ in .read(.configuration) },
        Method(name: "eth_getProof") {
            .read(
                .proof(
                    try $0.next(Read.address), try $0.next(StorageRequest.list), try block(&$0)))
        },
        Method(name: "eth_call") {
            let request = try $0.next(CallRequest.init(reading:))
            let block = try block(&$0)
            return .read(.call(request, block, try overrides(&$0)))
        },
        Method(name: "eth_estimateGas") {
            let request = try $0.next(CallRequest.init(reading:))
            let block = try block(&$0)
            return .read(.estimateGas(request, block, try overrides(&$0)))
        },
        Method(name: "eth_feeHistory") {
            .read(
                .feeHistory(
                    count: try $0.next(Read.count), newest: try $0.next(BlockSelector.bound),
                    percentiles: try $0.optional(Read.percentiles) ?? []))
        },
    ]

    private static let blocks: [Method] = [
        Method(name: "eth_getBlockByHash") {
            .read(.block(.hash(try $0.next(Read.hash)), full: try $0.optional(Read.bool) ?? false))
        },
        Method(name: "eth_getBlockByNumber") {
            .read(
                .block(
                    try $0.next(BlockSelector.bound), full: try $0.optional(Read.bool) ?? false))
        },
        Method(name: "eth_getBlockTransactionCountByHash") {
            .read(.transactionCount(.hash(try $0.next(Read.hash))))
        },
        Method(name: "eth_getBlockTransactionCountByNumber") {
            .read(.transactionCount(try $0.next(BlockSelector.bound)))
        },
        Method(name: "eth_getUncleCountByBlockHash") {
            .read(.ommerCount(.hash(try $0.next(Read.hash))))
        },
        Method(name: "eth_getUncleCountByBlockNumber") {
            .read(.ommerCount(try $0.next(BlockSelector.bound)))
        },
        Method(name: "eth_getUncleByBlockHashAndIndex") {
            .read(.ommer(.hash(try $0.next(Read.hash)), index: try $0.next(Read.number64)))
        },
        Method(name: "eth_getUncleByBlockNumberAndIndex") {
            .read(.ommer(try $0.next(BlockSelector.bound), index: try $0.next(Read.number64)))
        },
        Method(name: "eth_getBlockReceipts") {
            .read(.receipts(try $0.next(BlockSelector.init(reading:))))
        },
        Method(name: "eth_getLogs") { .read(.logs(try $0.next(LogQuery.init(reading:)))) },
        Method(name: "debug_getRawHeader") {
            .read(.rawHeader(try $0.next(BlockSelector.init(reading:))))
        },
        Method(name: "debug_getRawBlock") {
            .read(.rawBlock(try $0.next(BlockSelector.init(reading:))))
        },
        Method(name: "debug_getRawReceipts") {
            .read(.rawReceipts(try $0.next(BlockSelector.init(reading:))))
        },
    ]

    private static let transactions: [Method] = [
        Method(name: "eth_sendRawTransaction") { .submit(try transaction(&$0)) },
        Method(name: "eth_getTransactionByHash") { .node(.pooled(try $0.next(Read.hash))) },
        Method(name: "eth_getTransactionByBlockHashAndIndex") {
            .read(.transactionAt(.hash(try $0.next(Read.hash)), index: try $0.next(Read.number64)))
        },
        Method(name: "eth_getTransactionByBlockNumberAndIndex") {
            .read(
                .transactionAt(try $0.next(BlockSelector.bound), index: try $0.next(Read.number64)))
        },
        Method(name: "eth_getTransactionReceipt") { .read(.receipt(try $0.next(Read.hash))) },
        Method(name: "debug_getRawTransaction") {
            .read(.rawTransaction(try $0.next(Read.hash)))
        },
    ]

    /// What runs code to tell how it runs.
    private static let runs: [Method] = [
        Method(name: "eth_createAccessList") {
            let request = try $0.next(CallRequest.init(reading:))
            let block = try block(&$0)
            return .read(.accessList(request, block, try overrides(&$0)))
        },
        Method(name: "eth_simulateV1") {
            .read(.imagine(try $0.next(ImaginedBlocks.init(reading:)), try block(&$0)))
        },
        Method(name: "debug_traceTransaction") {
            .read(.trace(try $0.next(Read.hash), try traceOptions(&$0)))
        },
        Method(name: "debug_traceBlockByNumber") {
            .read(.traceBlock(try $0.next(BlockSelector.bound), try traceOptions(&$0)))
        },
        Method(name: "debug_traceBlockByHash") {
            .read(.traceBlock(.hash(try $0.next(Read.hash)), try traceOptions(&$0)))
        },
        Method(name: "debug_getModifiedAccountsByNumber") {
            .read(
                .changedAccounts(
                    try $0.next(BlockSelector.bound), try $0.optional(BlockSelector.bound)))
        },
        Method(name: "debug_getModifiedAccountsByHash") {
            let first = BlockSelector.hash(try $0.next(Read.hash))
            return .read(.changedAccounts(first, try $0.optional(Read.hash).map { .hash($0) }))
        },
        Method(name: "debug_traceCall") {
            let request = try $0.next(CallRequest.init(reading:))
            let block = try block(&$0)
            let options = try $0.optional { json throws(ParameterFault) in
                (
                    try TraceOptions(reading: json),
                    try Overrides(accounts: json["stateOverrides"], block: json["blockOverrides"])
                )
            }
            return .read(
                .traceCall(request, block, options?.1 ?? Overrides(), options?.0 ?? .steps(.init()))
            )
        },
        Method(name: "testing_buildBlockV1") {
            let request = try BuildRequest(&$0)
            return request.transactions == nil ? .node(.build(request)) : .read(.build(request))
        },
    ]

    /// The `trace_` space.
    private static let frames: [Method] = [
        Method(name: "trace_block") {
            .read(.parity(.block(try $0.next(BlockSelector.init(reading:)))))
        },
        Method(name: "trace_transaction") {
            .read(.parity(.transaction(try $0.next(Read.hash))))
        },
        Method(name: "trace_get") {
            .read(.parity(.frame(try $0.next(Read.hash), try $0.next(Read.path))))
        },
        Method(name: "trace_filter") {
            .read(.parity(.filter(try $0.next(ParityFilter.init(reading:)))))
        },
        Method(name: "trace_call") {
            let request = try $0.next(CallRequest.init(reading:))
            let kinds = try $0.next(ParityKinds.init(reading:))
            return .read(
                .parity(.call(ParityRequest(request: request, kinds: kinds), try block(&$0))))
        },
        Method(name: "trace_callMany") {
            .read(.parity(.calls(try $0.next(ParityRequest.list), try block(&$0))))
        },
        Method(name: "trace_rawTransaction") {
            let bytes = try transaction(&$0)
            return .read(.parity(.raw(bytes, try $0.next(ParityKinds.init(reading:)))))
        },
        Method(name: "trace_replayTransaction") {
            let hash = try $0.next(Read.hash)
            return .read(.parity(.replay(hash, try $0.next(ParityKinds.init(reading:)))))
        },
        Method(name: "trace_replayBlockTransactions") {
            let selector = try $0.next(BlockSelector.init(reading:))
            return .read(
                .parity(.replayBlock(selector, try $0.next(ParityKinds.init(reading:)))))
        },
    ]

    private static let watches: [Method] = [
        Method(name: "eth_newFilter") {
            .watch(.newLogFilter(try $0.next(LogQuery.init(reading:))))
        },
        Method(name: "eth_newBlockFilter") { _ in .watch(.newBlockFilter) },
        Method(name: "eth_newPendingTransactionFilter") {
            .watch(.newTransactionFilter(full: try $0.optional(Read.bool) ?? false))
        },
        Method(name: "eth_getFilterChanges") { .watch(.changes(try $0.next(Read.watch))) },
        Method(name: "eth_getFilterLogs") { .watch(.filterLogs(try $0.next(Read.watch))) },
        Method(name: "eth_uninstallFilter") { .watch(.uninstall(try $0.next(Read.watch))) },
        Method(name: "eth_subscribe") { .watch(try subscription(&$0)) },
        Method(name: "eth_unsubscribe") { .watch(.unsubscribe(try $0.next(Read.watch))) },
    ]

    private static let nodes: [Method] = [
        Method(name: "martlet_status") { _ in .node(.status) },
        Method(name: "martlet_validators") { _ in .node(.validators) },
        Method(name: "martlet_isolate") { .node(.isolate(try $0.next(Read.bool))) },
        Method(name: "txpool_content") { _ in .node(.poolContent(nil)) },
        Method(name: "txpool_contentFrom") { .node(.poolContent(try $0.next(Read.address))) },
    ]

    private static func block(
        _ parameters: inout Parameters
    ) throws(RPCError) -> BlockSelector {
        try parameters.optional(BlockSelector.init(reading:)) ?? .latest
    }

    /// A signed transaction as it stands in a block.
    private static func transaction(_ parameters: inout Parameters) throws(RPCError) -> [UInt8] {
        let bytes = try withoutBlobs(try parameters.next(Read.bytes))
        guard bytes.count <= RPCLimits.transactionSize else {
            throw RPCError.server(
                "oversized data: transaction size \(bytes.count), limit "
                    + "\(RPCLimits.transactionSize)")
        }
        return bytes
    }

    /// A transaction as it stands in a block, without the blobs that may come with it.
    private static func withoutBlobs(_ bytes: [UInt8]) throws(RPCError) -> [UInt8] {
        guard BlobEnvelope.isEnvelope(bytes) else { return bytes }
        do throws(TransactionError) {
            return try BlobEnvelope.transaction(in: bytes)
        } catch {
            throw RPCError(error)
        }
    }

    private static func traceOptions(
        _ parameters: inout Parameters
    ) throws(RPCError) -> TraceOptions {
        try parameters.optional(TraceOptions.init(reading:)) ?? .steps(.init())
    }

    private static func overrides(_ parameters: inout Parameters) throws(RPCError) -> Overrides {
        let accounts = try parameters.optional { json throws(ParameterFault) in
            try Overrides(accounts: json, block: nil)
        }
        let block = try parameters.optional { json throws(ParameterFault) in
            try Overrides(accounts: nil, block: json)
        }
        var overrides = block ?? Overrides()
        overrides.accounts = accounts?.accounts ?? []
        return overrides
    }

    private static func subscription(
        _ parameters: inout Parameters
    ) throws(RPCError) -> WatchCall {
        switch try parameters.next(Read.string) {
        case "newHeads": return .subscribeHeads
        case "logs":
            return .subscribeLogs(
                try parameters.optional(LogQuery.init(reading:)) ?? LogQuery())
        case "newPendingTransactions":
            return .subscribeTransactions(full: try parameters.optional(Read.bool) ?? false)
        case let name:
            throw RPCError(
                code: -32601, message: "no \"\(name)\" subscription in eth namespace")
        }
    }
}

extension Read {
    /// The name of a filter; what cannot be one is the name of none.
    static func watch(_ json: JSON) throws(ParameterFault) -> WatchID {
        let text = try string(json)
        return WatchID((try? Quantity.number64(.string(text))) ?? 0)
    }

    /// Which call of which call, from the outermost on.
    static func path(_ json: JSON) throws(ParameterFault) -> [Int] {
        guard let elements = json.elements, elements.count <= 1_024 else {
            throw .text("expected an array of numbers")
        }
        var path: [Int] = []
        for element in elements { path.append(Int(clamping: try count(element))) }
        return path
    }

    /// A count, which may also be a plain JSON number.
    static func count(_ json: JSON) throws(ParameterFault) -> UInt64 {
        if case .number(let digits) = json, let count = UInt64(digits) { return count }
        return try number64(json)
    }

    static func percentiles(_ json: JSON) throws(ParameterFault) -> [Double] {
        guard let elements = json.elements else { throw .text("expected an array of numbers") }
        guard elements.count <= RPCLimits.feePercentiles else {
            throw .whole(
                .server(
                    "invalid reward percentile: over the query limit \(RPCLimits.feePercentiles)"))
        }
        var percentiles: [Double] = []
        for element in elements {
            guard case .number(let digits) = element, let value = Double(digits) else {
                throw .text("expected a number")
            }
            guard 0...100 ~= value else {
                throw .whole(.server("invalid reward percentile: \(digits)"))
            }
            if let last = percentiles.last, value < last {
                throw .whole(
                    .server(
                        "invalid reward percentile: #\(percentiles.count - 1):\(last) > "
                            + "#\(percentiles.count):\(value)"))
            }
            percentiles.append(value)
        }
        return percentiles
    }
}
