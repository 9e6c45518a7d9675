/// Unsigned numbers in groups of seven bits, the least first (multiformats unsigned-varint).
public enum Varint {
    /// What can be wrong with the bytes.
    public enum Failure: Error, Hashable {
        /// The bytes end before the number does.
        case truncated(at: Int)
        /// The number has more bytes than allowed, or more than 64 bits.
        case tooLong(at: Int)
        /// The number is written in more bytes than it needs.
        case notCanonical(at: Int)
    }

    /// The most bytes of a number in multiformats: 63 bits.
    public static let multiformatLimit = 9

    /// The most bytes of a number in protocol buffers: 64 bits.
    public static let protobufLimit = 10

    /// Reads a number in its shortest form and moves the cursor past it.
    public static func decode(
        _ bytes: [UInt8], at cursor: inout Int, limit: Int = multiformatLimit
    ) throws(Failure) -> UInt64 {
        let start = cursor
        let value = try read(bytes, at: &cursor, end: bytes.count, limit: limit)
        if cursor - start > 1, bytes[cursor - 1] == 0 { throw .notCanonical(at: start) }
        return value
    }

    /// Reads a number in any form before `end` and moves the cursor past it.
    public static func read(
        _ bytes: [UInt8], at cursor: inout Int, end: Int, limit: Int = protobufLimit
    ) throws(Failure) -> UInt64 {
        let start = cursor
        var value: UInt64 = 0
        var shift: UInt64 = 0
        var index = cursor
        while true {
            guard index - start < limit else { throw .tooLong(at: start) }
            guard index < end else { throw .truncated(at: index) }
            let byte = bytes[index]
            index += 1
            guard shift < 63 || byte <= 1 else { throw .tooLong(at: start) }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { break }
            shift += 7
        }
        cursor = index
        return value
    }

    /// Writes a number in its shortest form.
    public static func append(_ value: UInt64, to output: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(truncatingIfNeeded: rest))
    }

    /// The shortest form of a number.
    public static func encode(_ value: UInt64) -> [UInt8] {
        var output: [UInt8] = []
        append(value, to: &output)
        return output
    }

    /// How many bytes the shortest form has.
    public static func size(_ value: UInt64) -> Int {
        value == 0 ? 1 : (64 - value.leadingZeroBitCount + 6) / 7
    }
}
