import Encoding
import Primitives

/// One case of JSON-RPC: requests, and the responses that are expected of a chain.
///
/// Responses are compared as JSON, in any order of members. The words of an error are passed over
/// where both sides have some; its code and data count. A case marked `speconly:` is compared by
/// shape: which members there are, and of what kind.
public struct RPCExchange {
    private struct Pair {
        let request: JSON
        let response: JSON
    }

    private let pairs: [Pair]
    private let isShapeOnly: Bool

    /// Reads a case as execution-apis write it: `// words`, `>> request`, `<< response`.
    public init(io text: String) throws {
        var pairs: [Pair] = []
        var request: JSON?
        for line in text.split(separator: "\n") {
            let rest = Array(line.dropFirst(3).utf8)
            if line.hasPrefix(">> ") {
                request = try JSON(decoding: rest)
            } else if line.hasPrefix("<< ") {
                guard let sent = request else { throw FixtureError("a response without request") }
                pairs.append(Pair(request: sent, response: try JSON(decoding: rest)))
                request = nil
            }
        }
        guard !pairs.isEmpty else { throw FixtureError("no request and response") }
        self.pairs = pairs
        isShapeOnly = text.contains("speconly:")
    }

    /// Reads a case as Besu writes it: an object of `request` and `response`.
    ///
    /// Other files may lie among the cases: for what has no request there is `nil`.
    public init?(besu bytes: [UInt8]) throws {
        let json = try JSON(decoding: bytes)
        guard let request = json["request"] else { return nil }
        pairs = [Pair(request: request, response: try json["response"].there("response"))]
        isShapeOnly = false
    }

    /// Asks a desk, and compares; tells the first difference.
    public func run(_ name: String, on desk: inout RPCDesk) -> CaseResult {
        for pair in pairs {
            let bytes = desk.reply(to: pair.request.encoded())
            guard let found = try? JSON(decoding: bytes) else {
                return CaseResult(name: name, error: "the response is no JSON")
            }
            let expected = desk.hasOwnHashes ? pair.response.rehashed(by: desk) : pair.response
            let difference =
                isShapeOnly
                ? JSONDifference.ofShape(found, expected: expected)
                : JSONDifference(found, expected: expected)
            if let difference { return CaseResult(name: name, error: difference.description) }
        }
        return CaseResult(name: name)
    }
}

extension JSON {
    /// The value with the hashes of a desk's blocks in place of those of the fixture's.
    fileprivate func rehashed(by desk: RPCDesk) -> JSON {
        switch self {
        case .array(let elements): return .array(elements.map { $0.rehashed(by: desk) })
        case .object(let members):
            let number = self["blockNumber"]?.integer.flatMap { UInt64(exactly: $0) }
            let hash = number.flatMap { desk.hash(number: $0) }
            return .object(
                members.map { member in
                    guard member.name == "blockHash", let hash else {
                        return Member(member.name, member.value.rehashed(by: desk))
                    }
                    return Member("blockHash", .string(hash.description))
                })
        default: return self
        }
    }
}
