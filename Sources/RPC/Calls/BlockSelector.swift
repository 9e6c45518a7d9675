import Encoding
public import Primitives

/// Which block a call is about: a tag, a number or a hash (EIP-1898).
public enum BlockSelector: Hashable, Sendable {
    /// The last final block: `latest`, `safe` and `finalized`, which are one here.
    case latest
    /// The last final block with what waits in the pool: `pending`.
    case pending
    /// Genesis.
    case earliest
    /// The block of this number.
    case number(UInt64)
    /// The block of this hash; every block known here is canonical.
    case hash(Hash32)

    init(reading json: JSON) throws(ParameterFault) {
        switch json {
        case .string(let text): try self.init(text)
        case .object: try self.init(object: json)
        default: throw .text("expected a block number, tag or hash")
        }
    }

    private init(_ text: String) throws(ParameterFault) {
        switch text {
        case "latest", "safe", "finalized": self = .latest
        case "pending": self = .pending
        case "earliest": self = .earliest
        default:
            // Thirty-two bytes are a hash: no number has so many digits.
            let json = JSON.string(text)
            if text.utf8.count == 66 {
                self = .hash(try Read.hash(json))
            } else {
                self = .number(try Read.number64(json))
            }
        }
    }

    private init(object json: JSON) throws(ParameterFault) {
        if let required = json["requireCanonical"], required.truth == nil {
            throw .text("requireCanonical must be true or false")
        }
        let number = json["blockNumber"].flatMap { $0.isNull ? nil : $0 }
        let hash = try Read.field(json, "blockHash") { json throws(HexFault) in
            try Quantity.hash(json)
        }
        switch (number, hash) {
        case (_?, _?):
            throw .text("cannot specify both BlockHash and BlockNumber, choose one or the other")
        case (let number?, nil): try self.init(number.text ?? "")
        case (nil, let hash?): self = .hash(hash)
        case (nil, nil): throw .text("block object has neither blockHash nor blockNumber")
        }
    }

    /// Reads a number or tag, as the bounds of a range are given.
    static func bound(_ json: JSON) throws(ParameterFault) -> BlockSelector {
        let selector = try BlockSelector(reading: json)
        if case .hash = selector { throw .text("hex number > 64 bits") }
        return selector
    }
}
