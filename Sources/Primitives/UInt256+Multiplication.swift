extension UInt256 {
    /// Returns the product modulo 2²⁵⁶.
    @inlinable
    public static func &* (left: UInt256, right: UInt256) -> UInt256 {
        let (c00, r0) = left.w0.multipliedFullWidth(by: right.w0)
        let p01 = UInt128(left.w0) &* UInt128(right.w1) &+ UInt128(c00)
        let p10 = UInt128(left.w1) &* UInt128(right.w0) &+ (p01 & 0xffff_ffff_ffff_ffff)
        let r1 = UInt64(truncatingIfNeeded: p10)
        let carry1 = (p01 >> 64) &+ (p10 >> 64)
        let p02 = UInt128(left.w0) &* UInt128(right.w2) &+ (carry1 & 0xffff_ffff_ffff_ffff)
        let p11 = UInt128(left.w1) &* UInt128(right.w1) &+ (p02 & 0xffff_ffff_ffff_ffff)
        let p20 = UInt128(left.w2) &* UInt128(right.w0) &+ (p11 & 0xffff_ffff_ffff_ffff)
        let r2 = UInt64(truncatingIfNeeded: p20)
        var r3 = UInt64(truncatingIfNeeded: (carry1 >> 64) &+ (p02 >> 64) &+ (p11 >> 64))
        r3 = r3 &+ UInt64(truncatingIfNeeded: p20 >> 64)
        r3 = r3 &+ left.w0 &* right.w3 &+ left.w1 &* right.w2
        r3 = r3 &+ left.w2 &* right.w1 &+ left.w3 &* right.w0
        return UInt256(r0, r1, r2, r3)
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
        let (r0, a1, a2, a3, a4) = row(other.w0)
        let (b0, b1, b2, b3, b4) = row(other.w1)
        let (c0, c1, c2, c3, c4) = row(other.w2)
        let (d0, d1, d2, d3, d4) = row(other.w3)
        let mask: UInt128 = 0xffff_ffff_ffff_ffff
        let s1 = UInt128(a1) + UInt128(b0)
        let s2 = UInt128(a2) + UInt128(b1) + UInt128(c0) + (s1 >> 64)
        let s3 = UInt128(a3) + UInt128(b2) + UInt128(c1) + UInt128(d0) + (s2 >> 64)
        let s4 = UInt128(a4) + UInt128(b3) + UInt128(c2) + UInt128(d1) + (s3 >> 64)
        let s5 = UInt128(b4) + UInt128(c3) + UInt128(d2) + (s4 >> 64)
        let s6 = UInt128(c4) + UInt128(d3) + (s5 >> 64)
        let s7 = d4 &+ UInt64(truncatingIfNeeded: s6 >> 64)
        let low = UInt256(r0, UInt64(s1 & mask), UInt64(s2 & mask), UInt64(s3 & mask))
        return (UInt256(UInt64(s4 & mask), UInt64(s5 & mask), UInt64(s6 & mask), s7), low)
    }

    /// The product with one limb, as five limbs.
    @inlinable
    func row(_ limb: UInt64) -> (UInt64, UInt64, UInt64, UInt64, UInt64) {
        let factor = UInt128(limb)
        let p0 = UInt128(w0) &* factor
        let p1 = UInt128(w1) &* factor &+ (p0 >> 64)
        let p2 = UInt128(w2) &* factor &+ (p1 >> 64)
        let p3 = UInt128(w3) &* factor &+ (p2 >> 64)
        return (
            UInt64(truncatingIfNeeded: p0), UInt64(truncatingIfNeeded: p1),
            UInt64(truncatingIfNeeded: p2), UInt64(truncatingIfNeeded: p3),
            UInt64(truncatingIfNeeded: p3 >> 64)
        )
    }

    /// Returns the power modulo 2²⁵⁶; anything to the power of zero is one.
    @inlinable
    public func power(_ exponent: UInt256) -> UInt256 {
        var result = UInt256.one
        var index = exponent.bitWidth - 1
        while index >= 0 {
            result = result &* result
            let limb =
                switch index >> 6 {
                case 0: exponent.w0
                case 1: exponent.w1
                case 2: exponent.w2
                default: exponent.w3
                }
            if limb >> UInt64(index & 63) & 1 != 0 { result = result &* self }
            index -= 1
        }
        return result
    }
}
