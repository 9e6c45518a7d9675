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
        let response = try json["response"].there("response")
        pairs = [Pair(request: request, response: response.withoutComments)]
        isShapeOnly = false
    }

    /// Asks a desk, and compares; tells the first difference.
    public func run(_ name: String, on desk: inout RPCDesk) -> CaseResult {
        for pair in pairs {
            let bytes = desk.reply(to: pair.request.encoded())
            guard let found = (try? JSON(decoding: bytes))?.withoutLogForms else {
                return CaseResult(name: name, error: "the response is no JSON")
            }
            let response = pair.response.withoutLogForms
            let expected = desk.hasOwnHashes ? response.rehashed(by: desk) : response
            // What a new filter is called, nobody can know.
            let isName = pair.request["method"]?.text?.hasSuffix("Filter") == true
            let difference =
                isShapeOnly || isName && pair.request["method"]?.text?.hasPrefix("eth_new") == true
                ? JSONDifference.ofShape(found, expected: expected)
                : JSONDifference(found, expected: expected)
            if let difference { return CaseResult(name: name, error: difference.description) }
        }
        return CaseResult(name: name)
    }
}

extension JSON {
    /// The value with the logs of instructions as all clients write them.
    ///
    /// Some tell the storage with every step and not only where it is used, and bytes without `0x`.
    fileprivate var withoutLogForms: JSON {
        switch self {
        case .array(let elements): return .array(elements.map(\.withoutLogForms))
        case .object(let members) where self["structLogs"] != nil:
            return .object(
                members.map { member in
                    guard member.name == "returnValue", let text = member.value.text else {
                        return Member(member.name, member.value.withoutLogForms)
                    }
                    return Member(member.name, .string(String(text.trimmingPrefix("0x"))))
                })
        case .object(let members) where self["gasCost"] != nil:
            return .object(members.filter { $0.name != "storage" })
        case .object(let members):
            return .object(members.map { Member($0.name, $0.value.withoutLogForms) })
        default: return self
        }
    }

    /// The value without the remarks that stand beside a response's members.
    fileprivate var withoutComments: JSON {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != "comment" })
    }

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
