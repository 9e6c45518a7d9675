import Encoding
import Machine

/// A source that a contract is said to be compiled of, with the compiler's settings.
struct Submission: Sendable {
    /// The file of the contract.
    let name: String
    /// What the compiler is given: its standard JSON.
    let input: JSON

    /// The longest body of a request, in bytes.
    static let sizeLimit = 1 << 20
    /// How long the compiler may take.
    private static let duration = Duration.seconds(60)
    /// How much memory it may take.
    private static let memory = 2 << 30
    /// How much it may say.
    private static let output = 16 << 20
    /// What of the settings a caller may choose.
    private static let settings = [
        "evmVersion", "optimize", "experimentalCodegen", "enable_decimals",
    ]

    /// Reads a request's body: a plain source, or a compiler's standard JSON.
    init(_ body: [UInt8]) throws(APIFailure) {
        guard body.count <= Self.sizeLimit else {
            throw APIFailure(.tooLarge, "a source may have \(Self.sizeLimit) bytes")
        }
        let given: JSON
        do throws(JSON.Failure) {
            given = try JSON(decoding: body, depth: 16, duplicates: .refuse)
        } catch {
            throw APIFailure(.invalid, "the body is no JSON: \(error)")
        }
        name = given["name"]?.text ?? "Contract.vy"
        guard !name.isEmpty, name.utf8.count <= 200, name.hasSuffix(".vy") else {
            throw APIFailure(.invalid, "name: expected a file like Contract.vy")
        }
        let sources: JSON
        switch (given["source"], given["input"]?["sources"]) {
        case (.string(let text)?, nil):
            sources = .object([.init(name, ["content": .string(text)])])
        case (nil, let object?) where object.members?.isEmpty == false: sources = object
        default:
            throw APIFailure(.invalid, "expected either source, or input with sources")
        }
        let wanted = given["settings"] ?? given["input"]?["settings"] ?? [:]
        let chosen = Self.settings.compactMap { name in
            wanted[name].map { JSON.Member(name, $0) }
        }
        input = [
            "language": "Vyper", "sources": sources,
            "settings": .object(
                chosen + [
                    .init(
                        "outputSelection",
                        ["*": ["abi", "evm.deployedBytecode", "layout"]])
                ]),
        ]
    }

    /// The run of a compiler that makes code of it.
    func program(_ compiler: String) -> Program {
        Program(
            compiler, ["--standard-json", "input.json"],
            files: [Program.File(name: "input.json", bytes: input.encoded())],
            duration: Self.duration, memory: Self.memory, output: Self.output)
    }

    /// The run of a compiler that tells its version.
    static func version(_ compiler: String) -> Program {
        Program(
            compiler, ["--version"], files: [], duration: duration, memory: memory,
            output: 1 << 16)
    }
}
