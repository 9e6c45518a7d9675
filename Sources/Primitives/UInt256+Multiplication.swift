extension UInt256 {
    /// Returns the product modulo 2²⁵⁶.
    @inlinable
    public static func &* (left: UInt256, right: UInt256) -> UInt256 {
        let (a, b, c, d) = (left.w0, left.w1, left.w2, left.w3)
        let (r0, a1) = a.product(right.w0, plus: 0)
        let (p1, a2) = a.product(right.w1, plus: a1)
        let (p2, a3) = a.product(right.w2, plus: a2)
        let (r1, b1) = b.product(right.w0, plus: p1)
        let (q2, b2) = b.product(right.w1, plus: p2, b1)
        let (r2, c1) = c.product(right.w0, plus: q2)
        let r3 = a &* right.w3 &+ b &* right.w2 &+ c &* right.w1 &+ d &* right.w0
        return UInt256(r0, r1, r2, r3 &+ a3 &+ b2 &+ c1)
    }

    /// Returns the product modulo 2²⁵⁶ and whether it wrapped.
    @inlinable
    public func multipliedReportingOverflow(
        by other: UInt256
    ) -> (partialValue: UInt256, overflow: Bool) {
        let (high, low) = multipliedFullWidth(by: other)
        return (low, !high.isZero)
    }

    /// Returns the whole product of 512 bits.
    @inlinable
    public func multipliedFullWidth(by other: UInt256) -> (high: UInt256, low: UInt256) {
        let (r0, a1, a2, a3, a4) = other.row(w0, plus: (0, 0, 0, 0))
        let (r1, b2, b3, b4, b5) = other.row(w1, plus: (a1, a2, a3, a4))
        let (r2, c3, c4, c5, c6) = other.row(w2, plus: (b2, b3, b4, b5))
        let (r3, d4, d5, d6, d7) = other.row(w3, plus: (c3, c4, c5, c6))
        return (UInt256(d4, d5, d6, d7), UInt256(r0, r1, r2, r3))
    }

    /// The product with one limb and four limbs added to it, as five limbs.
    @inlinable @inline(__always)
    func row(
        _ limb: UInt64, plus rest: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    ) -> (UInt64, UInt64, UInt64, UInt64, UInt64) {
        let (r0, c0) = limb.product(w0, plus: rest.0)
        let (r1, c1) = limb.product(w1, plus: rest.1, c0)
        let (r2, c2) = limb.product(w2, plus: rest.2, c1)
        let (r3, c3) = limb.product(w3, plus: rest.3, c2)
        return (r0, r1, r2, r3, c3)
    }
}

extension UInt64 {
    /// The product with two numbers added to it, which fits two limbs, the lower first.
    @inlinable @inline(__always)
    func product(_ other: UInt64, plus one: UInt64, _ two: UInt64 = 0) -> (UInt64, UInt64) {
        let whole = UInt128(self) &* UInt128(other) &+ UInt128(one) &+ UInt128(two)
        return (UInt64(truncatingIfNeeded: whole), UInt64(truncatingIfNeeded: whole >> 64))
    }
}
