/// Hexadecimal text, as Ethereum writes it.
public enum Hex {
    /// What can be wrong with hexadecimal text.
    public enum Failure: Error, Hashable {
        /// The text has an odd number of digits.
        case oddCount(Int)
        /// The character at this offset is no hexadecimal digit.
        case digit(at: Int)
        /// The text has another number of bytes than it must have.
        case count(found: Int, expected: Int)
    }

    /// Reads bytes from text; a leading `0x` may be there or not.
    public static func decode(_ text: some StringProtocol) throws(Failure) -> [UInt8] {
        let digits = Array(text.utf8)
        let start = digits.starts(with: [0x30, 0x78]) || digits.starts(with: [0x30, 0x58]) ? 2 : 0
        guard (digits.count - start).isMultiple(of: 2) else {
            throw .oddCount(digits.count - start)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity((digits.count - start) / 2)
        var index = start
        while index < digits.count {
            guard let high = value(digits[index]) else { throw .digit(at: index) }
            guard let low = value(digits[index + 1]) else { throw .digit(at: index + 1) }
            bytes.append(high << 4 | low)
            index += 2
        }
        return bytes
    }

    /// Writes bytes as lower-case text, with `0x` unless told otherwise.
    public static func encode(_ bytes: [UInt8], prefix: Bool = true) -> String {
        unsafe String(unsafeUninitializedCapacity: bytes.count * 2 + 2) { buffer in
            var offset = 0
            if prefix {
                unsafe buffer[0] = 0x30
                unsafe buffer[1] = 0x78
                offset = 2
            }
            for byte in bytes {
                unsafe buffer[offset] = digit(byte >> 4)
                unsafe buffer[offset + 1] = digit(byte & 15)
                offset += 2
            }
            return offset
        }
    }

    /// The value of a digit's character; `nil` if it is none.
    @inlinable
    public static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x61...0x66: character - 0x61 + 10
        case 0x41...0x46: character - 0x41 + 10
        default: nil
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x61 + value - 10
    }
}
