/// A JSON text as a value (RFC 8259): exact numbers, members in their order.
///
/// Numbers stay the text they were written as, so nothing is lost to floating point; members keep
/// their order, so a document can be written again as it was.
public enum JSON: Hashable, Sendable {
    /// The word `null`.
    case null
    /// The word `true` or `false`.
    case bool(Bool)
    /// A number, exactly as it is written.
    case number(String)
    /// A string, its escapes resolved.
    case string(String)
    /// An array.
    case array([JSON])
    /// An object, its members in order.
    case object([Member])

    /// One member of an object.
    public struct Member: Hashable, Sendable {
        /// The name.
        public let name: String
        /// The value.
        public let value: JSON

        /// Creates a member.
        @inlinable
        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// What can be wrong with a text that claims to be JSON; offsets count bytes.
    public enum Failure: Error, Hashable {
        /// The text ends before the value does.
        case truncated(at: Int)
        /// This byte cannot stand here.
        case unexpected(UInt8, at: Int)
        /// There is more after the value.
        case trailing(at: Int)
        /// Arrays and objects are nested deeper than the limit.
        case tooDeep(at: Int, limit: Int)
        /// The text is longer than the limit.
        case tooLarge(found: Int, limit: Int)
        /// An escape is none that RFC 8259 knows, or half of a surrogate pair.
        case escape(at: Int)
        /// A string is not UTF-8.
        case notUTF8(at: Int)
        /// An object has two members of this name.
        case duplicate(String, at: Int)
    }

    /// Whether an object may hold two members of one name.
    public enum Duplicates: Hashable, Sendable {
        /// All are kept, in order; looking one up finds the last.
        case keep
        /// The text is refused.
        case refuse
    }

    /// Reads one value that takes up all of the text, but for white space around it.
    public init(
        decoding bytes: [UInt8], depth: Int = 64, size: Int = .max, duplicates: Duplicates = .keep
    ) throws(Failure) {
        try self.init(
            decoding: bytes.span, depth: depth, size: size, duplicates: duplicates)
    }

    /// Reads one value that takes up all of the text, but for white space around it.
    public init(
        decoding bytes: Span<UInt8>, depth: Int = 64, size: Int = .max,
        duplicates: Duplicates = .keep
    ) throws(Failure) {
        guard bytes.count <= size else { throw .tooLarge(found: bytes.count, limit: size) }
        var reader = JSONReader(depthLimit: depth, duplicates: duplicates)
        self = try reader.document(bytes)
    }
}

extension JSON.Failure: CustomStringConvertible {
    /// What is wrong, and where.
    public var description: String {
        switch self {
        case .truncated(let offset): "text ends at byte \(offset) within a value"
        case .unexpected(let byte, let offset):
            "unexpected byte 0x\(String(byte, radix: 16)) at byte \(offset)"
        case .trailing(let offset): "more text after the value at byte \(offset)"
        case .tooDeep(let offset, let limit): "nested deeper than \(limit) at byte \(offset)"
        case .tooLarge(let found, let limit): "text of \(found) bytes, at most \(limit) are taken"
        case .escape(let offset): "unknown escape at byte \(offset)"
        case .notUTF8(let offset): "string at byte \(offset) is not UTF-8"
        case .duplicate(let name, let offset): "second member \"\(name)\" at byte \(offset)"
        }
    }
}
