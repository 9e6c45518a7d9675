/// The chain that cases of JSON-RPC ask about; paths are below the archive.
public struct SuiteChain: Sendable {
    /// The blocks after the first, in RLP or as a plan; `nil` if there are none.
    public let blocks: String?
    /// The genesis file.
    public let genesis: String
    /// Whether only the files of the suite's own folder are cases.
    public let isShallow: Bool

    init(_ blocks: String?, _ genesis: String, isShallow: Bool = false) {
        self.blocks = blocks
        self.genesis = genesis
        self.isShallow = isShallow
    }
}

/// Cases that are decided otherwise than a suite has it, and why.
public struct Ruling: Sendable {
    /// Why.
    public let reason: String
    private let cases: [String]

    init(_ reason: String, _ cases: [String]) {
        self.reason = reason
        self.cases = cases
    }

    /// Whether a case of this name is among them.
    public func covers(_ name: String) -> Bool {
        cases.contains { name.hasSuffix("/\($0).json") }
    }
}

extension Suite {
    /// The suites of JSON-RPC.
    static let rpc = executionAPIs + besu + tracers

    private static let executionAPIs = [
        Suite(
            "05-execution-apis/execution-apis", .exchange, [("", 194)],
            below: "execution-apis/tests",
            chain: SuiteChain("execution-apis/tests/chain.rlp", "execution-apis/tests/genesis.json")
        )
    ]

    private static let besu = [
        besu("debug-geth/specs", 122, on: "debug-geth/chain-data/blocks.bin", "debug-geth"),
        besu("trace/specs", 694, on: "trace/chain-data/blocks.json", "trace", ofTraces),
    ]

    private static let ofTraces = [
        Ruling(
            "transactions of trace_callMany follow each other as in a block (OpenEthereum's page of "
                + "the trace module), so storage is priced by what the last one left",
            [
                "trace_callMany_04_trace", "trace_callMany_04_vmTrace",
                "trace_callMany_0e_stateDiff", "trace_callMany_0e_vmTrace",
                "trace_callMany_15_stateDiff", "trace_callMany_15_trace",
                "trace_callMany_15_vmTrace", "trace_callMany_16_stateDiff",
                "trace_callMany_16_trace",
            ]),
        Ruling(
            "what cannot be paid is told at the price that geth tells",
            [
                "trace_replayBlockTransactions_all_0x1E", "trace_replayBlockTransactions_0x1E",
                "trace_call_1e_0_vmTrace", "trace_callMany_1e_vmTrace", "trace_call_20_0_vmTrace",
                "trace_rawTransaction_20_0_vmTrace",
            ]),
    ]

    /// A folder of Besu's cases, and the chain of one of its folders.
    private static func besu(
        _ folder: String, _ count: Int, on blocks: String, _ chain: String,
        _ rulings: [Ruling] = []
    ) -> Suite {
        Suite(
            "06-rpc-extra/besu-jsonrpc", .exchange, [("", count)],
            below: "besu-api/jsonrpc/\(folder)",
            chain: SuiteChain(
                "besu-api/jsonrpc/\(blocks)", "besu-api/jsonrpc/\(chain)/chain-data/genesis.json"),
            rulings: rulings)
    }

    private static let tracers = [
        ("call_tracer", 12), ("call_tracer_flat", 27), ("call_tracer_withLog", 7),
        ("prestate_tracer", 8), ("prestate_tracer_with_diff_mode", 10),
    ].map {
        Suite("06-rpc-extra/geth-tracetest", .tracer, [($0, $1)], below: "\($0)/")
    }
}
