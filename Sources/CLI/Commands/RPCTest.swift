import Encoding
import Fixtures
import Ledger

/// `martlet rpc-test`: asks what an imported chain answers to the cases of JSON-RPC.
struct RPCTest: Command {
    static let name = "rpc-test"
    static let summary = "run JSON-RPC cases on an imported chain"
    static let usage = """
        martlet rpc-test CHAIN.rlp GENESIS.json DIR [--json] [--run=TEXT]

        Imports the blocks of CHAIN.rlp after GENESIS.json, each executed and none asked who
        decided on it, and runs the `.io` cases at or below DIR: lines `>> request` are put to the
        dispatcher that every node serves, and the responses compared with the lines `<< response`.

        Responses are compared as JSON, whatever the order of members. The message of an error is
        not compared where both sides have one; its code and data are. A case with the comment
        `speconly:` is compared by shape only: which members there are, and of what kind.

          --json      write a JSON array of {name, pass, fork, error}
          --run=TEXT  only the cases whose name holds this text

        Exit code: 0 if all cases pass, 1 if one fails or cannot be read.
        """

    private let chain: String
    private let genesis: String
    private let folder: String
    private let isJSON: Bool
    private let text: String?

    init(_ arguments: inout Arguments) throws(UsageError) {
        isJSON = try arguments.flag("json")
        text = try arguments.value("run")
        chain = try arguments.positional("CHAIN.rlp")
        genesis = try arguments.positional("GENESIS.json")
        folder = try arguments.positional("DIR")
    }

    func run() throws {
        let results = try FixtureRun.exchanges(
            in: folder, chain: chain, genesis: genesis, CaseFilter(text: text))
        try EVMTest.report(results, asJSON: isJSON)
    }
}
