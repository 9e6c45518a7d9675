import Encoding
import Fixtures
@preconcurrency import Glibc

/// `martlet evm t8n`: carries a state over to the next, as geth's tool does.
struct EVMTransition: Command {
    static let name = "evm t8n"
    static let summary = "carry transactions out on a given state, as geth's evm t8n does"
    static let usage = """
        martlet evm t8n [--state.fork=NAME] [--input.alloc=FILE] [--input.env=FILE] …

        Carries transactions out on a state, as a filler of tests wants it. The files are those of
        geth's `evm t8n`; `stdin` stands for members `alloc`, `env` and `txs` (or `txsRlp`) of one
        object on standard input, `stdout` and `stderr` for members of one object there. An option's
        value may be the next word, as fillers write it.

          --state.fork=NAME      the rules, such as Osaka (GrayGlacier)
          --state.chainid=N      the chain's number (1)
          --state.reward=WEI     what the block's maker is paid; -1 for no touch at all (0)
          --input.alloc=FILE     the state before (alloc.json)
          --input.env=FILE       the block (env.json)
          --input.txs=FILE       the transactions: objects, or a list's RLP as text (txs.json)
          --output.basedir=DIR   where files are written (the working directory)
          --output.alloc=FILE    the state afterwards (alloc.json)
          --output.result=FILE   what came of it (result.json)
          --output.body=FILE     the RLP of the transactions that were taken (not written)

        Exit code: 0 done, 1 if something cannot be read or carried out.
        """

    static let spacedKeys = [
        "state.fork", "state.chainid", "state.reward", "input.alloc", "input.env", "input.txs",
        "output.basedir", "output.alloc", "output.result", "output.body",
    ]

    private let fork: String
    private let chainID: UInt64
    private let reward: Int64
    private let inputs: ToolInputs
    private let outputs: ToolOutputs

    init(_ arguments: inout Arguments) throws(UsageError) {
        fork = try arguments.value("state.fork") ?? "GrayGlacier"
        chainID = try arguments.value("state.chainid") ?? 1
        reward = try arguments.value("state.reward") ?? 0
        inputs = try ToolInputs(
            &arguments, ["alloc": "alloc.json", "env": "env.json", "txs": "txs.json"])
        outputs = try ToolOutputs(
            &arguments, ["alloc": "alloc.json", "result": "result.json", "body": ""])
    }

    func run() throws {
        let given = try inputs.read()
        let transition = try StateTransition(
            alloc: given["alloc"] ?? .null, env: given["env"] ?? .null, txs: given["txs"] ?? .null,
            fork: fork, chainID: chainID, reward: reward)
        try outputs.write([
            ("alloc", transition.alloc), ("result", transition.result),
            ("body", .string(Hex.encode(transition.body))),
        ])
    }
}

/// `martlet evm b11r`: puts a block together, as geth's tool does.
struct EVMBlockBuilder: Command {
    static let name = "evm b11r"
    static let summary = "put a block together from its parts, as geth's evm b11r does"
    static let usage = """
        martlet evm b11r [--input.header=FILE] [--input.txs=FILE] …

        Puts a block together. `stdin` stands for members `header`, `txs`, `ommers` and
        `withdrawals` of one object on standard input, `stdout` for standard output.

          --input.header=FILE       the header's fields (header.json)
          --input.txs=FILE          the RLP of the list of transactions, as text (txs.rlp)
          --input.ommers=FILE       a list of the RLP of ommers (none)
          --input.withdrawals=FILE  a list of withdrawals (none)
          --output.basedir=DIR      where the file is written (the working directory)
          --output.block=FILE       {rlp, hash} (block.json)

        Exit code: 0 done, 1 if something cannot be read.
        """

    static let spacedKeys = [
        "input.header", "input.txs", "input.ommers", "input.withdrawals", "output.basedir",
        "output.block",
    ]

    private let inputs: ToolInputs
    private let outputs: ToolOutputs

    init(_ arguments: inout Arguments) throws(UsageError) {
        inputs = try ToolInputs(
            &arguments,
            ["header": "header.json", "txs": "txs.rlp", "ommers": "", "withdrawals": ""])
        outputs = try ToolOutputs(&arguments, ["block": "block.json"])
    }

    func run() throws {
        let given = try inputs.read()
        let block = try BlockAssembly(
            header: given["header"] ?? .null, transactions: given["txs"] ?? "0xc0",
            ommers: given["ommers"] ?? [], withdrawals: given["withdrawals"])
        let json = JSON.object([
            .init("rlp", .string(Hex.encode(block.bytes))), .init("hash", .string(block.hash)),
        ])
        try outputs.write([("block", json)], isBare: true)
    }
}

extension Arguments {
    /// Takes the options `--KIND.NAME`; what is not given has its usual path.
    fileprivate mutating func paths(
        _ kind: String, _ usual: [String: String]
    ) throws(UsageError) -> [String: String] {
        var paths: [String: String] = [:]
        for (name, path) in usual {
            let given: String? = try value("\(kind).\(name)")
            paths[name] = given ?? path
        }
        return paths
    }
}

/// What the tools of fillers read, by name: from files, or from standard input.
struct ToolInputs {
    private let paths: [String: String]

    /// Takes the options `--input.NAME`; an empty path that is not given is not read.
    init(_ arguments: inout Arguments, _ usual: [String: String]) throws(UsageError) {
        paths = try arguments.paths("input", usual)
    }

    func read() throws -> [String: JSON] {
        var found: [String: JSON] = [:]
        let common =
            paths.values.contains("stdin")
            ? try JSON(decoding: try Files.read("-", limit: 1 << 30)) : .null
        for (name, path) in paths where !path.isEmpty {
            let member = common[name] ?? common["\(name)Rlp"]
            found[name] = path == "stdin" ? member : try ToolInputs.file(path)
        }
        return found
    }

    /// A file's value; one of RLP is its text, with or without quotes.
    private static func file(_ path: String) throws -> JSON {
        let bytes = try Files.read(path, limit: 1 << 30)
        guard path.hasSuffix(".rlp") else { return try JSON(decoding: bytes) }
        let text = String(decoding: bytes, as: UTF8.self)
        return .string(text.filter { !$0.isWhitespace && $0 != "\"" })
    }
}

/// What the tools of fillers write, by name: to files, or to standard output and error.
struct ToolOutputs {
    private let paths: [String: String]
    private let folder: String

    /// Takes the options `--output.NAME`; an empty path is not written.
    init(_ arguments: inout Arguments, _ usual: [String: String]) throws(UsageError) {
        paths = try arguments.paths("output", usual)
        folder = try arguments.value("output.basedir") ?? "."
    }

    /// Writes values; on a stream as members of one object, or the only one bare.
    func write(_ values: [(name: String, value: JSON)], isBare: Bool = false) throws {
        for stream in ["stdout", "stderr"] {
            let here = values.filter { paths[$0.name] == stream }
            guard let first = here.first else { continue }
            let members = here.map { JSON.Member($0.name, $0.value) }
            let json = isBare ? first.value : .object(members)
            let text = String(decoding: json.encoded(.pretty), as: UTF8.self) + "\n"
            fputs(text, stream == "stdout" ? stdout : stderr)
        }
        for (name, value) in values {
            guard let path = paths[name], !path.isEmpty, !["stdout", "stderr"].contains(path)
            else { continue }
            let whole = path.hasPrefix("/") ? path : "\(folder)/\(path)"
            try Files.write(value.encoded(.pretty), to: whole)
        }
    }
}
