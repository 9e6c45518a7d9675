import Encoding
import EVM
import Ledger
import Primitives
import RPC

/// One transaction on a given state, and what one of geth's tracers tells of it.
enum TracerFixture {
    static func run(_ json: JSON, from path: String) -> CaseResult {
        let parts = path.split(separator: "/").suffix(2).map(String.init)
        return CaseResult(name: parts.joined(separator: "/"), fork: parts.first ?? "") {
            let tracer = try tracer(parts.first ?? "")
            let found = try trace(json, tracer)
            let expected = try json["result"].there("result")
            guard tracer != "prestateTracer" else {
                return JSONDifference(found, expected: expected)?.description
            }
            // geth compares what its types hold, where nothing and zero are one.
            return JSONDifference(found.withoutZeros, expected: expected.withoutZeros)?
                .description
        }
    }

    /// The tracer whose cases stand in a folder.
    private static func tracer(_ folder: String) throws(FixtureError) -> String {
        let tracers = [
            ("call_tracer_flat", "flatCallTracer"), ("call_tracer", "callTracer"),
            ("prestate_tracer", "prestateTracer"), ("erc7562_tracer", "erc7562Tracer"),
        ]
        guard let known = tracers.first(where: { folder.hasPrefix($0.0) }) else {
            throw FixtureError("no tracer is known for \(folder)")
        }
        return known.1
    }

    private static func trace(_ json: JSON, _ tracer: String) throws -> JSON {
        let genesis = try json["genesis"].there("genesis")
        // Names in a configuration are taken whatever the case of their first letter.
        let members = (genesis["config"]?.members ?? []).map {
            JSON.Member($0.name.prefix(1).lowercased() + $0.name.dropFirst(), $0.value)
        }
        let rules = try ChainRules(config: .object(members))
        let environment = try environment(json, genesis, rules)
        let bytes = try json["input"].bytes("input")
        let transaction = try SignedTransaction(
            decoding: bytes, isFrontier: environment.revision < .homestead)
        let state = MemoryState(try Genesis.accounts(genesis["alloc"]))
        return try Tracing.trace(
            transaction, in: Executor(environment, on: state),
            ["tracer": .string(tracer), "tracerConfig": json["tracerConfig"] ?? .null])
    }

    private static func environment(
        _ json: JSON, _ genesis: JSON, _ rules: ChainRules
    ) throws -> BlockEnvironment {
        let context = json["context"]
        let difficulty = try context["difficulty"].number("difficulty")
        let fee = context["baseFeePerGas"] ?? genesis["baseFeePerGas"]
        let excess = genesis["excessBlobGas"]
        return BlockEnvironment(
            rules: rules, number: try context["number"].number64("number"),
            timestamp: try context["timestamp"].number64("timestamp"),
            coinbase: try context["miner"].address("miner"),
            // The pool of gas is the transaction's own.
            gasLimit: max(try context["gasLimit"].number64("gasLimit"), 1 << 40),
            baseFee: fee == nil ? .zero : try fee.number("baseFeePerGas"),
            prevRandao: difficulty,
            excessBlobGas: excess == nil ? 0 : try excess.number64("excessBlobGas"))
    }
}

extension JSON {
    /// What is not nothing, nor zero; and not the transaction's place, which is of no chain.
    fileprivate var withoutZeros: JSON {
        switch self {
        case .array(let elements): return .array(elements.map(\.withoutZeros))
        case .object(let members):
            let kept = members.filter { !JSON.places.contains($0.name) }
                .map { Member($0.name, $0.value.withoutZeros) }
            return .object(kept.filter { !$0.value.isZero })
        default: return self
        }
    }

    private static let places: Set = [
        "blockHash", "blockNumber", "transactionHash", "transactionPosition", "time",
    ]

    private var isZero: Bool {
        switch self {
        case .null: true
        case .object(let members): members.isEmpty
        case .string(let text):
            text.isEmpty || text == "0x"
                || text.hasPrefix("0x0") && text.utf8.dropFirst(2).allSatisfy { $0 == 0x30 }
        default: false
        }
    }
}
