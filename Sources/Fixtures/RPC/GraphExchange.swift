import Encoding
import Machine

/// One case of GraphQL: a query, and the responses that are right, of which there may be several.
///
/// Where the query is refused only that is compared: the words are each client's own.
public struct GraphExchange {
    private let body: [UInt8]
    private let responses: [JSON]
    private let status: Int

    /// Reads a case as Besu and hive write it; `nil` for what is no such case.
    public init?(_ bytes: [UInt8]) throws {
        let json = try JSON(decoding: bytes)
        guard let query = json["request"]?.text else { return nil }
        body =
            JSON.object([
                .init("query", .string(query)), .init("variables", json["variables"] ?? .null),
            ]).encoded()
        let response =
            try json["response"].map { [$0] } ?? json["responses"].there("responses").elements
        responses = response ?? []
        status = json["statusCode"]?.integer ?? 200
    }

    /// Asks a desk, and compares; tells the first difference.
    public func run(_ name: String, on desk: inout RPCDesk) -> CaseResult {
        CaseResult(name: name) {
            let response = desk.reply(toQuery: body)
            let found = try JSON(decoding: response.body)
            guard Int(response.status) == status else {
                let text = String(decoding: response.body.prefix(300), as: UTF8.self)
                return "found status \(response.status), expected \(status): \(text)"
            }
            guard status == 200 else { return found["errors"] == nil ? "no errors are told" : nil }
            let differences = responses.map { JSONDifference(found, expected: $0) }
            return differences.contains { $0 == nil } ? nil : differences.first??.description
        }
    }
}
