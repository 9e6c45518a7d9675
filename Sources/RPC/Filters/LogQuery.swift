import Encoding
public import Ledger
public import Primitives

/// Which logs a caller wants: the blocks as it named them, and what the ledger looks for in them.
public struct LogQuery: Hashable, Sendable {
    /// The blocks that are looked through.
    public enum Blocks: Hashable, Sendable {
        /// The one of this hash.
        case hash(Hash32)
        /// All from one to another, both counted in.
        case range(from: BlockSelector, to: BlockSelector)
    }

    /// The blocks.
    public let blocks: Blocks
    /// The addresses and topics, over any blocks.
    public let filter: LogFilter

    /// Creates a query for logs of any address and topics.
    public init(blocks: Blocks = .range(from: .latest, to: .latest)) {
        self.blocks = blocks
        filter = LogFilter(from: 0, to: .max)
    }

    init(reading json: JSON) throws(ParameterFault) {
        guard case .object = json else { throw .text("expected a filter object") }
        blocks = try LogQuery.blocks(json)
        let addresses = try LogQuery.choices(
            json["address"], limit: RPCLimits.filterAddresses, what: "addresses", Read.address)
        let topics = json["topics"].flatMap { $0.isNull ? nil : $0 } ?? []
        guard let positions = topics.elements else { throw .text("expected an array of topics") }
        guard positions.count <= 4 else { throw .whole(.invalidParameters("exceed max topics")) }
        var choices: [[Hash32]] = []
        for position in positions {
            choices.append(
                try LogQuery.choices(
                    position, limit: RPCLimits.filterTopics, what: "topics", Read.hash))
        }
        filter = LogFilter(from: 0, to: .max, addresses: addresses, topics: choices)
    }

    private static func blocks(_ json: JSON) throws(ParameterFault) -> Blocks {
        let from = try bound(json["fromBlock"])
        let to = try bound(json["toBlock"])
        // Some write the name in small letters; to pass over it would be to search elsewhere.
        var hash = try Read.field(json, "blockHash", Quantity.hash)
        if hash == nil { hash = try Read.field(json, "blockhash", Quantity.hash) }
        guard let hash else { return .range(from: from ?? .latest, to: to ?? .latest) }
        guard from == nil, to == nil else {
            throw .text(
                "cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other")
        }
        return .hash(hash)
    }

    private static func bound(_ json: JSON?) throws(ParameterFault) -> BlockSelector? {
        guard let json, !json.isNull else { return nil }
        return try BlockSelector.bound(json)
    }

    /// Reads nothing, one thing or an array of things; an array that holds `null` stands for any.
    private static func choices<Element>(
        _ json: JSON?, limit: Int, what: String,
        _ read: (JSON) throws(ParameterFault) -> Element
    ) throws(ParameterFault) -> [Element] {
        guard let json, !json.isNull else { return [] }
        guard let elements = json.elements else { return [try read(json)] }
        guard elements.count <= limit else {
            throw .whole(.invalidParameters("more than \(limit) \(what)"))
        }
        var choices: [Element] = []
        for element in elements {
            if element.isNull { return [] }
            choices.append(try read(element))
        }
        return choices
    }

    /// The logs of a block that just became final, if it is within the bounds.
    func newLogs(of block: Overlay) -> [JSON] {
        guard case .range(let from, let to) = blocks, filter.mayMatch(block.header.logsBloom)
        else { return [] }
        if case .number(let first) = from, block.number < first { return [] }
        if case .number(let last) = to, block.number > last { return [] }
        return block.logs.filter { filter.matches($0.log) }.map(\.json)
    }
}
