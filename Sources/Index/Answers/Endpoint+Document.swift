import Encoding

/// The description of the API, made of the same table that requests are read by (OpenAPI 3.1).
extension Endpoint {
    /// The whole document.
    static let document: JSON = [
        "openapi": "3.1.0",
        "info": [
            "title": "Martlet's index", "version": "1",
            "description": """
            What a node's index tells by address, token and event. All of it is of final \
            blocks. Lists come in pages: `next` is the cursor of the page after, or null. \
            Amounts are decimal digits in strings; `indexed` is the newest block that counted.
            """,
        ],
        "paths": .object(
            allCases.map {
                .init($0.rawValue, .object([.init($0.method.lowercased(), $0.operation)]))
            }),
        "components": [
            "schemas": .object(components.map { .init($0.name, $0.shape.schema) })
        ],
    ]

    private var operation: JSON {
        var responses: [JSON.Member] = [
            .init("200", Self.response("The answer", answer.schema))
        ]
        for (status, text) in failures {
            responses.append(.init(status, Self.response(text, Shape.named("Error").schema)))
        }
        var members: [JSON.Member] = [
            .init("operationId", .string("\(self)")), .init("summary", .string(summary)),
            .init("parameters", .array(parameters.map(Self.parameter))),
            .init("responses", .object(responses)),
        ]
        if self == .source { members.append(.init("requestBody", Self.submission)) }
        return .object(members)
    }

    /// What the body of a submission holds.
    private static let submission: JSON = [
        "required": true,
        "content": [
            "application/json": [
                "schema": [
                    "type": "object", "additionalProperties": false,
                    "properties": [
                        "name": [
                            "type": "string", "description": "the contract's file: Contract.vy",
                        ],
                        "source": [
                            "type": "string", "description": "the source, if it is one file",
                        ],
                        "settings": [
                            "type": "object", "description": "settings beside such a source",
                        ],
                        "input": [
                            "type": "object",
                            "description": "a compiler's standard JSON: sources and settings",
                        ],
                    ],
                ]
            ]
        ],
    ]

    private var failures: [(String, String)] {
        var failures: [(String, String)] = []
        if !parameters.isEmpty { failures.append(("400", "A parameter cannot be understood")) }
        if [.block, .blockTransactions, .transaction, .token, .source].contains(self) {
            failures.append(("404", "It is not there"))
        }
        if self == .source {
            failures.append(("413", "The source is too long"))
            failures.append(("422", "It does not compile, or is another contract's"))
        }
        return failures + [("503", "There is no index, or the node is busy")]
    }

    private static func parameter(_ parameter: APIParameter) -> JSON {
        [
            "name": .string(parameter.rawValue),
            "in": .string(parameter.isInPath ? "path" : "query"),
            "required": .bool(parameter.isInPath || parameter == .text),
            "description": .string(parameter.summary), "schema": parameter.schema,
        ]
    }

    private static func response(_ text: String, _ schema: JSON) -> JSON {
        [
            "description": .string(text),
            "content": ["application/json": ["schema": schema]],
        ]
    }

    private static var components: [(name: String, shape: Shape)] {
        let transaction = Listing.transactionColumns.flatMap(\.shapes)
        return [
            ("TokenFacts", TokenFacts.shape),
            ("Block", blockShape),
            ("Transaction", .object(transaction)),
            (
                "TransactionInFull",
                .object(
                    transaction + [
                        ("nonce", .number), ("gasLimit", .number), ("type", .number),
                        ("input", .bytes), ("events", .list(.named("Event"))),
                        ("transfers", .list(.named("Transfer"))),
                        ("tokens", .map(.named("TokenFacts"))),
                    ])
            ),
            ("Transfer", .object(Listing.transferColumns.flatMap(\.shapes))),
            ("Event", .object(Listing.eventColumns.flatMap(\.shapes))),
            ("Contract", contractShape), ("Account", accountShape), ("Token", tokenShape),
            ("Status", statusShape),
            (
                "Search",
                .object([
                    (
                        "results",
                        .list(.object([("kind", .text), ("value", .text), ("label", .text)]))
                    )
                ])
            ),
            ("Error", .object([("error", .object([("code", .text), ("message", .text)]))])),
        ]
    }

    private static let blockShape = Shape.object([
        ("number", .number), ("hash", .bytes), ("parent", .bytes), ("time", .number),
        ("transactions", .number), ("gasUsed", .number), ("gasLimit", .number),
        ("baseFee", .nullable(.amount)), ("proposer", .bytes), ("stateRoot", .bytes),
    ])

    private static let contractShape = Shape.object([
        ("address", .bytes), ("code", .number), ("compiler", .nullable(.text)),
        (
            "verified",
            .nullable(
                .object([
                    ("codeHash", .bytes), ("name", .text), ("compiler", .text),
                    ("immutables", .number),
                    ("sources", .list(.object([("name", .text), ("content", .text)]))),
                    ("settings", .map(.anything)), ("abi", .list(.anything)),
                ]))
        ),
    ])

    private static let accountShape = Shape.object([
        ("address", .bytes), ("balance", .amount), ("nonce", .number), ("code", .number),
        ("token", .nullable(.text)), ("creator", .nullable(.bytes)),
        ("creation", .nullable(.bytes)), ("verified", .nullable(.text)),
    ])

    private static let tokenShape = Shape.object([
        ("address", .bytes), ("standard", .text), ("name", .nullable(.text)),
        ("symbol", .nullable(.text)), ("decimals", .nullable(.number)),
        ("supply", .nullable(.amount)), ("holders", .number),
    ])

    private static let statusShape = Shape.object([
        ("chainId", .number),
        ("head", .object([("number", .number), ("hash", .bytes), ("time", .number)])),
        (
            "index",
            .object([
                ("kept", .truth), ("number", .nullable(.number)), ("behind", .number),
                ("error", .nullable(.text)),
            ])
        ),
    ])
}
