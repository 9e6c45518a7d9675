public import Ledger
public import Machine

/// What an operator settles before a node starts.
///
/// A file holds `key = value` lines; an option `--key=value` of the command line says the same and
/// wins. Empty lines and lines that begin with `#` count for nothing.
public struct Configuration: Hashable, Sendable {
    /// The file that describes the chain's beginning.
    public var genesis = "genesis.json"
    /// The folder of the database and the log.
    public var data = "data"
    /// The file of the node's secret key; without a validator's key the node follows.
    public var key = "node.key"
    /// Where other nodes connect.
    public var listen = Endpoint(host: "127.0.0.1", port: 30_300)
    /// Peers to keep connected to, as multiaddrs with `/p2p/`.
    public var peers: [String] = []
    /// Where JSON-RPC, WebSocket and the console are served.
    public var rpc = Endpoint(host: "127.0.0.1", port: 8_545)
    /// Web origins that may call the RPC; `*` for any.
    public var origins: [String] = []
    /// Host names under which the RPC answers, besides loopback and numeric addresses.
    public var hosts: [String] = []
    /// Files and folders with the interfaces of contracts, by which reverts are told in words.
    public var abi: [String] = []
    /// How much of the past is kept.
    public var history = History.blocks
    /// The least level of line that is logged.
    public var log = Record.Level.info
    /// Where the supervisor of a local development network listens; empty for none.
    public var control = ""
    /// The word that the supervisor asks for.
    public var token = ""
    /// Whether methods that only a development network may offer are there.
    public var development = false
    /// Whether the chain is indexed by address, token and event, for the API and the explorer.
    public var index = true
    /// The Vyper compiler that verifies sources: a path, or a name to be looked for.
    public var vyper = "vyper"

    /// Creates the settings of a node that nobody configured.
    public init() {}
}

/// What can be wrong with settings.
public enum ConfigurationError: Error, Hashable {
    /// A line of the file, by number from 1, is no `key = value`.
    case line(Int)
    /// No setting has this key.
    case unknown(String)
    /// A key is set twice.
    case repeated(String)
    /// A value cannot be read; the last text says what it should be.
    case value(key: String, found: String, expected: String)
}

extension ConfigurationError: CustomStringConvertible {
    /// What is wrong, in one line.
    public var description: String {
        switch self {
        case .line(let number): "line \(number) is not `key = value`"
        case .unknown(let key):
            "no setting is called \(key); there are \(Configuration.keys.joined(separator: ", "))"
        case .repeated(let key): "\(key) is set twice"
        case .value(let key, let found, let expected):
            "\(key) = \(found): expected \(expected)"
        }
    }
}

extension Configuration {
    /// Every key, in the order of the documentation.
    public static let keys = [
        "genesis", "data", "key", "listen", "peers", "rpc", "origins", "hosts", "abi", "history",
        "log", "control", "token", "development", "index", "vyper",
    ]

    /// The bounds on a configuration file.
    public static let sizeLimit = 1 << 20

    /// Reads the text of a file.
    public init(decoding text: String) throws(ConfigurationError) {
        self.init()
        var seen: [String] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let line = Self.trimmed(line)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            guard let equals = line.firstIndex(of: "=") else { throw .line(index + 1) }
            let key = String(Self.trimmed(line[..<equals]))
            let value = String(Self.trimmed(line[line.index(after: equals)...]))
            guard !seen.contains(key) else { throw .repeated(key) }
            seen.append(key)
            try set(key, to: value)
        }
    }

    /// Sets one key from text.
    public mutating func set(_ key: String, to value: String) throws(ConfigurationError) {
        switch key {
        case "genesis": genesis = value
        case "data": data = value
        case "key": self.key = value
        case "listen": listen = try Self.endpoint(key, value)
        case "peers": peers = Self.list(value)
        case "rpc": rpc = try Self.endpoint(key, value)
        case "origins": origins = Self.list(value)
        case "hosts": hosts = Self.list(value)
        case "abi": abi = Self.list(value)
        case "history": history = try Self.history(value)
        case "log": log = try Self.level(value)
        case "control": control = value
        case "token": token = value
        case "development": development = try Self.flag(key, value)
        case "vyper": vyper = value
        case "index": index = try Self.choice(key, value)
        default: throw .unknown(key)
        }
    }

    /// The value of a key as text; `nil` if no setting has the key.
    public func text(of key: String) -> String? {
        switch key {
        case "genesis": genesis
        case "data": data
        case "key": self.key
        case "listen": "\(listen.host):\(listen.port)"
        case "peers": peers.joined(separator: ",")
        case "rpc": "\(rpc.host):\(rpc.port)"
        case "origins": origins.joined(separator: ",")
        case "hosts": hosts.joined(separator: ",")
        case "abi": abi.joined(separator: ",")
        case "history": "\(history)"
        case "log": "\(log)"
        case "control": control
        case "token": token
        case "development": "\(development)"
        case "vyper": vyper
        case "index": index ? "on" : "off"
        default: nil
        }
    }

    /// The text of a file that holds these settings.
    public var encoded: String {
        Self.keys.map { "\($0) = \(text(of: $0) ?? "")\n" }.joined()
    }

    private static func trimmed(_ text: some StringProtocol) -> Substring {
        var rest = Substring(text)
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return rest
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { String(trimmed($0)) }.filter { !$0.isEmpty }
    }

    private static func flag(_ key: String, _ text: String) throws(ConfigurationError) -> Bool {
        guard let flag = Bool(text) else {
            throw .value(key: key, found: text, expected: "true or false")
        }
        return flag
    }

    private static func history(_ text: String) throws(ConfigurationError) -> History {
        guard let history = History(text) else {
            throw .value(key: "history", found: text, expected: History.form)
        }
        return history
    }

    private static func choice(_ key: String, _ text: String) throws(ConfigurationError) -> Bool {
        switch text {
        case "on": return true
        case "off": return false
        default: throw .value(key: key, found: text, expected: "on or off")
        }
    }

    private static func level(_ text: String) throws(ConfigurationError) -> Record.Level {
        switch text {
        case "debug": .debug
        case "info": .info
        case "warn": .warn
        case "error": .error
        default:
            throw .value(key: "log", found: text, expected: "debug, info, warn or error")
        }
    }

    private static func endpoint(
        _ key: String, _ text: String
    ) throws(ConfigurationError) -> Endpoint {
        guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
            let port = UInt16(text[text.index(after: colon)...])
        else { throw .value(key: key, found: text, expected: "ADDRESS:PORT") }
        return Endpoint(host: String(text[..<colon]), port: port)
    }
}
