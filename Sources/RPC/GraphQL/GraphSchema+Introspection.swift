import Encoding

/// What a schema tells of itself (GraphQL specification, section 4).
extension GraphSchema {
    /// The fields of `__Schema`.
    func tell(_ name: String) -> GraphValue {
        switch name {
        case "types": .list(types.map { .type(named($0.name)) })
        case "queryType": .object(.type(named("Query")))
        case "mutationType": .object(.type(named("Mutation")))
        case "directives": .list([.directive("include"), .directive("skip")])
        default: .missing
        }
    }

    private func named(_ name: String) -> GraphReference {
        GraphReference(shape: .named(name), isRequired: false)
    }

    /// The fields of `__Type`; of what must be there and of lists only what is within is told.
    func tell(_ field: String, of reference: GraphReference) -> GraphValue {
        if reference.isRequired {
            let within = GraphReference(shape: reference.shape, isRequired: false)
            return wrapper(field, "NON_NULL", within)
        }
        guard case .named(let name) = reference.shape, let type = type(name) else {
            guard case .list(let element) = reference.shape else { return .missing }
            return wrapper(field, "LIST", element)
        }
        switch field {
        case "kind": return .leaf(.string(type.kind.rawValue))
        case "name": return .leaf(.string(name))
        case "fields" where type.kind == .object: return .list(type.fields.map { .field($0) })
        case "inputFields" where type.kind == .input:
            return .list(type.fields.map { .input($0) })
        case "interfaces" where type.kind == .object: return .list([])
        default: return .missing
        }
    }

    private func wrapper(
        _ field: String, _ kind: String, _ within: GraphReference
    ) -> GraphValue {
        switch field {
        case "kind": .leaf(.string(kind))
        case "ofType": .object(.type(within))
        default: .missing
        }
    }

    /// The fields of `__Field`.
    func tell(_ field: String, of row: FieldRow) -> GraphValue {
        field == "args" ? .list(row.arguments.map { .input($0) }) : tell(field, ofInput: row)
    }

    /// The fields of `__InputValue`.
    func tell(_ field: String, ofInput row: FieldRow) -> GraphValue {
        switch field {
        case "name": .leaf(.string(row.name))
        case "type": .object(.type(row.type))
        case "isDeprecated": .leaf(false)
        default: .missing
        }
    }

    /// The fields of `__Directive`.
    func tell(_ field: String, ofDirective name: String) -> GraphValue {
        switch field {
        case "name": return .leaf(.string(name))
        case "isRepeatable": return .leaf(false)
        case "locations": return .leaf(["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"])
        case "args":
            let truth = GraphReference(shape: .named("Boolean"), isRequired: true)
            return .list([.input(FieldRow(name: "if", arguments: [], type: truth))])
        default: return .missing
        }
    }
}
