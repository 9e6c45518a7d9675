/// Bytes in groups of five bits, lower case and without padding (RFC 4648, multibase `b`).
public enum Base32 {
    /// What can be wrong with the text.
    public enum Failure: Error, Hashable {
        /// The character at this offset is not in the alphabet.
        case character(at: Int)
        /// The text has a length that no bytes give.
        case count(Int)
        /// The bits after the last byte are not clear.
        case notCanonical
    }

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    /// Reads bytes from text in either case.
    public static func decode(_ text: some StringProtocol) throws(Failure) -> [UInt8] {
        let digits = Array(text.utf8)
        guard ![1, 3, 6].contains(digits.count % 8) else { throw .count(digits.count) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 5 / 8)
        var bits: UInt32 = 0
        var width = 0
        for (index, digit) in digits.enumerated() {
            guard let value = value(digit) else { throw .character(at: index) }
            bits = bits << 5 | UInt32(value)
            width += 5
            if width >= 8 {
                width -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(width)))
                bits &= 1 << UInt32(width) - 1
            }
        }
        guard bits == 0 else { throw .notCanonical }
        return bytes
    }

    /// Writes bytes as text.
    public static func encode(_ bytes: [UInt8]) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity((bytes.count * 8 + 4) / 5)
        var bits: UInt32 = 0
        var width = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            width += 8
            while width >= 5 {
                width -= 5
                digits.append(alphabet[Int(bits >> UInt32(width)) & 31])
            }
            bits &= 1 << UInt32(width) - 1
        }
        if width > 0 { digits.append(alphabet[Int(bits << UInt32(5 - width)) & 31]) }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x61...0x7a: character - 0x61
        case 0x41...0x5a: character - 0x41
        case 0x32...0x37: character - 0x32 + 26
        default: nil
        }
    }
}
