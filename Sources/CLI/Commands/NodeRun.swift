import Glibc
import Index
import Ledger
import Linux
import Machine
import Node
import Primitives
import RPC

/// `martlet node`: runs one node of a network.
struct NodeRun: Command {
    static let name = "node"
    static let summary = "run one node of a network, from a file of settings"
    static let usage = """
        martlet node --config=FILE [--KEY=VALUE …] [--log-format=text|json]

        Runs a node until Ctrl-C. FILE holds `key = value` lines, one for each option below; an
        option wins. Paths in FILE are relative to its folder. A node whose key is among the genesis
        file's validators votes; any other follows. Without a FILE: genesis.json, data and node.key
        in this folder, links at 127.0.0.1:30300, RPC at 127.0.0.1:8545.

          --genesis=FILE        the chain's beginning
          --data=DIR            database and log
          --key=FILE            the node's secret key, in hexadecimal
          --listen=HOST:PORT    where other nodes connect
          --peers=ADDRESS,…     multiaddrs with /p2p/ of peers to keep connected to
          --rpc=HOST:PORT       JSON-RPC, WebSocket and console
          --origins=ORIGIN,…    web origins that may call the RPC; * for any
          --hosts=NAME,…        host names under which the RPC answers
          --abi=PATH,…          interfaces of contracts (JSON files, or folders of such), by which
                                custom errors are told in words
          --history=full|N      keep all states, or the blocks and states of the newest N; without
                                it, all blocks and 128 states
          --log=LEVEL           debug, info, warn or error
          --control=URL         the supervisor of a local development network
          --token=WORD          what the supervisor asks for
          --development=BOOL    offer what only a development network may
          --index=on|off        keep an index by address, token and event for /api and the explorer
          --vyper=PATH          the compiler that verifies sources; found on the PATH without
        """

    private let configuration: Node::Configuration
    private let format: LogFormat

    init(_ arguments: inout Arguments) throws(UsageError) {
        var configuration = Node::Configuration()
        if let path = try arguments.value("config", as: String.self) {
            do {
                configuration = try Node::Configuration(file: path)
            } catch {
                throw .file("\(error)")
            }
        }
        for key in Node::Configuration.keys {
            guard let value = try arguments.value(key, as: String.self, orEmpty: true)
            else { continue }
            do throws(ConfigurationError) {
                try configuration.set(key, to: value)
            } catch .value(_, let found, let expected) {
                throw .unusable(key, found, "expected \(expected)")
            } catch {
                throw .unusable(key, value, "\(error)")
            }
        }
        let format = try arguments.value("log-format", as: String.self) ?? "text"
        guard ["text", "json"].contains(format) else {
            throw .unusable("log-format", format, "expected text or json")
        }
        self.format = LogFormat(level: configuration.log, isJSON: format == "json")
        self.configuration = configuration
    }

    func run() throws {
        for key in Node::Configuration.keys where key != "token" {
            Main.complain("node: \(key) = \(configuration.text(of: key) ?? "")")
        }
        let genesis = try Genesis(file: configuration.genesis)
        let secret = try NetworkFolder.existingSecret(at: configuration.key)
        guard let identity = Identity(secret: secret) else {
            throw Failure("no identity follows from \(configuration.key)")
        }
        var settings = Linux.Settings(
            directory: configuration.data, http: configuration.rpc, log: format)
        settings.portOption = "--listen"
        settings.httpPortOption = "--rpc"
        if configuration.index { settings.index = IndexSchema.text }
        // Tools wait for each block of a development chain: what a power cut costs there is little.
        settings.outlastsPower = !genesis.rules.isDevelopment
        let interfaces = try Interfaces(files: configuration.abi)
        let code = Linux.run(settings) { birth in
            var node = try Node(
                configuration, genesis: genesis, identity: identity, recovered: birth.recovered,
                entropy: birth.entropy, unixMilliseconds: birth.unixMilliseconds, at: .start)
            node.interfaces = interfaces
            return node
        }
        if code != 0 { exit(code) }
    }
}
