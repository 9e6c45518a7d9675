import Encoding

/// What a value of an answer looks like, as the description tells.
indirect enum Shape: Sendable {
    case number, truth, text, bytes, amount, anything
    case nullable(Shape)
    case list(Shape)
    case map(Shape)
    case object([(name: String, shape: Shape)])
    /// A shape that stands among the description's components.
    case named(String)

    /// The schema (JSON Schema 2020-12, as OpenAPI 3.1 uses it).
    var schema: JSON {
        switch self {
        case .number: ["type": "integer"]
        case .truth: ["type": "boolean"]
        case .text: ["type": "string"]
        case .bytes: ["type": "string", "pattern": "^0x([0-9a-f]{2})*$"]
        case .amount: ["type": "string", "pattern": "^[0-9]+$"]
        case .anything: [:]
        case .nullable(let shape): ["anyOf": [shape.schema, ["type": "null"]]]
        case .list(let shape): ["type": "array", "items": shape.schema]
        case .map(let shape): ["type": "object", "additionalProperties": shape.schema]
        case .named(let name): ["$ref": .string("#/components/schemas/\(name)")]
        case .object(let members):
            [
                "type": "object", "additionalProperties": false,
                "required": .array(members.map { .string($0.name) }),
                "properties": .object(members.map { .init($0.name, $0.shape.schema) }),
            ]
        }
    }

    /// A page of a list of entries.
    static func page(_ columns: [Listing.Column]) -> Shape {
        .page(of: .object(columns.flatMap(\.shapes)))
    }

    /// A page of entries.
    static func page(of entry: Shape) -> Shape {
        .object([
            ("items", .list(entry)), ("next", .nullable(.text)),
            ("tokens", .map(.named("TokenFacts"))), ("indexed", .nullable(.number)),
        ])
    }
}
