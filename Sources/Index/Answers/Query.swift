import Encoding
import Identifiers
import Machine
import Primitives

/// What a request asks for, decoded: each parameter in its place.
struct Query: Sendable {
    /// The address in the path, or the one that events are of.
    var address: Address?
    /// The hash in the path.
    var hash: Hash32?
    /// The block in the path.
    var block: BlockName?
    /// The topics of events, by place.
    var topics: [Hash32?] = [nil, nil, nil, nil]
    /// The first and the last block of events.
    var from: UInt64?, to: UInt64?
    /// What is searched for.
    var text = ""
    /// Where the page begins; `nil` for the first.
    var cursor: [Cell]?
    /// How many entries the page holds at most.
    var limit = Query.usualLimit
    /// The source in the request's body.
    var submission: Submission?

    static let usualLimit = 25
    static let limits = 1...100
    /// The longest text that is searched for.
    static let textLimit = 128

    /// How a block is named.
    enum BlockName: Sendable {
        case number(UInt64)
        case hash(Hash32)
        case latest
    }
}

/// A parameter of a path or a query, and how it is read.
enum APIParameter: String, CaseIterable, Sendable {
    case address, hash, block
    case contract, topic0, topic1, topic2, topic3, from, to
    case text = "q"
    case cursor, limit

    /// Whether it stands in the path.
    var isInPath: Bool {
        switch self {
        case .address, .hash, .block: true
        default: false
        }
    }

    /// What it means.
    var summary: String {
        switch self {
        case .address: "an address: 0x and 40 hexadecimal digits"
        case .hash: "a hash: 0x and 64 hexadecimal digits"
        case .block: "a block's number or hash, or `latest`"
        case .contract: "the contract that made the event"
        case .topic0: "the event's first topic: the hash of its signature"
        case .topic1, .topic2, .topic3: "a further topic of the event"
        case .from: "the first block"
        case .to: "the last block"
        case .text: "a number, a hash, an address, or the name or symbol of a token or contract"
        case .cursor: "where the page begins: `next` of the page before"
        case .limit: "how many entries the page holds at most"
        }
    }

    /// What its text may be.
    var schema: JSON {
        switch self {
        case .address, .contract: ["type": "string", "pattern": "^0x[0-9a-fA-F]{40}$"]
        case .hash, .topic0, .topic1, .topic2, .topic3:
            ["type": "string", "pattern": "^0x[0-9a-fA-F]{64}$"]
        case .block:
            ["type": "string", "pattern": "^([0-9]{1,18}|0x[0-9a-fA-F]{64}|latest)$"]
        case .from, .to: ["type": "integer", "minimum": 0, "maximum": 999_999_999_999_999_999]
        case .text: ["type": "string", "minLength": 1, "maxLength": .integer(Query.textLimit)]
        case .cursor: ["type": "string", "pattern": "^[0-9a-fx-]{1,300}$"]
        case .limit:
            [
                "type": "integer", "minimum": .integer(Query.limits.lowerBound),
                "maximum": .integer(Query.limits.upperBound),
                "default": .integer(Query.usualLimit),
            ]
        }
    }

    /// Reads its text into a query.
    func read(_ text: String, into query: inout Query) throws(APIFailure) {
        switch self {
        case .address, .contract: query.address = try Self.address(text, for: self)
        case .hash: query.hash = try Self.hash(text, for: self)
        case .block: query.block = try Self.block(text)
        case .topic0: query.topics[0] = try Self.hash(text, for: self)
        case .topic1: query.topics[1] = try Self.hash(text, for: self)
        case .topic2: query.topics[2] = try Self.hash(text, for: self)
        case .topic3: query.topics[3] = try Self.hash(text, for: self)
        case .from: query.from = try Self.number(text, for: self)
        case .to: query.to = try Self.number(text, for: self)
        case .text:
            guard (1...Query.textLimit).contains(text.unicodeScalars.count) else {
                throw fault(text)
            }
            query.text = text
        case .cursor: query.cursor = try Self.cursor(text)
        case .limit:
            guard let limit = Int(text), Query.limits.contains(limit) else {
                throw fault(text)
            }
            query.limit = limit
        }
    }

    private func fault(_ text: String) -> APIFailure {
        APIFailure(.invalid, "\(rawValue): found \"\(text.prefix(80))\", expected \(summary)")
    }

    private static func address(
        _ text: String, for parameter: APIParameter
    ) throws(APIFailure) -> Address {
        guard text.hasPrefix("0x"), let address = try? Address(hex: text) else {
            throw parameter.fault(text)
        }
        return address
    }

    private static func hash(
        _ text: String, for parameter: APIParameter
    ) throws(APIFailure) -> Hash32 {
        guard text.hasPrefix("0x"), let bytes = try? Hex.decode(text), let hash = Hash32(bytes)
        else { throw parameter.fault(text) }
        return hash
    }

    private static func number(
        _ text: String, for parameter: APIParameter
    ) throws(APIFailure) -> UInt64 {
        guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ 48...57 ~= $0 }),
            let number = UInt64(text)
        else { throw parameter.fault(text) }
        return number
    }

    private static func block(_ text: String) throws(APIFailure) -> Query.BlockName {
        if text == "latest" { return .latest }
        if text.hasPrefix("0x") { return .hash(try hash(text, for: .block)) }
        return .number(try number(text, for: .block))
    }

    /// A cursor is the keys of the last entry: numbers as they are, bytes in hexadecimal.
    private static func cursor(_ text: String) throws(APIFailure) -> [Cell] {
        var cells: [Cell] = []
        guard text.utf8.count <= 300 else { throw APIParameter.cursor.fault(text) }
        for part in text.split(separator: "-", omittingEmptySubsequences: false) {
            if part.hasPrefix("0x"), let bytes = try? Hex.decode(part) {
                cells.append(.bytes(bytes))
            } else if let number = Int64(part), number >= 0 {
                cells.append(.integer(number))
            } else {
                throw APIParameter.cursor.fault(text)
            }
        }
        return cells
    }
}
