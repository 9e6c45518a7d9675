extension UInt256: CustomStringConvertible, LosslessStringConvertible {
    /// The number in decimal.
    public var description: String {
        guard w1 | w2 | w3 != 0 else { return String(w0) }
        // Nineteen decimal digits fit a limb.
        let unit = UInt256(10_000_000_000_000_000_000)
        let (upper, lower) = quotientAndRemainder(dividingBy: unit)
        let digits = String(lower.w0)
        return upper.description + String(repeating: "0", count: 19 - digits.count) + digits
    }

    /// The number in lower-case hexadecimal, with `0x` and without leading zeros.
    public var hexadecimal: String {
        if w3 != 0 { return "0x" + String(w3, radix: 16) + UInt256.padded(w2, w1, w0) }
        if w2 != 0 { return "0x" + String(w2, radix: 16) + UInt256.padded(w1, w0) }
        if w1 != 0 { return "0x" + String(w1, radix: 16) + UInt256.padded(w0) }
        return "0x" + String(w0, radix: 16)
    }

    /// Reads decimal digits, or hexadecimal ones after `0x`; `nil` for anything else or too great.
    public init?(_ text: String) {
        let digits = text.utf8
        if text.hasPrefix("0x") || text.hasPrefix("0X") {
            self.init(hexadecimal: digits.dropFirst(2))
            return
        }
        guard !digits.isEmpty else { return nil }
        self = .zero
        for digit in digits {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            let (product, wrapped) = multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt256(UInt64(digit - 0x30)))
            if wrapped || carry { return nil }
            self = sum
        }
    }

    /// Reads hexadecimal digits of which at least one is there; leading zeros may be many.
    private init?(hexadecimal digits: Substring.UTF8View) {
        guard !digits.isEmpty else { return nil }
        self = .zero
        for digit in digits {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x61...0x66: value = digit - 0x61 + 10
            case 0x41...0x46: value = digit - 0x41 + 10
            default: return nil
            }
            if w3 >> 60 != 0 { return nil }
            self = self << 4 | UInt256(UInt64(value))
        }
    }

    private static func padded(_ limbs: UInt64...) -> String {
        limbs.reduce(into: "") { text, limb in
            let digits = String(limb, radix: 16)
            text += String(repeating: "0", count: 16 - digits.count) + digits
        }
    }
}
