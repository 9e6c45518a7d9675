extension ABI {
    /// One function, event, error or constructor of a contract's interface.
    public struct Entry: Hashable, Sendable {
        /// What an entry can be.
        public enum Sort: String, Sendable {
            /// A function.
            case function
            /// An event.
            case event
            /// A custom error.
            case error
            /// The constructor.
            case constructor
        }

        /// One input or output.
        public struct Parameter: Hashable, Sendable {
            /// The name; empty if it has none.
            public let name: String
            /// The kind.
            public let kind: Kind
            /// Whether an event keeps it in a topic rather than in its data.
            public let isIndexed: Bool
        }

        /// What the entry is.
        public let sort: Sort
        /// The name; empty for a constructor.
        public let name: String
        /// What it takes.
        public let inputs: [Parameter]
        /// What it returns.
        public let outputs: [Parameter]

        /// The name with the kinds of the inputs, whose hash is the selector or the first topic.
        public var signature: String {
            "\(name)(\(inputs.map(\.kind.name).joined(separator: ",")))"
        }
    }

    /// Reads a contract's interface as compilers write it; entries of other sorts are left out.
    public static func interface(_ json: JSON) throws(Failure) -> [Entry] {
        guard let elements = json.elements else { throw .unknownKind("no array of entries") }
        var entries: [Entry] = []
        for element in elements {
            guard let sort = element["type"]?.text.flatMap(Entry.Sort.init(rawValue:)) else {
                continue
            }
            entries.append(
                Entry(
                    sort: sort, name: element["name"]?.text ?? "",
                    inputs: try parameters(element["inputs"], depth: 0),
                    outputs: try parameters(element["outputs"], depth: 0)))
        }
        return entries
    }

    private static func parameters(
        _ json: JSON?, depth: Int
    ) throws(Failure) -> [Entry.Parameter] {
        var parameters: [Entry.Parameter] = []
        for element in json?.elements ?? [] {
            parameters.append(
                Entry.Parameter(
                    name: element["name"]?.text ?? "", kind: try kind(element, depth: depth),
                    isIndexed: element["indexed"]?.truth ?? false))
        }
        return parameters
    }

    private static func kind(_ json: JSON, depth: Int) throws(Failure) -> Kind {
        let name = json["type"]?.text ?? ""
        guard name.hasPrefix("tuple") else { return try Kind(name) }
        guard depth < Kind.depthLimit,
            let kind = Kind(
                .tuple(try parameters(json["components"], depth: depth + 1).map(\.kind)),
                suffix: name.dropFirst(5))
        else { throw .unknownKind(name) }
        return kind
    }
}
