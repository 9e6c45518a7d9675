public import Primitives

/// Ethereum's recursive length prefix encoding (Yellow Paper, appendix B), canonical form only.
public enum RLP {
    /// A value: a string of bytes, or a list of values.
    public indirect enum Value: Hashable, Sendable {
        /// Bytes.
        case bytes([UInt8])
        /// A list.
        case list([Value])
    }

    /// What can be wrong with the bytes.
    public enum Failure: Error, Hashable {
        /// The bytes end before the value does.
        case truncated(at: Int, needed: Int)
        /// A length or byte is written in more bytes than it needs.
        case notCanonical(at: Int)
        /// There are bytes after the value.
        case trailing(at: Int)
        /// Lists are nested deeper than allowed.
        case tooDeep(at: Int)
        /// A value is not of the kind or size that its place asks for.
        case unexpected(String)
    }

    /// How deep lists may be nested: deeper than any of Ethereum's objects, and safe on any stack.
    public static let depthLimit = 64

    /// Reads one value that takes up all of the bytes.
    public static func decode(_ bytes: [UInt8]) throws(Failure) -> Value {
        var cursor = 0
        let value = try read(bytes, &cursor, end: bytes.count, depth: 0)
        guard cursor == bytes.count else { throw .trailing(at: cursor) }
        return value
    }

    /// Reads the first value and tells where it ends.
    public static func decodePrefix(
        _ bytes: [UInt8], from start: Int = 0
    ) throws(Failure) -> (value: Value, end: Int) {
        var cursor = start
        let value = try read(bytes, &cursor, end: bytes.count, depth: 0)
        return (value, cursor)
    }

    /// Writes a value.
    public static func encode(_ value: Value) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(size(value))
        write(value, into: &output)
        return output
    }

    /// Writes a list of values that are encoded already.
    public static func encodeList(encoded elements: [[UInt8]]) -> [UInt8] {
        let count = elements.reduce(0) { $0 + $1.count }
        var output: [UInt8] = []
        output.reserveCapacity(count + 9)
        header(count, short: 0xc0, into: &output)
        for element in elements { output += element }
        return output
    }

    /// Writes bytes as a value.
    public static func encode(bytes: [UInt8]) -> [UInt8] { encode(.bytes(bytes)) }

    private static func read(
        _ bytes: [UInt8], _ cursor: inout Int, end: Int, depth: Int
    ) throws(Failure) -> Value {
        guard depth <= depthLimit else { throw .tooDeep(at: cursor) }
        guard cursor < end else { throw .truncated(at: cursor, needed: 1) }
        let first = bytes[cursor]
        let start = cursor
        switch first {
        case 0..<0x80:
            cursor += 1
            return .bytes([first])
        case 0x80..<0xc0:
            let count = try length(bytes, &cursor, end: end, short: 0x80)
            if count == 1, bytes[cursor] < 0x80 { throw .notCanonical(at: start) }
            defer { cursor += count }
            return .bytes(Array(bytes[cursor..<cursor + count]))
        default:
            let count = try length(bytes, &cursor, end: end, short: 0xc0)
            let limit = cursor + count
            var elements: [Value] = []
            while cursor < limit {
                elements.append(try read(bytes, &cursor, end: limit, depth: depth + 1))
            }
            return .list(elements)
        }
    }

    static func length(
        _ bytes: [UInt8], _ cursor: inout Int, end: Int, short: UInt8
    ) throws(Failure) -> Int {
        let start = cursor
        let code = Int(bytes[cursor] - short)
        cursor += 1
        guard code > 55 else {
            guard end - cursor >= code else { throw .truncated(at: cursor, needed: code) }
            return code
        }
        let width = code - 55
        guard end - cursor >= width else { throw .truncated(at: cursor, needed: width) }
        guard bytes[cursor] != 0 else { throw .notCanonical(at: start) }
        // More than seven bytes of length cannot be there: no input is that long.
        guard width < 8 else { throw .truncated(at: cursor, needed: .max) }
        var count = 0
        for index in cursor..<cursor + width { count = count << 8 | Int(bytes[index]) }
        cursor += width
        guard count > 55 else { throw .notCanonical(at: start) }
        guard end - cursor >= count else { throw .truncated(at: cursor, needed: count) }
        return count
    }

    private static func size(_ value: Value) -> Int {
        switch value {
        case .bytes(let bytes): bytes.count + 9
        case .list(let elements): elements.reduce(9) { $0 + size($1) }
        }
    }

    private static func write(_ value: Value, into output: inout [UInt8]) {
        switch value {
        case .bytes(let bytes):
            if bytes.count == 1, bytes[0] < 0x80 {
                output.append(bytes[0])
            } else {
                header(bytes.count, short: 0x80, into: &output)
                output += bytes
            }
        case .list(let elements):
            var body: [UInt8] = []
            for element in elements { write(element, into: &body) }
            header(body.count, short: 0xc0, into: &output)
            output += body
        }
    }

    static func header(_ count: Int, short: UInt8, into output: inout [UInt8]) {
        if count <= 55 {
            output.append(short + UInt8(count))
        } else {
            let width = (Int.bitWidth - count.leadingZeroBitCount + 7) / 8
            output.append(short + 55 + UInt8(width))
            append(UInt64(count), width: width, to: &output)
        }
    }
}

extension RLP.Value {
    /// Writes a number without leading zeros.
    public static func number(_ value: UInt256) -> RLP.Value { .bytes(value.minimalBytes) }

    /// Writes a number without leading zeros.
    public static func number(_ value: UInt64) -> RLP.Value { .number(UInt256(value)) }

    /// Writes a hash as thirty-two bytes.
    public static func hash(_ value: Hash32) -> RLP.Value { .bytes(value.bytes) }

    /// The elements of a list, which must be so many where a count is given.
    public func list(_ what: String, count: Int? = nil) throws(RLP.Failure) -> [RLP.Value] {
        guard case .list(let elements) = self, count == nil || count == elements.count else {
            throw .unexpected(what)
        }
        return elements
    }

    /// The bytes of a string, which must be so many where a count is given.
    public func bytes(_ what: String, count: Int? = nil) throws(RLP.Failure) -> [UInt8] {
        guard case .bytes(let bytes) = self, count == nil || count == bytes.count else {
            throw .unexpected(what)
        }
        return bytes
    }

    /// The number in a string without leading zeros.
    public func number(_ what: String) throws(RLP.Failure) -> UInt256 {
        guard case .bytes(let bytes) = self, bytes.first != 0,
            let value = UInt256(bigEndian: bytes)
        else { throw .unexpected(what) }
        return value
    }

    /// The number in a string without leading zeros, which must fit 64 bits.
    public func number64(_ what: String) throws(RLP.Failure) -> UInt64 {
        guard let value = try number(what).asUInt64 else { throw .unexpected(what) }
        return value
    }

    /// The hash in a string of thirty-two bytes.
    public func hash(_ what: String) throws(RLP.Failure) -> Hash32 {
        guard case .bytes(let bytes) = self, let hash = Hash32(bytes) else {
            throw .unexpected(what)
        }
        return hash
    }
}
