import Primitives

/// A natural number of any size, computed as on paper: slow, and easy to believe.
struct ReferenceNumber: Hashable {
    /// The digits to base 256, least significant first, without zeros at the end.
    private(set) var digits: [UInt8]

    init(_ digits: [UInt8]) {
        self.digits = digits
        while self.digits.last == 0 { self.digits.removeLast() }
    }

    init(_ number: UInt256) { self.init(number.bytes.reversed()) }

    init(high: UInt256, low: UInt256) {
        self.init(low.bytes.reversed() + high.bytes.reversed())
    }

    static func + (left: ReferenceNumber, right: ReferenceNumber) -> ReferenceNumber {
        var sum: [UInt8] = []
        var carry = 0
        for index in 0...max(left.digits.count, right.digits.count) {
            carry += left[index] + right[index]
            sum.append(UInt8(carry & 255))
            carry >>= 8
        }
        return ReferenceNumber(sum)
    }

    static func * (left: ReferenceNumber, right: ReferenceNumber) -> ReferenceNumber {
        var product = ReferenceNumber([])
        for (place, digit) in left.digits.enumerated() {
            var row = [UInt8](repeating: 0, count: place)
            var carry = 0
            for other in right.digits {
                carry += Int(digit) * Int(other)
                row.append(UInt8(carry & 255))
                carry >>= 8
            }
            row.append(UInt8(carry))
            product = product + ReferenceNumber(row)
        }
        return product
    }

    /// The rest modulo 2²⁵⁶.
    var low: UInt256 {
        UInt256(bigEndian: Array(digits.prefix(32).reversed())) ?? .zero
    }

    /// Two to the power of a number.
    static func power(ofTwo exponent: Int) -> ReferenceNumber {
        ReferenceNumber([UInt8](repeating: 0, count: exponent / 8) + [1 << UInt8(exponent % 8)])
    }

    private subscript(index: Int) -> Int { index < digits.count ? Int(digits[index]) : 0 }
}
