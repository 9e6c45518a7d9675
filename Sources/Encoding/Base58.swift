/// Bytes as one great number in base 58 with Bitcoin's alphabet (multibase `z`).
public enum Base58 {
    /// What can be wrong with the text.
    public enum Failure: Error, Hashable {
        /// The character at this offset is not in the alphabet.
        case character(at: Int)
        /// The text is longer than allowed; its cost grows with the square of its length.
        case tooLong(found: Int, limit: Int)
    }

    /// The longest text that is read.
    public static let textLimit = 512

    private static let alphabet = Array(
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xff, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    /// Reads bytes from text.
    public static func decode(_ text: some StringProtocol) throws(Failure) -> [UInt8] {
        let digits = Array(text.utf8)
        guard digits.count <= textLimit else {
            throw .tooLong(found: digits.count, limit: textLimit)
        }
        let zeros = digits.prefix { $0 == alphabet[0] }.count
        // The number, its least byte first.
        var number: [UInt8] = []
        for index in zeros..<digits.count {
            var carry = Int(values[Int(digits[index])])
            guard carry < 58 else { throw .character(at: index) }
            for place in number.indices {
                carry += Int(number[place]) * 58
                number[place] = UInt8(truncatingIfNeeded: carry)
                carry >>= 8
            }
            if carry > 0 { number.append(UInt8(carry)) }
        }
        return [UInt8](repeating: 0, count: zeros) + number.reversed()
    }

    /// Writes bytes as text; the cost grows with the square of their count.
    public static func encode(_ bytes: [UInt8]) -> String {
        let zeros = bytes.prefix { $0 == 0 }.count
        // The number, its least digit first.
        var digits: [UInt8] = []
        for byte in bytes.dropFirst(zeros) {
            var carry = Int(byte)
            for place in digits.indices {
                carry += Int(digits[place]) << 8
                digits[place] = UInt8(carry % 58)
                carry /= 58
            }
            while carry > 0 {
                digits.append(UInt8(carry % 58))
                carry /= 58
            }
        }
        let text = [UInt8](repeating: alphabet[0], count: zeros)
        return String(
            decoding: text + digits.reversed().map { alphabet[Int($0)] }, as: UTF8.self)
    }
}
