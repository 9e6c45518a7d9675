// Division by multiplication with a reciprocal: N. Möller and T. Granlund, "Improved division by
// invariant integers" (2011). One hardware division per call instead of one per limb.

extension UInt256 {
    /// Returns how often the divisor goes in, and the rest; traps on zero.
    @inlinable
    public func quotientAndRemainder(
        dividingBy divisor: UInt256
    ) -> (quotient: UInt256, remainder: UInt256) {
        if w1 | w2 | w3 | divisor.w1 | divisor.w2 | divisor.w3 == 0 {
            return (UInt256(w0 / divisor.w0), UInt256(w0 % divisor.w0))
        }
        if self < divisor { return (.zero, self) }
        let mask = divisor &- .one
        if (divisor & mask).isZero {
            precondition(!divisor.isZero, "division by zero")
            // A power of two, which compilers divide by to shift.
            return (self >> (divisor.bitWidth - 1), self & mask)
        }
        return UInt256.divide(self, by: divisor)
    }

    /// Returns how often the divisor goes in; traps on zero.
    @inlinable
    public static func / (left: UInt256, right: UInt256) -> UInt256 {
        left.quotientAndRemainder(dividingBy: right).quotient
    }

    /// Returns the rest of the division; traps on zero.
    @inlinable
    public static func % (left: UInt256, right: UInt256) -> UInt256 {
        left.quotientAndRemainder(dividingBy: right).remainder
    }

    /// Returns the two's complement.
    @inlinable
    public static prefix func - (value: UInt256) -> UInt256 { .zero &- value }

    /// The number without its sign, read as two's complement.
    @inlinable
    public var magnitude: UInt256 { isNegative ? -self : self }

    /// Returns the quotient of two's complements, cut toward zero; zero if the divisor is.
    @inlinable
    public func dividedSigned(by divisor: UInt256) -> UInt256 {
        if divisor.isZero { return .zero }
        let quotient = magnitude / divisor.magnitude
        return isNegative != divisor.isNegative ? -quotient : quotient
    }

    /// Returns the rest of the division of two's complements, with the sign of the dividend.
    @inlinable
    public func remainderSigned(by divisor: UInt256) -> UInt256 {
        if divisor.isZero { return .zero }
        let remainder = magnitude % divisor.magnitude
        return isNegative ? -remainder : remainder
    }

    /// Whether it is less, both read as two's complement.
    @inlinable @inline(__always)
    public func isLessSigned(than other: UInt256) -> Bool {
        isNegative == other.isNegative ? self < other : isNegative
    }

    /// Returns the sum modulo a number, with no bit lost between; zero if the modulus is.
    @inlinable
    public func adding(_ other: UInt256, modulo modulus: UInt256) -> UInt256 {
        if modulus.isZero { return .zero }
        if modulus.w3 != 0, self < modulus, other < modulus {
            let (sum, carry) = addingReportingOverflow(other)
            return carry || sum >= modulus ? sum &- modulus : sum
        }
        let (sum, carry) = addingReportingOverflow(other)
        if !carry { return sum % modulus }
        return UInt256.divide(high: .one, low: sum, by: modulus).remainder
    }

    /// Returns the product modulo a number, with no bit lost between; zero if the modulus is.
    @inlinable
    public func multiplied(by other: UInt256, modulo modulus: UInt256) -> UInt256 {
        if modulus.isZero { return .zero }
        let (high, low) = multipliedFullWidth(by: other)
        if high.isZero { return low % modulus }
        return UInt256.divide(high: high, low: low, by: modulus).remainder
    }

    /// Divides 512 bits by 256; the divisor is not zero.
    public static func divide(
        high: UInt256, low: UInt256, by divisor: UInt256
    ) -> (quotientHigh: UInt256, quotientLow: UInt256, remainder: UInt256) {
        let shift = divisor.leadingZeroBitCount & 63
        let h = high << shift | (shift == 0 ? .zero : low >> (256 - shift))
        let l = low << shift
        let top = shift == 0 ? 0 : high.w3 >> UInt64(64 - shift)
        // Nine limbs of the dividend, most significant first, become nine of the quotient.
        var dividend: InlineArray<9, UInt64> = [
            top, h.w3, h.w2, h.w1, h.w0, l.w3, l.w2, l.w1, l.w0,
        ]
        let remainder = divide(&dividend, from: 0, by: divisor << shift)
        return (
            UInt256(dividend[4], dividend[3], dividend[2], dividend[1]),
            UInt256(dividend[8], dividend[7], dividend[6], dividend[5]), remainder >> shift
        )
    }

    /// Divides 256 bits by as many; the divisor is not zero.
    @usableFromInline
    static func divide(
        _ number: UInt256, by divisor: UInt256
    ) -> (quotient: UInt256, remainder: UInt256) {
        let shift = divisor.leadingZeroBitCount & 63
        let l = number << shift
        let top = shift == 0 ? 0 : number.w3 >> UInt64(64 - shift)
        var dividend: InlineArray<9, UInt64> = [0, 0, 0, 0, top, l.w3, l.w2, l.w1, l.w0]
        let remainder = divide(&dividend, from: 4, by: divisor << shift)
        return (
            UInt256(dividend[8], dividend[7], dividend[6], dividend[5]), remainder >> shift
        )
    }

    /// Divides the limbs from an index on by a normalised divisor.
    @inline(__always)
    private static func divide(
        _ u: inout InlineArray<9, UInt64>, from start: Int, by d: UInt256
    ) -> UInt256 {
        precondition(!d.isZero, "division by zero")
        if d.w1 | d.w2 | d.w3 == 0 { return divide(&u, from: start, by: d.w0) }
        if d.w2 | d.w3 == 0 { return divide(&u, from: start, by: d.w1, d.w0) }
        return d.w3 == 0 ? divide(&u, from: start, by3: d) : divide(&u, from: start, by4: d)
    }
}

/// The reciprocal of a normalised limb: ⌊(2¹²⁸ − 1) / d⌋ − 2⁶⁴.
@inline(__always)
private func reciprocal(_ d: UInt64) -> UInt64 {
    d.dividingFullWidth((~d, .max)).quotient
}

/// The reciprocal of two normalised limbs: ⌊(2¹⁹² − 1) / (d1, d0)⌋ − 2⁶⁴.
@inline(__always)
private func reciprocal(_ d1: UInt64, _ d0: UInt64) -> UInt64 {
    var v = reciprocal(d1)
    var p = d1 &* v &+ d0
    if p < d0 {
        v &-= 1
        if p >= d1 {
            v &-= 1
            p &-= d1
        }
        p &-= d1
    }
    let (high, low) = v.multipliedFullWidth(by: d0)
    p &+= high
    if p < high {
        v &-= 1
        if p > d1 || (p == d1 && low >= d0) { v &-= 1 }
    }
    return v
}

/// Divides two limbs by one, of which the reciprocal is known; the upper limb is below the divisor.
@inline(__always)
private func quotient(
    _ u1: UInt64, _ u0: UInt64, by d: UInt64, reciprocal v: UInt64
) -> (quotient: UInt64, remainder: UInt64) {
    let product = UInt128(v) &* UInt128(u1) &+ (UInt128(u1) << 64 | UInt128(u0))
    var q = UInt64(truncatingIfNeeded: product >> 64) &+ 1
    var r = u0 &- q &* d
    if r > UInt64(truncatingIfNeeded: product) {
        q &-= 1
        r &+= d
    }
    if r >= d {
        q &+= 1
        r &-= d
    }
    return (q, r)
}

/// Divides three limbs by two, of which the reciprocal is known.
@inline(__always)
private func quotient(
    _ u2: UInt64, _ u1: UInt64, _ u0: UInt64, by d: UInt128, reciprocal v: UInt64
) -> (quotient: UInt64, remainder: UInt128) {
    let d1 = UInt64(truncatingIfNeeded: d >> 64)
    let d0 = UInt64(truncatingIfNeeded: d)
    let product = UInt128(v) &* UInt128(u2) &+ (UInt128(u2) << 64 | UInt128(u1))
    var q = UInt64(truncatingIfNeeded: product >> 64)
    let r1 = u1 &- q &* d1
    var r = (UInt128(r1) << 64 | UInt128(u0)) &- UInt128(d0) &* UInt128(q) &- d
    q &+= 1
    if UInt64(truncatingIfNeeded: r >> 64) >= UInt64(truncatingIfNeeded: product) {
        q &-= 1
        r &+= d
    }
    if r >= d {
        q &+= 1
        r &-= d
    }
    return (q, r)
}

extension UInt256 {
    @inline(__always)
    private static func divide(
        _ u: inout InlineArray<9, UInt64>, from start: Int, by d: UInt64
    ) -> UInt256 {
        let v = reciprocal(d)
        var r: UInt64 = 0
        for index in start..<9 { (u[index], r) = quotient(r, u[index], by: d, reciprocal: v) }
        return UInt256(r)
    }

    @inline(__always)
    private static func divide(
        _ u: inout InlineArray<9, UInt64>, from start: Int, by d1: UInt64, _ d0: UInt64
    ) -> UInt256 {
        let v = reciprocal(d1, d0)
        let d = UInt128(d1) << 64 | UInt128(d0)
        var r = UInt128(u[start])
        u[start] = 0
        for index in start + 1..<9 {
            let (r1, r0) = (UInt64(truncatingIfNeeded: r >> 64), UInt64(truncatingIfNeeded: r))
            (u[index], r) = quotient(r1, r0, u[index], by: d, reciprocal: v)
        }
        return UInt256(UInt64(truncatingIfNeeded: r), UInt64(truncatingIfNeeded: r >> 64), 0, 0)
    }

    private static func divide(
        _ u: inout InlineArray<9, UInt64>, from start: Int, by3 d: UInt256
    ) -> UInt256 {
        let v = reciprocal(d.w2, d.w1)
        let head = UInt128(d.w2) << 64 | UInt128(d.w1)
        // The rest so far, below the divisor: three limbs.
        var (r2, r1, r0): (UInt64, UInt64, UInt64) = (0, u[start], u[start + 1])
        (u[start], u[start + 1]) = (0, 0)
        for index in start + 2..<9 {
            let next = u[index]
            var q: UInt64
            if r2 == d.w2, r1 == d.w1 {
                q = .max
            } else {
                q = quotient(r2, r1, r0, by: head, reciprocal: v).quotient
            }
            let rest = UInt256(next, r0, r1, r2)
            var (difference, borrow) = rest.subtractingReportingOverflow(
                UInt256(d.w0, d.w1, d.w2, 0) &* UInt256(q))
            while borrow {
                q &-= 1
                let (sum, carry) = difference.addingReportingOverflow(
                    UInt256(d.w0, d.w1, d.w2, 0))
                difference = sum
                borrow = !carry
            }
            u[index] = q
            (r2, r1, r0) = (difference.w2, difference.w1, difference.w0)
        }
        return UInt256(r0, r1, r2, 0)
    }

    private static func divide(
        _ u: inout InlineArray<9, UInt64>, from start: Int, by4 d: UInt256
    ) -> UInt256 {
        let v = reciprocal(d.w3, d.w2)
        let head = UInt128(d.w3) << 64 | UInt128(d.w2)
        var rest = UInt256(u[start + 2], u[start + 1], u[start], 0)
        (u[start], u[start + 1], u[start + 2]) = (0, 0, 0)
        for index in start + 3..<9 {
            let next = u[index]
            var q: UInt64
            if rest.w3 == d.w3, rest.w2 == d.w2 {
                q = .max
            } else {
                q = quotient(rest.w3, rest.w2, rest.w1, by: head, reciprocal: v).quotient
            }
            // (rest, next) − q·d in five limbs; the fifth tells whether q was too great.
            let (p0, p1, p2, p3, p4) = d.row(q)
            let (low, borrow) = UInt256(next, rest.w0, rest.w1, rest.w2)
                .subtractingReportingOverflow(UInt256(p0, p1, p2, p3))
            var difference = low
            var upper = rest.w3 &- p4 &- (borrow ? 1 : 0)
            while upper != 0 {
                q &-= 1
                let (sum, carry) = difference.addingReportingOverflow(d)
                difference = sum
                if carry { upper &+= 1 }
            }
            u[index] = q
            rest = difference
        }
        return rest
    }
}
