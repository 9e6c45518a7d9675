import Encoding
import Ledger
import Primitives

/// Answers a query field by field (GraphQL specification, section 6).
struct GraphRun {
    let view: ChainView
    let query: GraphQuery
    let schema = GraphSchema.ethereum
    private var errors: [JSON] = []
    private var path: [JSON] = []
    private var left = RPCLimits.graphCost
    /// The gas that the query's calls may still use.
    var gasLeft = RPCLimits.callGas

    init(_ query: GraphQuery, on view: ChainView) {
        self.query = query
        self.view = view
    }

    /// The response: what is wrong, if anything, and the data.
    mutating func response() -> JSON {
        var data = JSON.null
        do throws(GraphFault) {
            data = try answer(.query, query.request.operation.selections)
        } catch {
            errors.append(error.json)
        }
        guard !errors.isEmpty else { return ["data": data] }
        return ["errors": .array(errors), "data": data]
    }

    /// Takes what an answer costs.
    mutating func spend(_ cost: Int) throws(GraphFault) {
        guard cost <= left else { throw .tooCostly }
        left -= cost
    }

    private mutating func answer(
        _ object: GraphObject, _ selections: [GraphDocument.Selection]
    ) throws(GraphFault) -> JSON {
        var groups: [(key: String, fields: [GraphDocument.Field])] = []
        try collect(selections, into: &groups)
        var members: [JSON.Member] = []
        for group in groups {
            path.append(.string(group.key))
            members.append(.init(group.key, try answer(object, group.fields)))
            path.removeLast()
        }
        return .object(members)
    }

    /// The fields that are wanted, those of one name together (section 6.3.2).
    private mutating func collect(
        _ selections: [GraphDocument.Selection],
        into groups: inout [(key: String, fields: [GraphDocument.Field])]
    ) throws(GraphFault) {
        for selection in selections {
            try spend(1)
            switch selection {
            case .field(let field):
                guard try isWanted(field.directives) else { continue }
                if let index = groups.firstIndex(where: { $0.key == field.key }) {
                    let first = groups[index].fields[0]
                    guard first.name == field.name, first.arguments == field.arguments else {
                        throw GraphFault("two fields are called \(field.key)", at: field.place)
                    }
                    groups[index].fields.append(field)
                } else {
                    groups.append((key: field.key, fields: [field]))
                }
            case .inline(_, let directives, let selections):
                if try isWanted(directives) { try collect(selections, into: &groups) }
            case .spread(let name, let directives, _):
                guard try isWanted(directives),
                    let fragment = query.request.document.fragments[name]
                else { continue }
                try collect(fragment.selections, into: &groups)
            }
        }
    }

    private func isWanted(_ directives: [GraphDocument.Directive]) throws(GraphFault) -> Bool {
        for directive in directives {
            let value = try directive.arguments.first?.value.resolved(query.request.variables)
            guard let truth = value?.truth else {
                throw GraphFault("expected true or false", at: directive.place)
            }
            if truth != (directive.name == "include") { return false }
        }
        return true
    }

    private mutating func answer(
        _ object: GraphObject, _ fields: [GraphDocument.Field]
    ) throws(GraphFault) -> JSON {
        let field = fields[0]
        guard field.name != "__typename" else { return .string(object.typeName) }
        guard let row = schema.row(field.name, of: object.typeName) else { return .null }
        let depth = path.count
        do throws(GraphFault) {
            let arguments = try GraphArguments(field, query.request.variables)
            let value = try resolve(field.name, of: object, arguments)
            return try complete(value, row.type, fields.flatMap(\.selections))
        } catch {
            var fault = error
            fault.place = fault.place ?? field.place
            if fault.path.isEmpty { fault.path = path }
            // What may be missing is: the fault goes no further.
            guard !row.type.isRequired, !fault.isFinal else { throw fault }
            path.removeLast(path.count - depth)
            errors.append(fault.json)
            return .null
        }
    }

    private mutating func complete(
        _ value: GraphValue, _ type: GraphReference, _ selections: [GraphDocument.Selection]
    ) throws(GraphFault) -> JSON {
        switch value {
        case .missing:
            guard !type.isRequired else { throw GraphFault("there is nothing to tell") }
            return .null
        case .leaf(let json): return json
        case .object(let object): return try answer(object, selections)
        case .list(let objects):
            var elements: [JSON] = []
            for (index, object) in objects.enumerated() {
                path.append(.integer(index))
                elements.append(try answer(object, selections))
                path.removeLast()
            }
            return .array(elements)
        }
    }

    /// Finds out what a field comes to.
    private mutating func resolve(
        _ name: String, of object: GraphObject, _ arguments: GraphArguments
    ) throws(GraphFault) -> GraphValue {
        switch object {
        case .query: return try root(name, arguments)
        case .pending: return try pending(name, arguments)
        case .block(let block): return try self.block(name, of: block, arguments)
        case .transaction(let transaction):
            return try self.transaction(name, of: transaction, arguments)
        case .account(let address, let block):
            return try account(name, of: address, at: block, arguments)
        case .log(let log): return try self.log(name, of: log, arguments)
        case .plain(_, let json): return GraphValue(json[name])
        case .schema: return schema.tell(name)
        case .type(let reference): return schema.tell(name, of: reference)
        case .field(let row): return schema.tell(name, of: row)
        case .input(let row): return schema.tell(name, ofInput: row)
        case .directive(let directive): return schema.tell(name, ofDirective: directive)
        }
    }

    /// Runs what JSON-RPC answers with, too.
    func asked<Value>(_ body: () throws(RPCError) -> Value) throws(GraphFault) -> Value {
        do throws(RPCError) {
            return try body()
        } catch {
            throw GraphFault(error)
        }
    }

    /// Reads what JSON-RPC takes as a parameter.
    func parameter<Value>(
        _ json: JSON, _ read: (JSON) throws(ParameterFault) -> Value
    ) throws(GraphFault) -> Value {
        do throws(ParameterFault) {
            return try read(json)
        } catch {
            throw GraphFault(error.error(argument: 0))
        }
    }
}
