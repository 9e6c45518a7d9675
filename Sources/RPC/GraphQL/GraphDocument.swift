import Encoding

/// A request in GraphQL's query language, read (GraphQL specification of October 2021, section 2).
struct GraphDocument: Hashable, Sendable {
    /// One query or mutation.
    struct Operation: Hashable, Sendable {
        let isMutation: Bool
        let name: String?
        let variables: [Variable]
        let selections: [Selection]
    }

    /// What an operation leaves open.
    struct Variable: Hashable, Sendable {
        let name: String
        let isRequired: Bool
        let usual: Value?
    }

    /// Something that is asked for.
    indirect enum Selection: Hashable, Sendable {
        case field(Field)
        case spread(String, [Directive], Place)
        case inline(type: String?, [Directive], [Selection])
    }

    /// One field that is asked for.
    struct Field: Hashable, Sendable {
        let alias: String?
        let name: String
        let arguments: [Argument]
        let directives: [Directive]
        let selections: [Selection]
        let place: Place

        /// What the answer calls it.
        var key: String { alias ?? name }
    }

    /// One argument.
    struct Argument: Hashable, Sendable {
        let name: String
        let value: Value
    }

    /// A condition on what is asked for, such as `@include(if: $wanted)`.
    struct Directive: Hashable, Sendable {
        let name: String
        let arguments: [Argument]
        let place: Place
    }

    /// A value as it is written.
    indirect enum Value: Hashable, Sendable {
        case variable(String)
        case plain(JSON)
        case list([Value])
        case object([Argument])
    }

    /// A named part that operations share.
    struct Fragment: Hashable, Sendable {
        let type: String
        let selections: [Selection]
    }

    /// Where in the text something stands, both counted from one.
    struct Place: Hashable, Sendable {
        let line: Int
        let column: Int

        var json: JSON { ["line": .integer(line), "column": .integer(column)] }
    }

    var operations: [Operation] = []
    var fragments: [String: Fragment] = [:]

    /// The operation of a name, or the only one.
    func operation(_ name: String?) throws(GraphFault) -> Operation {
        if let name {
            guard let operation = operations.first(where: { $0.name == name }) else {
                throw GraphFault("no operation is called \(name)")
            }
            return operation
        }
        guard let operation = operations.first, operations.count == 1 else {
            throw GraphFault("expected one operation, or the name of one")
        }
        return operation
    }
}

/// What is wrong with a request in GraphQL, or with one of its fields.
struct GraphFault: Error, Hashable {
    let message: String
    var place: GraphDocument.Place?
    /// Which members lead to the field.
    var path: [JSON] = []
    /// The code that JSON-RPC has for it.
    var code: Int?
    /// Whether nothing more is answered.
    var isFinal = false

    init(_ message: String, at place: GraphDocument.Place? = nil) {
        self.message = message
        self.place = place
    }

    init(_ error: RPCError) {
        message = error.message
        code = error.code
    }

    /// More is asked for than is answered at once.
    static var tooCostly: GraphFault {
        var fault = GraphFault("the query asks for more than is answered at once")
        fault.isFinal = true
        return fault
    }

    /// The object of an error (section 7.1.2).
    var json: JSON {
        var members: [JSON.Member] = [.init("message", .string(message))]
        if let place { members.append(.init("locations", [place.json])) }
        if !path.isEmpty { members.append(.init("path", .array(path))) }
        if let code {
            members.append(
                .init(
                    "extensions",
                    ["errorCode": .integer(code), "errorMessage": .string(message)]))
        }
        return .object(members)
    }
}
