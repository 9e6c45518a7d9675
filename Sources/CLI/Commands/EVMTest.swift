import EVM
import Encoding
import Fixtures

/// `martlet evm statetest`: runs Ethereum's official state tests.
struct EVMStateTest: Command {
    static let name = "evm statetest"
    static let summary = "run Ethereum state tests from files or folders"
    static let usage = EVMTest.usage(
        name, holds: "state tests",
        passes: """
            A case passes if the state root and the hash of the logs are as expected, or if a
            transaction that must be refused is refused for one of the reasons named.
            """)

    private let test: EVMTest

    init(_ arguments: inout Arguments) throws(UsageError) { test = try EVMTest(&arguments) }

    func run() throws { try test.run(.state, Self.name) }
}

/// `martlet evm blocktest`: runs Ethereum's official blockchain tests.
struct EVMBlockTest: Command {
    static let name = "evm blocktest"
    static let summary = "run Ethereum blockchain tests from files or folders"
    static let usage = EVMTest.usage(
        name, holds: "blockchain tests",
        passes: """
            A case passes if each block is imported, or refused for one of the reasons named, and
            if the chain ends in the block and the state that it must. The fork is the network.
            """)

    private let test: EVMTest

    init(_ arguments: inout Arguments) throws(UsageError) { test = try EVMTest(&arguments) }

    func run() throws { try test.run(.blockchain, Self.name) }
}

/// `martlet evm transactiontest`: runs Ethereum's official transaction tests.
struct EVMTransactionTest: Command {
    static let name = "evm transactiontest"
    static let summary = "run Ethereum transaction tests from files or folders"
    static let usage = EVMTest.usage(
        name, holds: "transaction tests",
        passes: """
            A case passes if the bytes are a transaction of the hash, sender and gas that are
            expected, or if they are refused where they must be.
            """)

    private let test: EVMTest

    init(_ arguments: inout Arguments) throws(UsageError) { test = try EVMTest(&arguments) }

    func run() throws { try test.run(.transaction, Self.name) }
}

/// What the commands that run fixtures have in common.
struct EVMTest {
    private let paths: [String]
    private let isJSON: Bool
    private let filter: CaseFilter

    static func usage(_ name: String, holds what: String, passes: String) -> String {
        """
        martlet \(name) PATH… [--json] [--fork=NAME] [--run=TEXT] …

        Runs \(what): each PATH is a file of fixtures, or a folder of such files, however deep.
        \(passes)

          --json       write a JSON array of {name, pass, stateRoot, fork, error}, as geth does
          --dump       as --json, and of each state test the outcome: {status, reason, gasUsed,
                       output, logs, alloc}, the accounts afterwards
          --fork=NAME  only the cases of this fork, such as Osaka
          --run=TEXT   only the tests whose name holds this text
          --engine=plain|decoded|tiered
                       how the code of state tests is run: byte by byte, decoded, or in the one
                       and then the other way as is best (tiered)

        Exit code: 0 if all cases pass, 1 if one fails or a file cannot be read.
        """
    }

    init(_ arguments: inout Arguments) throws(UsageError) {
        let withOutcome = try arguments.flag("dump")
        isJSON = try arguments.flag("json") || withOutcome
        filter = CaseFilter(
            text: try arguments.value("run"), fork: try arguments.value("fork"),
            engine: try arguments.value("engine") ?? .tiered, withOutcome: withOutcome)
        paths = [try arguments.positional("PATH")] + arguments.rest()
    }

    func run(_ kind: FixtureKind, _ name: String) throws {
        var results: [CaseResult] = []
        var unreadable = 0
        for file in try FixtureRun.files(at: paths, of: kind, filter) {
            switch file.results {
            case .success(let cases): results += cases
            case .failure(let error):
                unreadable += 1
                Main.complain("\(name): \(file.path): \(error)")
            }
        }
        try EVMTest.report(results, asJSON: isJSON, unreadable: unreadable)
    }

    /// Prints results; throws if a case failed, or if there is none.
    static func report(
        _ results: [CaseResult], asJSON isJSON: Bool, unreadable: Int = 0
    ) throws(Failure) {
        write(results, asJSON: isJSON)
        let failed = results.count { !$0.passes }
        guard failed == 0, unreadable == 0 else {
            throw Failure(
                "\(failed) of \(results.count) cases failed, \(unreadable) files unreadable")
        }
        guard !results.isEmpty else { throw Failure("no cases found") }
    }

    private static func write(_ results: [CaseResult], asJSON isJSON: Bool) {
        guard isJSON else {
            for result in results where !result.passes {
                print("FAIL \(result.fork) \(result.name): \(result.error ?? "")")
            }
            return print("\(results.count { $0.passes }) of \(results.count) cases pass")
        }
        let json = JSON.array(results.map(\.json))
        print(String(decoding: json.encoded(.pretty), as: UTF8.self))
    }
}
