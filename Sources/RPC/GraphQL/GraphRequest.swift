import Encoding
public import Ledger
import Primitives

/// A request as it comes over HTTP: a document, which of its operations is meant, and variables.
public struct GraphRequest: Hashable, Sendable {
    let document: GraphDocument
    let operation: GraphDocument.Operation
    let variables: [String: JSON]

    /// Reads the body of a request: an object of `query`, `operationName` and `variables`.
    init(_ body: [UInt8]) throws(GraphFault) {
        guard
            let json = try? JSON(
                decoding: body, depth: RPCLimits.requestDepth, size: RPCLimits.requestSize)
        else { throw GraphFault("the request is no JSON") }
        guard let text = json["query"]?.text else { throw GraphFault("query is missing") }
        document = try GraphParser.document(text)
        operation = try document.operation(json["operationName"]?.text)
        variables = try GraphRequest.variables(json["variables"], of: operation)
        var check = GraphCheck(document)
        try check.run(operation)
    }

    /// The variables' values; some write the object of them as a text.
    private static func variables(
        _ json: JSON?, of operation: GraphDocument.Operation
    ) throws(GraphFault) -> [String: JSON] {
        var given = json ?? .null
        if let text = given.text { given = (try? JSON(decoding: Array(text.utf8))) ?? .null }
        var values: [String: JSON] = [:]
        for variable in operation.variables {
            if let value = given[variable.name] {
                values[variable.name] = value
            } else if let usual = variable.usual {
                values[variable.name] = try usual.resolved([:])
            }
            guard !variable.isRequired || values[variable.name].map({ !$0.isNull }) == true else {
                throw GraphFault("variable \(variable.name) is missing")
            }
        }
        return values
    }

    /// The transactions that a mutation sends, by the names of their answers.
    func submissions() throws(GraphFault) -> [(key: String, bytes: [UInt8])] {
        var submissions: [(key: String, bytes: [UInt8])] = []
        for selection in operation.selections {
            guard case .field(let field) = selection, field.name == "sendRawTransaction" else {
                throw GraphFault("a mutation has no other fields than sendRawTransaction")
            }
            let arguments = try GraphArguments(field, variables)
            let bytes = try arguments.read("data", Quantity.bytes) ?? []
            guard bytes.count <= RPCLimits.transactionSize else {
                throw GraphFault("a transaction has at most \(RPCLimits.transactionSize) bytes")
            }
            submissions.append((key: field.key, bytes: bytes))
        }
        guard submissions.count <= RPCLimits.batchCount else { throw .tooCostly }
        return submissions
    }
}

extension GraphDocument.Value {
    /// The value with those of variables in it.
    func resolved(_ variables: [String: JSON]) throws(GraphFault) -> JSON {
        switch self {
        case .plain(let json): return json
        case .variable(let name): return variables[name] ?? .null
        case .list(let values):
            var elements: [JSON] = []
            for value in values { elements.append(try value.resolved(variables)) }
            return .array(elements)
        case .object(let arguments):
            var members: [JSON.Member] = []
            for argument in arguments {
                members.append(.init(argument.name, try argument.value.resolved(variables)))
            }
            return .object(members)
        }
    }
}

/// A query that a worker answers, with what only the node knows.
public struct GraphQuery: Hashable, Sendable {
    let request: GraphRequest
    let head: Head
    /// The transactions that wait in the pool.
    public var waiting: [SignedTransaction] = []

    init(_ request: GraphRequest, _ head: Head) {
        self.request = request
        self.head = head
    }

    /// The same query, which sees these transactions waiting.
    public func seeing(_ waiting: [SignedTransaction]) -> GraphQuery {
        var query = self
        query.waiting = waiting
        return query
    }
}

/// The arguments of a field, their values told.
struct GraphArguments {
    private let values: [String: JSON]
    private let place: GraphDocument.Place

    init(_ field: GraphDocument.Field, _ variables: [String: JSON]) throws(GraphFault) {
        place = field.place
        var values: [String: JSON] = [:]
        for argument in field.arguments {
            let value = try argument.value.resolved(variables)
            if !value.isNull { values[argument.name] = value }
        }
        self.values = values
    }

    /// The value of an argument; `nil` if it is missing or `null`.
    subscript(name: String) -> JSON? { values[name] }

    /// Reads an argument, if it is there.
    func read<Value>(
        _ name: String, _ read: (JSON) throws(HexFault) -> Value
    ) throws(GraphFault) -> Value? {
        guard let value = values[name] else { return nil }
        do throws(HexFault) {
            return try read(value)
        } catch {
            throw GraphFault("argument \(name): \(error.text)", at: place)
        }
    }

    /// Reads an argument that must be there.
    func required<Value>(
        _ name: String, _ read: (JSON) throws(HexFault) -> Value
    ) throws(GraphFault) -> Value {
        guard let value = try self.read(name, read) else {
            throw GraphFault("argument \(name) is missing", at: place)
        }
        return value
    }

    /// Reads a number: digits, or hexadecimal.
    func number(_ name: String) throws(GraphFault) -> UInt64? {
        try read(name) { json throws(HexFault) in try GraphArguments.number(json) }
    }

    private static func number(_ json: JSON) throws(HexFault) -> UInt64 {
        if case .number(let digits) = json {
            guard let number = UInt64(digits) else { throw .badDigit }
            return number
        }
        return try Quantity.number64(json)
    }

    /// An object for JSON-RPC: its numbers are written as there.
    func object(_ name: String) throws(GraphFault) -> JSON {
        guard let members = values[name]?.members else {
            throw GraphFault("argument \(name) is no object", at: place)
        }
        return .object(
            members.map { member in
                guard case .number(let digits) = member.value, let number = UInt256(digits) else {
                    return member
                }
                return .init(member.name, .quantity(number))
            })
    }
}
