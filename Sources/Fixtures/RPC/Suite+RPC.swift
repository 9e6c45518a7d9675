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

extension Suite {
    /// The suites of JSON-RPC.
    static let rpc = executionAPIs + besu + graphs + tracers

    private static let executionAPIs = [
        Suite(
            "05-execution-apis/execution-apis", .exchange, [("", 194)],
            below: "execution-apis/tests",
            chain: SuiteChain("execution-apis/tests/chain.rlp", "execution-apis/tests/genesis.json")
        )
    ]

    private static let besu = [
        besu("debug-geth/specs", 122, on: "debug-geth/chain-data/blocks.bin", "debug-geth"),
        besu("trace/specs", 694, on: "trace/chain-data/blocks.json", "trace", Ruling.traces),
        besu("eth_latest", 2, on: "trace/chain-data/blocks.json", "trace"),
        besu("debug/trace-block", 4, on: "trace/chain-data/blocks.json", "trace", Ruling.debug),
        besu("debug/trace-call", 8, on: "trace/chain-data/blocks.json", "trace", Ruling.debug),
        besuOnHive("debug/trace-transaction", 4), besuOnHive("debug/account-at", 1, Ruling.besu),
        besuOnHive("debug/account-range", 3, Ruling.besu),
        besuOnHive("debug/storage-range", 3, Ruling.besu),
        besuOnHive("debug/batch-send-raw-transaction", 5, Ruling.besu),
        Suite(
            "06-rpc-extra/besu-jsonrpc", .exchange, [("", 1)],
            below: "besu-api/jsonrpc/eth/config",
            chain: SuiteChain(
                nil, "besu-api/jsonrpc/eth/config/chain-data/mainnet-plus-future.json",
                isShallow: true), rulings: Ruling.besu),
        besuOnHive("eth", 182, isShallow: true, Ruling.eth),
        besu(
            "eth/simulateV1/specs", 4, on: "eth/simulateV1/chain-data/blocks.bin", "eth/simulateV1",
            Ruling.eth),
    ]

    private static let graphs = [
        Suite(
            "06-rpc-extra/besu-jsonrpc", .exchange, [("", 52)], below: "besu-api/graphql",
            chain: hiveChain, rulings: Ruling.graph),
        Suite(
            "06-rpc-extra/hive-graphql", .exchange, [("", 43)], below: "hive-graphql/testcases",
            chain: hiveChain, rulings: Ruling.graph),
    ]

    /// The chain of hive's cases, as it is seen from any archive.
    private static let hiveChain = SuiteChain(
        "../hive-graphql/hive-graphql/init/testBlockchain.blocks",
        "../hive-graphql/hive-graphql/init/testGenesis.json")

    /// A folder of Besu's cases on the chain that hive's have, too.
    private static func besuOnHive(
        _ folder: String, _ count: Int, isShallow: Bool = false, _ rulings: [Ruling] = []
    ) -> Suite {
        let home = "../hive-graphql/hive-graphql/init"
        return Suite(
            "06-rpc-extra/besu-jsonrpc", .exchange, [("", count)],
            below: "besu-api/jsonrpc/\(folder)",
            chain: SuiteChain(
                "\(home)/testBlockchain.blocks", "\(home)/testGenesis.json",
                isShallow: isShallow),
            rulings: rulings)
    }

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
        ("call_tracer", 12), ("call_tracer_flat", 27), ("call_tracer_legacy", 9),
        ("call_tracer_withLog", 7), ("prestate_tracer_legacy", 1),
        ("prestate_tracer", 8), ("prestate_tracer_with_diff_mode", 10), ("erc7562_tracer", 2),
    ].map {
        Suite(
            "06-rpc-extra/geth-tracetest", .tracer, [($0, $1)], below: "\($0)/",
            rulings: $0.hasSuffix("_legacy") ? Ruling.legacy : [])
    }
}
