/// Bytes that have arrived and are not used yet, with a cursor so that nothing is moved in front.
struct Inflow: Sendable {
    /// The bytes; those before the cursor are used.
    private(set) var bytes: [UInt8] = []
    /// The first byte that is not used.
    private(set) var cursor = 0

    /// How many bytes are not used.
    var count: Int { bytes.count - cursor }

    /// Takes bytes in; without a copy when all before are used.
    mutating func feed(_ more: [UInt8]) {
        if cursor == bytes.count {
            bytes = more
            cursor = 0
        } else {
            if cursor > 0 {
                bytes.removeSubrange(0..<cursor)
                cursor = 0
            }
            bytes += more
        }
    }

    /// Marks bytes as used.
    mutating func skip(_ count: Int) {
        cursor += count
        if cursor == bytes.count { clear() }
    }

    /// Takes so many bytes out, which must be there.
    mutating func take(_ count: Int) -> [UInt8] {
        // A frame that came alone is handed on as it is.
        if cursor == 0, count == bytes.count {
            defer { clear() }
            return bytes
        }
        let piece = Array(bytes[cursor..<cursor + count])
        skip(count)
        return piece
    }

    /// Takes all bytes out.
    mutating func takeAll() -> [UInt8] { take(count) }

    private mutating func clear() {
        bytes = []
        cursor = 0
    }
}
