import Primitives
import Testing

/// The arithmetic of words against arithmetic on paper.
@Suite struct UInt256Tests {
    /// Numbers that find mistakes: sparse, dense, near limbs' ends.
    private static func samples(_ seed: UInt64, _ count: Int) -> [UInt256] {
        var random = Random(seed: seed)
        func limb() -> UInt64 {
            switch random.next() % 6 {
            case 0: 0
            case 1: .max
            case 2: 1
            case 3: 1 << (random.next() % 64)
            case 4: .max << (random.next() % 64)
            default: random.next()
            }
        }
        return (0..<count).map { _ in UInt256(limb(), limb(), limb(), limb()) }
    }

    private static func pairs(_ seed: UInt64) -> [(UInt256, UInt256)] {
        Array(zip(samples(seed, 60), samples(seed &+ 1_000, 60)))
    }

    @Test("sums and products are those on paper, whole and modulo 2²⁵⁶", arguments: 1...20)
    func products(seed: UInt64) {
        for (a, b) in Self.pairs(seed) {
            let (x, y) = (ReferenceNumber(a), ReferenceNumber(b))
            #expect(a &+ b == (x + y).low, "seed \(seed)")
            #expect((a &+ b) &- b == a, "seed \(seed)")
            let (high, low) = a.multipliedFullWidth(by: b)
            #expect(ReferenceNumber(high: high, low: low) == x * y, "seed \(seed): \(a) * \(b)")
            #expect(a &* b == low, "seed \(seed): \(a) * \(b)")
            #expect(a.multipliedReportingOverflow(by: b).overflow == !high.isZero)
        }
    }

    @Test("quotient times divisor plus rest is the dividend", arguments: 1...20)
    func quotients(seed: UInt64) {
        for (a, b) in Self.pairs(seed) where !b.isZero {
            let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
            #expect(rest < b)
            let back = ReferenceNumber(quotient) * ReferenceNumber(b) + ReferenceNumber(rest)
            #expect(back == ReferenceNumber(a), "seed \(seed): \(a) / \(b)")
        }
    }

    @Test("512 bits are divided by any number of limbs", arguments: 1...20)
    func wideQuotients(seed: UInt64) {
        let divisors = Self.samples(seed &+ 2_000, 60)
        for ((high, low), sample) in zip(Self.pairs(seed), divisors) {
            let divisor = sample >> Int(low.w0 % 256)
            guard !divisor.isZero else { continue }
            let (q1, q0, rest) = UInt256.divide(high: high, low: low, by: divisor)
            #expect(rest < divisor)
            let back =
                ReferenceNumber(high: q1, low: q0) * ReferenceNumber(divisor)
                + ReferenceNumber(rest)
            let dividend = ReferenceNumber(high: high, low: low)
            #expect(back == dividend, "seed \(seed): \(high), \(low) / \(divisor)")
        }
    }

    @Test("sums and products modulo a number lose no bit", arguments: 1...20)
    func modular(seed: UInt64) {
        let moduli = Self.samples(seed &+ 3_000, 60)
        for ((a, b), modulus) in zip(Self.pairs(seed), moduli) where !modulus.isZero {
            let (sum, carry) = a.addingReportingOverflow(b)
            let expected = UInt256.divide(high: carry ? .one : .zero, low: sum, by: modulus)
            #expect(a.adding(b, modulo: modulus) == expected.remainder)
            let (high, low) = a.multipliedFullWidth(by: b)
            let product = UInt256.divide(high: high, low: low, by: modulus).remainder
            #expect(a.multiplied(by: b, modulo: modulus) == product)
        }
        #expect(UInt256.one.adding(.one, modulo: .zero) == .zero)
        #expect(UInt256.one.multiplied(by: .one, modulo: .zero) == .zero)
    }

    @Test("a shift is a product or quotient with a power of two", arguments: 1...4)
    func shifts(seed: UInt64) {
        for a in Self.samples(seed, 10) {
            for count in 0..<256 {
                let power = ReferenceNumber.power(ofTwo: count)
                #expect(a << count == (ReferenceNumber(a) * power).low)
                #expect(a >> count == a / power.low)
                let filled = a.isNegative ? ~(~a >> count) : a >> count
                #expect(a.shiftedRightArithmetically(by: count) == filled)
            }
            #expect(a << 256 == .zero)
            #expect(a >> 256 == .zero)
            #expect(a.shiftedRightArithmetically(by: 300) == (a.isNegative ? .max : .zero))
        }
    }

    @Test("powers are repeated products")
    func powers() {
        for base in Self.samples(7, 20) {
            var product = UInt256.one
            for exponent in 0..<70 {
                #expect(base.power(UInt256(exponent)) == product)
                product = product &* base
            }
            // x^(2k) = (x^k)².
            let half = base.power(UInt256(0, 0, 5, 1))
            #expect(base.power(UInt256(0, 0, 10, 2)) == half &* half)
        }
        for (base, exponent) in (1...20).flatMap(Self.pairs) where exponent != .max {
            #expect(base.power(exponent &+ .one) == base.power(exponent) &* base)
            // An odd number's powers come again after 2²⁵⁴ of them.
            let odd = base | .one
            #expect(odd.power(exponent) == odd.power(exponent & (.max >> 2)))
        }
    }

    @Test("signed division cuts toward zero, and the rest has the dividend's sign")
    func signed() {
        let numbers = [-7, -3, -2, -1, 0, 1, 2, 3, 7]
        func word(_ value: Int) -> UInt256 {
            value < 0 ? -UInt256(-value) : UInt256(value)
        }
        for a in numbers {
            for b in numbers {
                let quotient = b == 0 ? 0 : a / b
                let rest = b == 0 ? 0 : a % b
                #expect(word(a).dividedSigned(by: word(b)) == word(quotient))
                #expect(word(a).remainderSigned(by: word(b)) == word(rest))
                #expect(word(a).isLessSigned(than: word(b)) == (a < b))
            }
        }
        let least = UInt256.one << 255
        #expect(least.dividedSigned(by: .max) == least)
    }

    @Test("bytes, signs and bits are found at their places")
    func places() {
        for a in Self.samples(11, 50) {
            for index in 0..<32 {
                #expect(a.byte(at: index) == a.bytes[index])
                let extended = a.signExtended(fromByte: index)
                let isSet = a.bytes[31 - index] >= 0x80
                let kept = a.bytes.suffix(index + 1)
                let expected = [UInt8](repeating: isSet ? 0xff : 0, count: 31 - index) + kept
                #expect(extended.bytes == expected)
            }
            #expect(a.byte(at: 32) == 0)
            #expect(a.signExtended(fromByte: 32) == a)
            #expect(a.leadingZeroBitCount + a.bitWidth == 256)
            if !a.isZero { #expect(a >> (a.bitWidth - 1) == .one) }
            #expect(UInt256(bigEndian: a.minimalBytes) == a)
        }
    }

    @Test("text is read back as written, decimal and hexadecimal")
    func text() {
        for a in Self.samples(13, 100) + [.zero, .one, .max] {
            #expect(UInt256(a.description) == a)
            #expect(UInt256(a.hexadecimal) == a)
        }
        #expect(
            UInt256.max.description
                == "115792089237316195423570985008687907853269984665640564039457584007913129639935")
        #expect(UInt256.max.hexadecimal == "0x" + String(repeating: "f", count: 64))
    }

    @Test(
        "what is no number, or too great a one, is refused",
        arguments: [
            "", "0x", "-1", "1 ", "0xg", "1e3", "0x1" + String(repeating: "0", count: 64),
            "115792089237316195423570985008687907853269984665640564039457584007913129639936",
        ])
    func refused(text: String) {
        #expect(UInt256(text) == nil)
    }
}
