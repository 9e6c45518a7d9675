import Encoding
import Primitives

/// The cases of an RLP test: a value and its bytes, or bytes that are no value.
enum RLPFixture {
    static func run(_ test: JSON.Member) -> CaseResult {
        CaseResult(name: test.name) {
            let bytes = try (test.value["out"]).bytes("out")
            let value = test.value["in"]
            let decoded = try? RLP.decode(bytes)
            if value == "INVALID" { return decoded == nil ? nil : "taken, expected refusal" }
            guard let decoded else { return "refused" }
            guard RLP.encode(decoded) == bytes else { return "comes back as other bytes" }
            if value == "VALID" { return nil }
            let expected = try RLPFixture.value(value)
            return decoded == expected ? nil : "reads as \(decoded), expected \(expected)"
        }
    }

    private static func value(_ json: JSON?) throws(FixtureError) -> RLP.Value {
        switch json {
        case .array(let elements):
            var values: [RLP.Value] = []
            for element in elements { values.append(try value(element)) }
            return .list(values)
        case .string(let text) where text.hasPrefix("#"):
            return .bytes(try bigEndian(text.dropFirst()))
        case .string(let text): return .bytes(Array(text.utf8))
        case .number(let digits): return .bytes(try bigEndian(digits[...]))
        default: throw FixtureError("no value of RLP")
        }
    }

    /// The bytes of a decimal number of any size.
    private static func bigEndian(_ digits: Substring) throws(FixtureError) -> [UInt8] {
        guard digits.utf8.count <= 4096 else { throw FixtureError("too long a number") }
        var bytes: [UInt8] = []
        for digit in digits {
            guard var carry = digit.wholeNumberValue else {
                throw FixtureError("no digit \(digit)")
            }
            for index in bytes.indices.reversed() {
                carry += Int(bytes[index]) * 10
                bytes[index] = UInt8(carry & 255)
                carry >>= 8
            }
            if carry > 0 { bytes.insert(UInt8(carry), at: 0) }
        }
        return bytes
    }
}
