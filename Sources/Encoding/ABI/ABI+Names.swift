extension ABI.Kind {
    /// How deep arrays and tuples may be nested in one another.
    static let depthLimit = 16

    /// How many bytes a kind may take up in its place.
    static let sizeLimit = 1 << 20

    /// Reads the name of a kind: `uint256`, `bytes32[]`, `(address,uint256)[2]`.
    public init(_ name: String) throws(ABI.Failure) {
        var rest = Substring(name)
        guard let kind = ABI.Kind(reading: &rest, depth: 0), rest.isEmpty else {
            throw .unknownKind(name)
        }
        self = kind
    }

    /// The canonical name, as signatures hold it.
    public var name: String {
        switch self {
        case .uint(let bits): "uint\(bits)"
        case .int(let bits): "int\(bits)"
        case .address: "address"
        case .bool: "bool"
        case .fixedBytes(let count): "bytes\(count)"
        case .bytes: "bytes"
        case .string: "string"
        case .array(let kind, let count): "\(kind.name)[\(count.map { "\($0)" } ?? "")]"
        case .tuple(let kinds): "(\(kinds.map(\.name).joined(separator: ",")))"
        }
    }

    private init?(reading rest: inout Substring, depth: Int) {
        guard depth < ABI.Kind.depthLimit else { return nil }
        let first =
            rest.hasPrefix("(")
            ? ABI.Kind.tuple(reading: &rest, depth: depth) : ABI.Kind.word(reading: &rest)
        guard let first else { return nil }
        guard let nested = ABI.Kind.nested(first, reading: &rest) else { return nil }
        self = nested
    }

    /// Adds what stands in brackets to a kind: the counts behind `tuple` in a JSON interface.
    init?(_ kind: ABI.Kind, suffix: Substring) {
        var rest = suffix
        guard let nested = ABI.Kind.nested(kind, reading: &rest), rest.isEmpty else { return nil }
        self = nested
    }

    /// Takes the brackets at the front of a text as arrays around a kind.
    private static func nested(_ kind: ABI.Kind, reading rest: inout Substring) -> ABI.Kind? {
        var kind = kind
        var depth = 0
        while rest.hasPrefix("[") {
            depth += 1
            guard depth < depthLimit, let end = rest.firstIndex(of: "]"),
                let count = count(rest[..<end].dropFirst()), count ?? 0 <= sizeLimit
            else { return nil }
            kind = .array(kind, count: count)
            guard kind.headSize <= sizeLimit else { return nil }
            rest = rest[rest.index(after: end)...]
        }
        return kind.headSize <= sizeLimit ? kind : nil
    }

    private static func tuple(reading rest: inout Substring, depth: Int) -> ABI.Kind? {
        rest.removeFirst()
        var kinds: [ABI.Kind] = []
        while true {
            guard let kind = ABI.Kind(reading: &rest, depth: depth + 1) else { return nil }
            kinds.append(kind)
            guard let end = rest.popFirst() else { return nil }
            if end == ")" { return .tuple(kinds) }
            guard end == "," else { return nil }
        }
    }

    private static func word(reading rest: inout Substring) -> ABI.Kind? {
        let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
        rest = rest[word.endIndex...]
        switch word {
        case "address": return .address
        case "bool": return .bool
        case "bytes": return .bytes
        case "string": return .string
        case "uint": return .uint(256)
        case "int": return .int(256)
        default: return sized(word)
        }
    }

    private static func sized(_ word: Substring) -> ABI.Kind? {
        let letters = word.prefix { !$0.isNumber }
        guard let size = count(word[letters.endIndex...]) ?? nil else { return nil }
        switch letters {
        case "uint" where size <= 256 && size % 8 == 0: return .uint(size)
        case "int" where size <= 256 && size % 8 == 0: return .int(size)
        case "bytes" where size <= 32: return .fixedBytes(size)
        default: return nil
        }
    }

    /// A positive count; `.some(nil)` for no digits at all, `nil` for anything else.
    private static func count(_ digits: Substring) -> Int?? {
        if digits.isEmpty { return .some(nil) }
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), !digits.hasPrefix("0") else {
            return nil
        }
        return Int(digits).map { .some($0) } ?? nil
    }
}
