extension UInt256 {
    /// Returns the power modulo 2²⁵⁶; anything to the power of zero is one.
    ///
    /// Four bits of the exponent are taken at a time: what a random exponent makes a processor guess
    /// wrong, one bit after another, costs more than the multiplications.
    public func power(_ exponent: UInt256) -> UInt256 {
        let width = exponent.bitWidth
        // An even number has shifted all its bits out by then.
        if w0 & 1 == 0, width > 8 { return .zero }
        guard width > 16 else { return power(ofShort: exponent.w0, width: width) }
        var powers = InlineArray<16, UInt256>(repeating: .one)
        for index in 1..<16 { powers[index] = powers[index - 1] &* self }
        var shift = (width - 1) & ~3
        var result = powers[exponent.fourBits(at: shift)]
        while shift > 0 {
            shift -= 4
            result = result.squared().squared().squared().squared()
            result = result &* powers[exponent.fourBits(at: shift)]
        }
        return result
    }

    private func power(ofShort exponent: UInt64, width: Int) -> UInt256 {
        var result = UInt256.one
        for index in (0..<UInt64(width)).reversed() {
            result = result.squared()
            if exponent >> index & 1 != 0 { result = result &* self }
        }
        return result
    }

    /// Four bits from a place on that is a multiple of four.
    @inline(__always)
    private func fourBits(at shift: Int) -> Int {
        let limb =
            switch shift >> 6 {
            case 0: w0
            case 1: w1
            case 2: w2
            default: w3
            }
        return Int(truncatingIfNeeded: limb &>> UInt64(shift & 63) & 15)
    }

    /// The square modulo 2²⁵⁶: the products that come twice are made once.
    @inline(__always)
    private func squared() -> UInt256 {
        let (r0, a1) = w0.product(w0, plus: 0)
        let (p1, p2) = w0.product(w1, plus: 0)
        let (r1, b2) = p1.product(2, plus: a1)
        let (q2, q3) = w0.product(w2, plus: p2)
        let (s2, s3) = w1.product(w1, plus: b2)
        let (r2, c3) = q2.product(2, plus: s2)
        let twice = (w0 &* w3 &+ w1 &* w2 &+ q3) &<< 1
        return UInt256(r0, r1, r2, twice &+ s3 &+ c3)
    }
}
