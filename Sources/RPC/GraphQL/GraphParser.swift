import Encoding

/// Reads documents in GraphQL's query language (section 2), and what schemas are written in.
struct GraphParser {
    private var lexer: GraphLexer
    private var count = 0

    init(_ bytes: [UInt8]) throws(GraphFault) {
        guard bytes.count <= RPCLimits.graphSize else {
            throw GraphFault("a query has at most \(RPCLimits.graphSize) bytes")
        }
        lexer = try GraphLexer(bytes)
    }

    /// Reads a whole document.
    static func document(_ text: String) throws(GraphFault) -> GraphDocument {
        var parser = try GraphParser(Array(text.utf8))
        var document = GraphDocument()
        while parser.lexer.token != .end {
            if try parser.takes(name: "fragment") {
                let name = try parser.name()
                try parser.expect(name: "on")
                let type = try parser.name()
                _ = try parser.directives()
                let selections = try parser.selections(0)
                guard document.fragments[name] == nil else {
                    throw GraphFault("two fragments are called \(name)")
                }
                document.fragments[name] = .init(type: type, selections: selections)
            } else {
                document.operations.append(try parser.operation())
            }
        }
        return document
    }

    private mutating func operation() throws(GraphFault) -> GraphDocument.Operation {
        if lexer.token == .sign(UInt8(ascii: "{")) {
            return .init(
                isMutation: false, name: nil, variables: [], selections: try selections(0))
        }
        let isMutation = try takes(name: "mutation")
        if !isMutation { try expect(name: "query") }
        var title: String?
        if case .name = lexer.token { title = try name() }
        var variables: [GraphDocument.Variable] = []
        if try takes("(") {
            repeat { variables.append(try variable()) } while try !takes(")")
        }
        _ = try directives()
        return .init(
            isMutation: isMutation, name: title, variables: variables,
            selections: try selections(0))
    }

    private mutating func variable() throws(GraphFault) -> GraphDocument.Variable {
        try expect("$")
        let title = try name()
        try expect(":")
        let type = try reference()
        let usual = try takes("=") ? try value(0) : nil
        _ = try directives()
        return .init(name: title, isRequired: type.isRequired && usual == nil, usual: usual)
    }

    /// Reads a reference to a type, such as `[Block!]!`.
    mutating func reference(_ depth: Int = 0) throws(GraphFault) -> GraphReference {
        guard depth < RPCLimits.graphDepth else { throw tooDeep }
        let shape: GraphReference.Shape
        if try takes("[") {
            shape = .list(try reference(depth + 1))
            try expect("]")
        } else {
            shape = .named(try name())
        }
        return GraphReference(shape: shape, isRequired: try takes("!"))
    }

    private mutating func selections(
        _ depth: Int
    ) throws(GraphFault) -> [GraphDocument.Selection] {
        guard depth < RPCLimits.graphDepth else { throw tooDeep }
        try expect("{")
        var selections: [GraphDocument.Selection] = []
        repeat {
            count += 1
            guard count <= RPCLimits.graphSelections else { throw .tooCostly }
            selections.append(try selection(depth))
        } while try !takes("}")
        return selections
    }

    private mutating func selection(_ depth: Int) throws(GraphFault) -> GraphDocument.Selection {
        let place = lexer.place
        guard try takes(".") else { return .field(try field(depth)) }
        if case .name(let text) = lexer.token, text != "on" {
            let fragment = try name()
            return .spread(fragment, try directives(), place)
        }
        let type = try takes(name: "on") ? try name() : nil
        let directives = try directives()
        return .inline(type: type, directives, try selections(depth + 1))
    }

    private mutating func field(_ depth: Int) throws(GraphFault) -> GraphDocument.Field {
        let place = lexer.place
        var title = try name()
        var alias: String?
        if try takes(":") {
            alias = title
            title = try name()
        }
        let arguments = try arguments()
        let directives = try directives()
        let hasParts = lexer.token == .sign(UInt8(ascii: "{"))
        return .init(
            alias: alias, name: title, arguments: arguments, directives: directives,
            selections: hasParts ? try selections(depth + 1) : [], place: place)
    }

    private mutating func arguments() throws(GraphFault) -> [GraphDocument.Argument] {
        guard try takes("(") else { return [] }
        var arguments: [GraphDocument.Argument] = []
        repeat { arguments.append(try argument(0)) } while try !takes(")")
        return arguments
    }

    private mutating func argument(_ depth: Int) throws(GraphFault) -> GraphDocument.Argument {
        let title = try name()
        try expect(":")
        return .init(name: title, value: try value(depth))
    }

    private mutating func directives() throws(GraphFault) -> [GraphDocument.Directive] {
        var directives: [GraphDocument.Directive] = []
        while lexer.token == .sign(UInt8(ascii: "@")) {
            let place = lexer.place
            try expect("@")
            let title = try name()
            directives.append(.init(name: title, arguments: try arguments(), place: place))
        }
        return directives
    }

    private mutating func value(_ depth: Int) throws(GraphFault) -> GraphDocument.Value {
        guard depth < RPCLimits.graphDepth else { throw tooDeep }
        let token = lexer.token
        if try takes("$") { return .variable(try name()) }
        if try takes("[") {
            var values: [GraphDocument.Value] = []
            while try !takes("]") { values.append(try value(depth + 1)) }
            return .list(values)
        }
        if try takes("{") {
            var members: [GraphDocument.Argument] = []
            while try !takes("}") { members.append(try argument(depth + 1)) }
            return .object(members)
        }
        let plain: JSON
        switch token {
        case .name("true"): plain = true
        case .name("false"): plain = false
        case .name("null"): plain = .null
        case .name(let text), .string(let text): plain = .string(text)
        case .number(let text): plain = .number(text)
        case .sign, .end: throw unexpected
        }
        try lexer.advance()
        return .plain(plain)
    }

    // What a grammar is made of.

    private var tooDeep: GraphFault {
        GraphFault("more than \(RPCLimits.graphDepth) levels", at: lexer.place)
    }

    private var unexpected: GraphFault {
        switch lexer.token {
        case .name(let text), .number(let text), .string(let text):
            GraphFault("unexpected \(text)", at: lexer.place)
        case .sign(let byte):
            GraphFault("unexpected \(String(decoding: [byte], as: UTF8.self))", at: lexer.place)
        case .end: GraphFault("unexpected end", at: lexer.place)
        }
    }

    /// Whether everything is read.
    var isAtEnd: Bool { lexer.token == .end }

    mutating func takes(_ sign: Unicode.Scalar) throws(GraphFault) -> Bool {
        guard lexer.token == .sign(UInt8(ascii: sign)) else { return false }
        try lexer.advance()
        return true
    }

    private mutating func takes(name: String) throws(GraphFault) -> Bool {
        guard lexer.token == .name(name) else { return false }
        try lexer.advance()
        return true
    }

    mutating func expect(_ sign: Unicode.Scalar) throws(GraphFault) {
        guard try takes(sign) else { throw unexpected }
    }

    private mutating func expect(name: String) throws(GraphFault) {
        guard try takes(name: name) else { throw unexpected }
    }

    mutating func name() throws(GraphFault) -> String {
        guard case .name(let text) = lexer.token else { throw unexpected }
        try lexer.advance()
        return text
    }
}
