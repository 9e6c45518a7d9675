/// Protocol buffers on the wire, field by field, without a schema (proto2 and proto3).
public enum Protobuf {
    /// What can be wrong with the bytes.
    public enum Failure: Error, Hashable {
        /// The bytes end before the field does.
        case truncated(at: Int)
        /// A number is longer than its kind allows.
        case number(at: Int)
        /// A field has the number 0, a number beyond 2²⁹, or a kind that is no longer used.
        case tag(at: Int)
        /// A field is not of the kind that its place asks for.
        case kind(field: UInt32)
        /// A field is missing.
        case missing(field: UInt32)
        /// A field's bytes are no UTF-8.
        case text(field: UInt32)
        /// There are more fields than allowed.
        case tooMany(field: UInt32)
    }

    /// What a field holds; bytes are given by their place, and not copied.
    public enum Value: Hashable, Sendable {
        /// A number.
        case varint(UInt64)
        /// Eight bytes, little-endian.
        case fixed64(UInt64)
        /// Four bytes, little-endian.
        case fixed32(UInt32)
        /// Bytes, text or a message.
        case bytes(Range<Int>)
    }

    /// One field.
    public struct Field: Hashable, Sendable {
        /// Its number.
        public let number: UInt32
        /// What it holds.
        public let value: Value

        /// The place of its bytes.
        public func range() throws(Failure) -> Range<Int> {
            guard case .bytes(let range) = value else { throw .kind(field: number) }
            return range
        }

        /// Its number.
        public func integer() throws(Failure) -> UInt64 {
            guard case .varint(let integer) = value else { throw .kind(field: number) }
            return integer
        }
    }

    /// Walks over the fields of a message.
    public struct Reader: Sendable {
        /// The bytes that hold the message.
        public let bytes: [UInt8]
        private var cursor: Int
        private let end: Int

        /// Creates a reader of a message that takes up all of the bytes.
        public init(_ bytes: [UInt8]) {
            self.bytes = bytes
            cursor = 0
            end = bytes.count
        }

        /// Creates a reader of a message at a place that a field gave.
        public init(_ bytes: [UInt8], _ range: Range<Int>) {
            self.bytes = bytes
            cursor = range.lowerBound
            end = min(range.upperBound, bytes.count)
        }

        /// Returns the next field; `nil` after the last.
        public mutating func next() throws(Failure) -> Field? {
            guard cursor < end else { return nil }
            let start = cursor
            let tag = try varint()
            guard tag >> 3 != 0, tag >> 3 < 1 << 29 else { throw .tag(at: start) }
            return Field(
                number: UInt32(truncatingIfNeeded: tag >> 3), value: try value(tag & 7, at: start))
        }

        /// A copy of a field's bytes.
        public func copy(_ field: Field) throws(Failure) -> [UInt8] {
            Array(bytes[try field.range()])
        }

        /// A field's bytes as text.
        public func text(_ field: Field) throws(Failure) -> String {
            guard let text = String(validating: bytes[try field.range()], as: UTF8.self) else {
                throw .text(field: field.number)
            }
            return text
        }

        private mutating func value(_ kind: UInt64, at start: Int) throws(Failure) -> Value {
            switch kind {
            case 0: return .varint(try varint())
            case 1: return .fixed64(try fixed(8))
            case 2:
                let count = try varint()
                guard count <= UInt64(end - cursor) else { throw .truncated(at: cursor) }
                defer { cursor += Int(count) }
                return .bytes(cursor..<cursor + Int(count))
            case 5: return .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
            default: throw .tag(at: start)
            }
        }

        private mutating func varint() throws(Failure) -> UInt64 {
            do {
                return try Varint.read(bytes, at: &cursor, end: end)
            } catch {
                switch error {
                case .truncated(let place): throw .truncated(at: place)
                case .tooLong(let place), .notCanonical(let place): throw .number(at: place)
                }
            }
        }

        private mutating func fixed(_ count: Int) throws(Failure) -> UInt64 {
            guard end - cursor >= count else { throw .truncated(at: cursor) }
            var word: UInt64 = 0
            for index in (0..<count).reversed() { word = word << 8 | UInt64(bytes[cursor + index]) }
            cursor += count
            return word
        }
    }

    /// Writes the fields of a message in the order they are given.
    public struct Writer: Sendable {
        /// What is written so far.
        public private(set) var bytes: [UInt8] = []

        /// Creates a writer with room for so many bytes.
        public init(capacity: Int = 0) {
            bytes.reserveCapacity(capacity)
        }

        /// Writes a number.
        public mutating func append(_ number: UInt32, _ value: UInt64) {
            Varint.append(UInt64(number) << 3, to: &bytes)
            Varint.append(value, to: &bytes)
        }

        /// Writes bytes, or a message that is encoded already.
        public mutating func append(_ number: UInt32, _ value: [UInt8]) {
            Varint.append(UInt64(number) << 3 | 2, to: &bytes)
            Varint.append(UInt64(value.count), to: &bytes)
            bytes += value
        }

        /// Writes text.
        public mutating func append(_ number: UInt32, _ value: String) {
            append(number, Array(value.utf8))
        }
    }
}
