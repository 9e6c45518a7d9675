/// Judges a query by the schema before it is answered (GraphQL specification, section 5).
///
/// Fragments are looked at wherever they are used, so that what a query asks for is bounded.
struct GraphCheck {
    private let document: GraphDocument
    private let schema = GraphSchema.ethereum
    private var count = 0
    private var open: Set<String> = []

    init(_ document: GraphDocument) {
        self.document = document
    }

    /// Judges an operation; throws what is wrong with it.
    mutating func run(_ operation: GraphDocument.Operation) throws(GraphFault) {
        let root = operation.isMutation ? "Mutation" : "Query"
        try check(operation.selections, on: root)
    }

    private mutating func check(
        _ selections: [GraphDocument.Selection], on type: String
    ) throws(GraphFault) {
        for selection in selections {
            count += 1
            guard count <= RPCLimits.graphSelections else { throw .tooCostly }
            switch selection {
            case .field(let field): try check(field, on: type)
            case .inline(let condition, let directives, let selections):
                try check(directives)
                try check(selections, on: try narrowed(type, to: condition))
            case .spread(let name, let directives, let place):
                try check(directives)
                guard let fragment = document.fragments[name] else {
                    throw GraphFault("no fragment is called \(name)", at: place)
                }
                guard open.insert(name).inserted else {
                    throw GraphFault("fragment \(name) is within itself", at: place)
                }
                try check(fragment.selections, on: try narrowed(type, to: fragment.type))
                open.remove(name)
            }
        }
    }

    /// The type that a fragment is about: there are no interfaces, so it is the same.
    private func narrowed(_ type: String, to condition: String?) throws(GraphFault) -> String {
        guard condition == nil || condition == type else {
            throw GraphFault("a \(type) is never a \(condition ?? "")")
        }
        return type
    }

    private mutating func check(
        _ field: GraphDocument.Field, on type: String
    ) throws(GraphFault) {
        try check(field.directives)
        if field.name == "__typename" { return }
        guard let row = schema.row(field.name, of: type) else {
            throw GraphFault("a \(type) has no field \(field.name)", at: field.place)
        }
        for argument in field.arguments
        where !row.arguments.contains(where: { $0.name == argument.name }) {
            throw GraphFault("\(field.name) has no argument \(argument.name)", at: field.place)
        }
        for argument in row.arguments where argument.type.isRequired {
            guard field.arguments.contains(where: { $0.name == argument.name }) else {
                throw GraphFault(
                    "\(field.name) needs the argument \(argument.name)", at: field.place)
            }
        }
        guard schema.isLeaf(row.type.name) == field.selections.isEmpty else {
            let words = field.selections.isEmpty ? "needs fields" : "has no fields"
            throw GraphFault("\(field.name) \(words)", at: field.place)
        }
        try check(field.selections, on: row.type.name)
    }

    private func check(_ directives: [GraphDocument.Directive]) throws(GraphFault) {
        for directive in directives {
            guard directive.name == "include" || directive.name == "skip",
                directive.arguments.count == 1, directive.arguments.first?.name == "if"
            else {
                throw GraphFault(
                    "expected @include(if: …) or @skip(if: …)", at: directive.place)
            }
        }
    }
}

extension GraphSchema {
    /// A field of a type, or one of those that tell of the schema itself.
    func row(_ field: String, of type: String) -> FieldRow? {
        if type == "Query", let row = roots[field] { return row }
        return self.type(type)?.field(field)
    }

    private var roots: [String: FieldRow] {
        func reference(_ name: String, isRequired: Bool) -> GraphReference {
            GraphReference(shape: .named(name), isRequired: isRequired)
        }
        let name = FieldRow(
            name: "name", arguments: [], type: reference("String", isRequired: true))
        return [
            "__schema": FieldRow(
                name: "__schema", arguments: [], type: reference("__Schema", isRequired: true)),
            "__type": FieldRow(
                name: "__type", arguments: [name], type: reference("__Type", isRequired: false)),
        ]
    }
}
