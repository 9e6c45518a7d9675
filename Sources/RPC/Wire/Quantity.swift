public import Encoding
import Identifiers
public import Primitives

/// Why a hexadecimal text is not taken, in the words that other clients use.
enum HexFault: Error, Hashable {
    case notString
    case empty
    case noPrefix
    case noDigits
    case leadingZero
    case tooWide(Int)
    case oddLength
    case badDigit
    case length(found: Int, expected: Int, of: String)

    var text: String {
        switch self {
        case .notString: "non-string"
        case .empty: "empty hex string"
        case .noPrefix: "hex string without 0x prefix"
        case .noDigits: "hex string \"0x\""
        case .leadingZero: "hex number with leading zero digits"
        case .tooWide(let bits): "hex number > \(bits) bits"
        case .oddLength: "hex string of odd length"
        case .badDigit: "invalid hex string"
        case .length(let found, let expected, let kind):
            "hex string has length \(found), want \(expected) for \(kind)"
        }
    }
}

/// Numbers and bytes as JSON-RPC writes them (execution-apis, base types).
enum Quantity {
    /// Reads a number: `0x`, no leading zeros.
    static func number(_ json: JSON, bits: Int = 256) throws(HexFault) -> UInt256 {
        guard let text = json.text else { throw .notString }
        let digits = try digits(text)
        guard let first = digits.first else { throw .noDigits }
        guard first != 0x30 || digits.count == 1 else { throw .leadingZero }
        guard digits.count * 4 <= bits else { throw .tooWide(bits) }
        var value = UInt256.zero
        for digit in digits {
            guard let nibble = Hex.value(digit) else { throw .badDigit }
            value = UInt256(
                value.w0 << 4 | UInt64(nibble), value.w1 << 4 | value.w0 >> 60,
                value.w2 << 4 | value.w1 >> 60, value.w3 << 4 | value.w2 >> 60)
        }
        return value
    }

    /// Reads a number that fits 64 bits.
    static func number64(_ json: JSON) throws(HexFault) -> UInt64 {
        try number(json, bits: 64).w0
    }

    /// Reads bytes: `0x`, two digits each.
    static func bytes(_ json: JSON) throws(HexFault) -> [UInt8] {
        guard let text = json.text else { throw .notString }
        guard !text.isEmpty else { throw .empty }
        return try bytes(digits: try digits(text))
    }

    /// Reads exactly thirty-two bytes.
    static func hash(_ json: JSON) throws(HexFault) -> Hash32 {
        let bytes = try bytes(json)
        guard let hash = Hash32(bytes) else {
            throw .length(found: bytes.count * 2, expected: 64, of: "hash")
        }
        return hash
    }

    /// Reads exactly twenty bytes.
    static func address(_ json: JSON) throws(HexFault) -> Address {
        let bytes = try bytes(json)
        guard let address = Address(bytes) else {
            throw .length(found: bytes.count * 2, expected: 40, of: "address")
        }
        return address
    }

    /// Reads exactly twenty bytes, whose `0x` may be missing.
    static func anyAddress(_ json: JSON) throws(HexFault) -> Address {
        try address(json.prefixed)
    }

    /// Reads bytes, whose `0x` may be missing.
    static func anyBytes(_ json: JSON) throws(HexFault) -> [UInt8] {
        try bytes(json.prefixed)
    }

    /// Writes a number.
    static func text(_ number: UInt64) -> String { "0x" + String(number, radix: 16) }

    /// Writes a number.
    static func text(_ number: UInt256) -> String {
        if let small = number.asUInt64 { return text(small) }
        let digits = Hex.encode(number.minimalBytes, prefix: false)
        return "0x" + digits.drop { $0 == "0" }
    }

    /// The digits after `0x`.
    static func digits(_ text: String) throws(HexFault) -> Substring.UTF8View {
        let view = text.utf8
        guard !view.isEmpty else { throw .empty }
        guard text.hasPrefix("0x") || text.hasPrefix("0X") else { throw .noPrefix }
        return text[text.index(text.startIndex, offsetBy: 2)...].utf8
    }

    /// Reads two digits for each byte.
    static func bytes(digits: some Sequence<UInt8>) throws(HexFault) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            guard let value = Hex.value(digit) else { throw .badDigit }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        guard high == nil else { throw .oddLength }
        return bytes
    }
}

extension JSON {
    /// The text with `0x` before it.
    fileprivate var prefixed: JSON {
        guard let text, !text.isEmpty, !text.hasPrefix("0x"), !text.hasPrefix("0X") else {
            return self
        }
        return .string("0x" + text)
    }

    /// Writes a number as `0x` and hexadecimal digits.
    public static func quantity(_ number: UInt64) -> JSON { .string(Quantity.text(number)) }
    /// Writes a number as `0x` and hexadecimal digits.
    public static func quantity(_ number: Int) -> JSON { .string(Quantity.text(UInt64(number))) }
    /// Writes a number as `0x` and hexadecimal digits.
    public static func quantity(_ number: UInt256) -> JSON { .string(Quantity.text(number)) }
    /// Writes bytes as `0x` and two digits each.
    static func data(_ bytes: [UInt8]) -> JSON { .string(Hex.encode(bytes)) }
    /// Writes a hash as `0x` and sixty-four digits.
    static func data(_ hash: Hash32) -> JSON { .string(Hex.encode(hash.bytes)) }
    /// Writes an address as `0x` and forty digits.
    static func data(_ address: Address) -> JSON { .string(Hex.encode(address.bytes)) }
}
