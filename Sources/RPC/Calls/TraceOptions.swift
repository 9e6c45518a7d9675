import Encoding

/// How a transaction is to be traced: geth's `TraceConfig`.
public indirect enum TraceOptions: Hashable, Sendable {
    /// Every instruction.
    case steps(Steps)
    /// The calls, one within the other.
    case calls(Calls)
    /// The calls, one after another, as Parity told them.
    case flat(Flat)
    /// The accounts that were touched, before or before and after.
    case prestate(Prestate)
    /// The selectors that were called, and how often.
    case selectors
    /// What validators of user operations look at (ERC-7562).
    case validation
    /// Nothing.
    case nothing
    /// Several ways at once, by name.
    case several([Part])

    /// One of several ways.
    public struct Part: Hashable, Sendable {
        /// What it is called.
        public let name: String
        /// How.
        public let options: TraceOptions
    }

    /// What is told of each instruction.
    public struct Steps: Hashable, Sendable {
        /// The stack before it.
        public var showsStack = true
        /// The memory before it.
        public var showsMemory = false
        /// The storage that was seen, where it sees more.
        public var showsStorage = true
        /// What the last call returned.
        public var showsReturnData = false
        /// How many instructions are told at most; all if zero.
        public var limit = 0
    }

    /// What is told of calls.
    public struct Calls: Hashable, Sendable {
        /// Only the outermost call.
        public var isTopOnly = false
        /// Also the logs.
        public var showsLogs = false
    }

    /// What is told of calls one after another.
    public struct Flat: Hashable, Sendable {
        /// Whether reasons are told in Parity's words.
        public var usesParityWords = false
        /// Also calls of built-in contracts.
        public var showsPrecompiles = false
    }

    /// What is told of accounts.
    public struct Prestate: Hashable, Sendable {
        /// What changed, before and after; otherwise all that was touched, before.
        public var isDiff = false
        /// Also the code.
        public var showsCode = true
        /// Also the storage.
        public var showsStorage = true
        /// Also accounts that are empty.
        public var showsEmpty = false
    }

    /// Reads the options; those of a missing object are the usual ones.
    init(reading json: JSON) throws(ParameterFault) {
        guard case .object = json else { throw .text("expected an object of trace options") }
        guard let name = json["tracer"]?.text, !name.isEmpty else {
            self = .steps(try Steps(json))
            return
        }
        try self.init(name, json["tracerConfig"] ?? .null)
    }

    private init(_ name: String, _ json: JSON) throws(ParameterFault) {
        func flag(_ name: String) -> Bool { json[name]?.truth ?? false }
        switch name {
        case "callTracer":
            self = .calls(Calls(isTopOnly: flag("onlyTopCall"), showsLogs: flag("withLog")))
        case "flatCallTracer":
            self = .flat(
                Flat(
                    usesParityWords: flag("convertParityErrors"),
                    showsPrecompiles: flag("includePrecompiles")))
        case "prestateTracer":
            self = .prestate(
                Prestate(
                    isDiff: flag("diffMode"), showsCode: !flag("disableCode"),
                    showsStorage: !flag("disableStorage"), showsEmpty: flag("includeEmpty")))
        case "4byteTracer": self = .selectors
        case "erc7562Tracer": self = .validation
        case "noopTracer": self = .nothing
        case "muxTracer": self = .several(try TraceOptions.parts(json))
        case _ where name.contains("{") || name.contains("("):
            throw .whole(.server("tracers in JavaScript are not run: name one that is built in"))
        default: throw .whole(.server("tracer not found: \(name)"))
        }
    }

    private static func parts(_ json: JSON) throws(ParameterFault) -> [Part] {
        let members = json.members ?? []
        guard members.count <= RPCLimits.tracers else {
            throw .text("more than \(RPCLimits.tracers) tracers")
        }
        var parts: [Part] = []
        for member in members {
            guard member.name != "muxTracer" else { throw .text("a muxTracer within another") }
            parts.append(
                Part(name: member.name, options: try TraceOptions(member.name, member.value)))
        }
        return parts
    }
}

extension TraceOptions.Steps {
    fileprivate init(_ json: JSON) throws(ParameterFault) {
        func flag(_ name: String) -> Bool { json[name]?.truth ?? false }
        showsStack = !flag("disableStack")
        showsMemory = flag("enableMemory")
        showsStorage = !flag("disableStorage")
        showsReturnData = flag("enableReturnData")
        guard let count = json["limit"] else { return }
        guard let limit = count.integer, limit >= 0 else { throw .text("limit is no number") }
        self.limit = limit
    }
}
