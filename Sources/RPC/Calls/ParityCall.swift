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
    /// What came of a block's transactions, and their frames.
    case replayBlock(BlockSelector)
    /// What came of a transaction, and its frames.
    case replay(Hash32)
    /// What comes of an imagined transaction, and its frames.
    case call(CallRequest, BlockSelector)
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

extension ParityCall {
    /// Reads what is to be told of a run: frames are, instructions and differences are not.
    static func checkKinds(_ json: JSON) throws(ParameterFault) {
        guard let elements = json.elements, !elements.isEmpty else {
            throw .text("expected an array of kinds")
        }
        guard elements.allSatisfy({ $0 == "trace" }) else {
            throw .text("only the kind trace is told; debug_ methods tell more")
        }
    }
}
