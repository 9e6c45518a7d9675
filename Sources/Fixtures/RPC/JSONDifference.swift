import Encoding

/// The first place where one JSON is not as another.
struct JSONDifference: CustomStringConvertible {
    private let path: String
    private let found: String
    private let expected: String

    var description: String { "at \(path): found \(found), expected \(expected)" }

    private init(_ path: String, _ found: JSON?, _ expected: JSON?) {
        self.path = path.isEmpty ? "the top" : path
        self.found = JSONDifference.text(found)
        self.expected = JSONDifference.text(expected)
    }

    private static func text(_ json: JSON?) -> String {
        guard let json else { return "nothing" }
        let text = String(decoding: json.encoded(), as: UTF8.self)
        return text.count > 300 ? text.prefix(300) + "…" : text
    }

    /// Compares values; the words of errors are passed over where both have some.
    init?(_ found: JSON, expected: JSON, at path: String = "") {
        switch (found, expected) {
        case (.object(let left), .object(let right)):
            let isError = path.hasSuffix("error")
            let difference = JSONDifference.members(left, right, path) { name, left, right in
                isError && name == "message"
                    ? nil : JSONDifference(left, expected: right, at: "\(path)/\(name)")
            }
            guard let difference else { return nil }
            self = difference
        case (.array(let left), .array(let right)) where left.count == right.count:
            let pairs = zip(left, right).enumerated()
            let difference = pairs.lazy.compactMap { index, pair in
                JSONDifference(pair.0, expected: pair.1, at: "\(path)/\(index)")
            }.first
            guard let difference else { return nil }
            self = difference
        case (.number(let left), .number(let right)) where Double(left) == Double(right):
            return nil
        default:
            guard found != expected else { return nil }
            self.init(path, found, expected)
        }
    }

    /// Compares the members of objects by name.
    private static func members(
        _ left: [JSON.Member], _ right: [JSON.Member], _ path: String,
        _ compare: (_ name: String, JSON, JSON) -> JSONDifference?
    ) -> JSONDifference? {
        let values = Dictionary(left.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        for member in right {
            guard let value = values[member.name] else {
                return JSONDifference("\(path)/\(member.name)", nil, member.value)
            }
            if let difference = compare(member.name, value, member.value) { return difference }
        }
        let names = Set(right.map(\.name))
        return left.first { !names.contains($0.name) }
            .map { JSONDifference("\(path)/\($0.name)", $0.value, nil) }
    }

    /// The members that the schema asks for: how long something is kept need not be told.
    private static func withoutOptional(_ members: [JSON.Member]) -> [JSON.Member] {
        members.filter { $0.name != "deleteStrategy" }
    }

    /// Compares only which members there are and of what kind; of arrays the first elements.
    static func ofShape(
        _ found: JSON, expected: JSON, at path: String = ""
    ) -> JSONDifference? {
        switch (found, expected) {
        case (.object(let left), .object(let right)):
            // Where names are values, one entry stands for all.
            if let first = left.first, let other = right.first, first.isNamedByValue,
                other.isNamedByValue
            {
                return ofShape(first.value, expected: other.value, at: "\(path)/\(first.name)")
            }
            let (left, right) = (withoutOptional(left), withoutOptional(right))
            return members(left, right, path) { name, left, right in
                ofShape(left, expected: right, at: "\(path)/\(name)")
            }
        case (.array(let left), .array(let right)):
            guard let first = left.first, let other = right.first else {
                return left.isEmpty == right.isEmpty ? nil : JSONDifference(path, found, expected)
            }
            return ofShape(first, expected: other, at: "\(path)/0")
        case (.string, .string), (.number, .number), (.bool, .bool), (.null, .null): return nil
        default: return JSONDifference(path, found, expected)
        }
    }
}

extension JSON.Member {
    /// Whether the name is an address or a number, and no word of a schema.
    fileprivate var isNamedByValue: Bool {
        name.hasPrefix("0x") && name.utf8.count == 42 || UInt64(name) != nil
    }
}
