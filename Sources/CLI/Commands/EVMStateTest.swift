import EVM
import Encoding

/// `martlet evm statetest`: runs Ethereum's official state tests.
struct EVMStateTest: Command {
    static let name = "evm statetest"
    static let summary = "run Ethereum state tests from files or folders"
    static let usage = """
        martlet evm statetest PATH… [--json] [--fork=NAME] [--run=TEXT] …

        Runs state tests: each PATH is a file of fixtures, or a folder of such files, however deep.
        A case passes if the state root and the hash of the logs are as expected, or if a
        transaction that must be refused is refused for one of the reasons named.

          --json       write a JSON array of {name, pass, stateRoot, fork, error}, as geth does
          --fork=NAME  only the cases of this fork, such as Osaka
          --run=TEXT   only the tests whose name holds this text
          --engine=plain|decoded|tiered
                       how code is run: byte by byte, decoded, or in the one and then the other
                       way as is best (tiered)

        Exit code: 0 if all cases pass, 1 if one fails or a file cannot be read.
        """

    private let paths: [String]
    private let isJSON: Bool
    private let fork: String?
    private let text: String?
    private let engine: Engine

    init(_ arguments: inout Arguments) throws(UsageError) {
        isJSON = try arguments.flag("json")
        fork = try arguments.value("fork")
        text = try arguments.value("run")
        engine = try arguments.value("engine") ?? .tiered
        paths = [try arguments.positional("PATH")] + arguments.rest()
    }

    func run() throws {
        let files = try StateTests.run(
            paths: paths, named: { [text] in text.map($0.contains) ?? true },
            fork: { [fork] in fork.map($0.elementsEqual) ?? true }, engine: engine)
        var results: [StateTests.Result] = []
        var unreadable = 0
        for file in files {
            switch file.results {
            case .success(let cases): results += cases
            case .failure(let error):
                unreadable += 1
                Main.complain("\(Self.name): \(file.path): \(error)")
            }
        }
        report(results)
        let failed = results.count { !$0.passes }
        guard failed == 0, unreadable == 0 else {
            throw Failure(
                "\(failed) of \(results.count) cases failed, \(unreadable) files unreadable")
        }
        guard !results.isEmpty else { throw Failure("no cases found") }
    }

    private func report(_ results: [StateTests.Result]) {
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
