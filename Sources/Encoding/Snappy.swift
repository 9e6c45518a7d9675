/// Snappy's compression, to be read only: archives of the main chain's blocks are packed with it.
public enum Snappy {
    /// What can be wrong with the bytes.
    public enum Failure: Error, Hashable, Sendable {
        /// The bytes end before what they promise.
        case truncated(at: Int)
        /// They would become more bytes than allowed.
        case tooLong(limit: Int)
        /// They become another count of bytes than they say.
        case length(found: Int, expected: Int)
        /// A copy begins before the first byte, or where it stands.
        case offset(at: Int)
        /// A chunk of the framing format is not allowed here.
        case chunk(UInt8, at: Int)
        /// The bytes of a chunk are not those that were packed.
        case checksum(at: Int)
    }

    /// Reads one block of the format (google/snappy, format_description.txt).
    public static func decode(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        var cursor = 0
        let count: UInt64
        do {
            count = try Varint.read(bytes, at: &cursor, end: bytes.count, limit: 5)
        } catch {
            throw .truncated(at: cursor)
        }
        guard count <= limit else { throw .tooLong(limit: limit) }
        var output: [UInt8] = []
        output.reserveCapacity(Int(count))
        while cursor < bytes.count {
            try readElement(bytes, &cursor, into: &output, end: Int(count))
        }
        guard output.count == count else {
            throw .length(found: output.count, expected: Int(count))
        }
        return output
    }

    /// Reads a literal or a copy; its kind is in the tag's lowest two bits.
    private static func readElement(
        _ bytes: [UInt8], _ cursor: inout Int, into output: inout [UInt8], end: Int
    ) throws(Failure) {
        let tag = Int(bytes[cursor])
        let start = cursor
        cursor += 1
        var count = (tag >> 2) + 1
        var offset = 0
        switch tag & 3 {
        case 0:
            if count > 60 { count = try number(bytes, &cursor, width: count - 60) + 1 }
            guard count <= end - output.count else { throw .tooLong(limit: end) }
            guard count <= bytes.count - cursor else { throw .truncated(at: bytes.count) }
            output += bytes[cursor..<(cursor + count)]
            cursor += count
            return
        case 1:
            count = (tag >> 2) & 7 + 4
            offset = (tag >> 5) << 8 | (try number(bytes, &cursor, width: 1))
        default: offset = try number(bytes, &cursor, width: tag & 3 == 2 ? 2 : 4)
        }
        guard offset > 0, offset <= output.count else { throw .offset(at: start) }
        guard count <= end - output.count else { throw .tooLong(limit: end) }
        // A copy may reach into what it writes itself.
        for _ in 0..<count { output.append(output[output.count - offset]) }
    }

    /// A number of some bytes, the least first.
    private static func number(
        _ bytes: [UInt8], _ cursor: inout Int, width: Int
    ) throws(Failure) -> Int {
        guard width <= bytes.count - cursor else { throw .truncated(at: bytes.count) }
        var number = 0
        for index in 0..<width { number |= Int(bytes[cursor + index]) << (8 * index) }
        cursor += width
        return number
    }

    /// Reads a stream of chunks (google/snappy, framing_format.txt).
    public static func decodeFrames(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        var output: [UInt8] = []
        var cursor = 0
        while cursor < bytes.count {
            let start = cursor
            let kind = bytes[cursor]
            cursor += 1
            let count = try number(bytes, &cursor, width: 3)
            guard count <= bytes.count - cursor else { throw .truncated(at: bytes.count) }
            let chunk = Array(bytes[cursor..<(cursor + count)])
            cursor += count
            switch kind {
            case 0xff where chunk == identifier: continue
            case 0x80...0xfe where start > 0: continue
            case 0, 1:
                guard start > 0 else { throw .chunk(kind, at: start) }
                let room = min(chunkLimit, limit - output.count)
                output += try payload(chunk, isPacked: kind == 0, at: start, limit: room)
            default: throw .chunk(kind, at: start)
            }
        }
        guard !bytes.isEmpty else { throw .truncated(at: 0) }
        return output
    }

    /// The name that a stream begins with.
    private static let identifier = Array("sNaPpY".utf8)

    /// The most bytes of one chunk, unpacked.
    private static let chunkLimit = 65_536

    private static func payload(
        _ chunk: [UInt8], isPacked: Bool, at start: Int, limit: Int
    ) throws(Failure) -> [UInt8] {
        var cursor = 0
        let expected = try number(chunk, &cursor, width: 4)
        let rest = Array(chunk[cursor...])
        guard isPacked || rest.count <= limit else { throw .tooLong(limit: limit) }
        let output = isPacked ? try decode(rest, limit: limit) : rest
        let sum = CRC32C.checksum(output)
        // A sum of bytes that hold sums would be weak, so it is turned and moved.
        let masked = (sum >> 15 | sum << 17) &+ 0xa282_ead8
        guard masked == expected else { throw .checksum(at: start) }
        return output
    }
}
