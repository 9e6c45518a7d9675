import Encoding
public import Identifiers
public import Primitives

/// Calls of the `trace_` space: how code ran, as Parity told it.
public enum ParityCall: Hashable, Sendable {
    /// The frames of a block's transactions.
    case block(BlockSelector)
    /// The frames of a transaction.
    case transaction(Hash32)
    /// One frame of a transaction: which call of which call.
    case frame(Hash32, [Int])
    /// The frames of many blocks that a search asks for.
    case filter(ParityFilter)
    /// What came of a block's transactions.
    case replayBlock(BlockSelector, ParityKinds)
    /// What came of a transaction.
    case replay(Hash32, ParityKinds)
    /// What comes of imagined transactions, each after those before it.
    case calls([ParityRequest], BlockSelector)
    /// What comes of an imagined transaction.
    case call(ParityRequest, BlockSelector)
    /// What comes of a signed transaction: its bytes.
    case raw([UInt8], ParityKinds)
}

/// An imagined transaction, and what is to be told of it.
public struct ParityRequest: Hashable, Sendable {
    /// The transaction.
    public let request: CallRequest
    /// What is to be told.
    public let kinds: ParityKinds

    /// Reads a list of pairs, as `trace_callMany` takes it.
    static func list(_ json: JSON) throws(ParameterFault) -> [ParityRequest] {
        guard let pairs = json.elements, pairs.count <= RPCLimits.tracedCalls else {
            throw .text("expected an array of at most \(RPCLimits.tracedCalls) calls")
        }
        var requests: [ParityRequest] = []
        for pair in pairs {
            guard let parts = pair.elements, parts.count == 2 else {
                throw .text("expected a pair of a transaction and kinds")
            }
            requests.append(
                ParityRequest(
                    request: try CallRequest(reading: parts[0]),
                    kinds: try ParityKinds(reading: parts[1])))
        }
        return requests
    }
}

/// What is to be told of a run.
public struct ParityKinds: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// Creates a set of its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The frames.
    public static let frames = ParityKinds(rawValue: 1)
    /// The instructions.
    public static let instructions = ParityKinds(rawValue: 2)
    /// The accounts that changed.
    public static let differences = ParityKinds(rawValue: 4)

    /// Reads the names of kinds.
    init(reading json: JSON) throws(ParameterFault) {
        guard let elements = json.elements else { throw .text("expected an array of kinds") }
        self = []
        for element in elements {
            switch element.text {
            case "trace": insert(.frames)
            case "vmTrace": insert(.instructions)
            case "stateDiff": insert(.differences)
            default: throw .text("expected the kinds trace, vmTrace and stateDiff")
            }
        }
    }
}

/// A search for frames.
public struct ParityFilter: Hashable, Sendable {
    /// The first block.
    public let first: BlockSelector
    /// The last block.
    public let last: BlockSelector
    /// Who called; anybody if empty.
    public let callers: [Address]
    /// Who was called or created; anybody if empty.
    public let callees: [Address]
    /// How many of those found are passed over.
    public let skipped: UInt64
    /// How many are told at most.
    public let count: UInt64?

    /// Creates a search that finds everything.
    init() {
        (first, last, callers, callees, skipped, count) = (.earliest, .latest, [], [], 0, nil)
    }

    init(reading json: JSON) throws(ParameterFault) {
        guard case .object = json else { throw .text("expected an object") }
        func selector(_ name: String) throws(ParameterFault) -> BlockSelector {
            guard let value = json[name], !value.isNull else { return .latest }
            return try BlockSelector.bound(value)
        }
        func number(_ name: String) throws(ParameterFault) -> UInt64? {
            guard let value = json[name], !value.isNull else { return nil }
            return try Read.count(value)
        }
        first = try selector("fromBlock")
        last = try selector("toBlock")
        callers = try ParityFilter.addresses(json["fromAddress"])
        callees = try ParityFilter.addresses(json["toAddress"])
        skipped = try number("after") ?? 0
        count = try number("count")
    }

    private static func addresses(_ json: JSON?) throws(ParameterFault) -> [Address] {
        guard let json, !json.isNull else { return [] }
        guard let elements = json.elements else { return [try Read.address(json)] }
        guard elements.count <= RPCLimits.filterAddresses else {
            throw .text("more than \(RPCLimits.filterAddresses) addresses")
        }
        var addresses: [Address] = []
        for element in elements { addresses.append(try Read.address(element)) }
        return addresses
    }
}
