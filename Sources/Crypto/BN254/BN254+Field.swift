extension BN254 {
    /// An element of the field of the curve's coordinates, in Montgomery's form (times 2²⁵⁶).
    ///
    /// The modulus has two spare bits, so a product needs no fifth word between its steps, and a
    /// sum none at all.
    struct Field: Equatable, BitwiseCopyable {
        /// The words, least significant first; always below the modulus.
        var w0, w1, w2, w3: UInt64

        static let zero = Field(0, 0, 0, 0)
        static let one = Field(
            0xd35d_438d_c58f_0d9d, 0x0a78_eb28_f5c7_0b3d, 0x666e_a36f_7879_462c,
            0x0e0a_77c1_9a07_df2f)
        static let three = one.doubled + one

        /// 2⁵¹² modulo the modulus: a product with it brings a number into Montgomery's form.
        static let square = Field(
            0xf32c_fc5b_538a_fa89, 0xb5e7_1911_d445_01fb, 0x47ab_1eff_0a41_7ff6,
            0x06d8_9f71_cab8_351f)

        static let p0: UInt64 = 0x3c20_8c16_d87c_fd47
        static let p1: UInt64 = 0x9781_6a91_6871_ca8d
        static let p2: UInt64 = 0xb850_45b6_8181_585d
        static let p3: UInt64 = 0x3064_4e72_e131_a029

        /// Minus the inverse of the modulus, modulo 2⁶⁴.
        static let inverse0: UInt64 = 0x87d2_0782_e486_6389

        @inline(__always)
        init(_ w0: UInt64, _ w1: UInt64, _ w2: UInt64, _ w3: UInt64) {
            (self.w0, self.w1, self.w2, self.w3) = (w0, w1, w2, w3)
        }

        @inline(__always)
        var isZero: Bool { w0 | w1 | w2 | w3 == 0 }

        @inline(__always)
        var doubled: Field { self + self }

        @inline(__always)
        var squared: Field { self * self }

        @inline(__always)
        static func + (a: Field, b: Field) -> Field {
            var carry: UInt64 = 0
            let r0 = sum(a.w0, b.w0, &carry)
            let r1 = sum(a.w1, b.w1, &carry)
            let r2 = sum(a.w2, b.w2, &carry)
            return Field(r0, r1, r2, a.w3 &+ b.w3 &+ carry).reduced
        }

        @inline(__always)
        static func - (a: Field, b: Field) -> Field {
            var borrow: UInt64 = 0
            let r0 = difference(a.w0, b.w0, &borrow)
            let r1 = difference(a.w1, b.w1, &borrow)
            let r2 = difference(a.w2, b.w2, &borrow)
            let r3 = difference(a.w3, b.w3, &borrow)
            // Adds the modulus back where the difference went below zero.
            let mask = 0 &- borrow
            var carry: UInt64 = 0
            let s0 = sum(r0, p0 & mask, &carry)
            let s1 = sum(r1, p1 & mask, &carry)
            let s2 = sum(r2, p2 & mask, &carry)
            return Field(s0, s1, s2, r3 &+ (p3 & mask) &+ carry)
        }

        @inline(__always)
        static prefix func - (a: Field) -> Field { zero - a }

        /// Montgomery's product: the product divided by 2²⁵⁶.
        static func * (a: Field, b: Field) -> Field {
            var t = zero
            accumulate(a, b.w0, &t)
            accumulate(a, b.w1, &t)
            accumulate(a, b.w2, &t)
            accumulate(a, b.w3, &t)
            return t.reduced
        }

        /// The number less the modulus, if it is not below it.
        @inline(__always)
        private var reduced: Field {
            var borrow: UInt64 = 0
            let r0 = Field.difference(w0, Field.p0, &borrow)
            let r1 = Field.difference(w1, Field.p1, &borrow)
            let r2 = Field.difference(w2, Field.p2, &borrow)
            let r3 = Field.difference(w3, Field.p3, &borrow)
            return borrow == 0 ? Field(r0, r1, r2, r3) : self
        }

        /// Adds `a` times a word to `t`, and divides by 2⁶⁴ modulo the modulus.
        @inline(__always)
        private static func accumulate(_ a: Field, _ word: UInt64, _ t: inout Field) {
            var high: UInt64 = 0
            let t0 = product(a.w0, word, t.w0, &high)
            let factor = t0 &* inverse0
            var carry: UInt64 = 0
            _ = product(factor, p0, t0, &carry)
            let t1 = product(a.w1, word, t.w1, &high)
            t.w0 = product(factor, p1, t1, &carry)
            let t2 = product(a.w2, word, t.w2, &high)
            t.w1 = product(factor, p2, t2, &carry)
            let t3 = product(a.w3, word, t.w3, &high)
            t.w2 = product(factor, p3, t3, &carry)
            t.w3 = high &+ carry
        }

        @inline(__always)
        private static func product(
            _ a: UInt64, _ b: UInt64, _ c: UInt64, _ carry: inout UInt64
        ) -> UInt64 {
            let wide = UInt128(a) &* UInt128(b) &+ UInt128(c) &+ UInt128(carry)
            carry = UInt64(truncatingIfNeeded: wide >> 64)
            return UInt64(truncatingIfNeeded: wide)
        }

        @inline(__always)
        private static func sum(_ a: UInt64, _ b: UInt64, _ carry: inout UInt64) -> UInt64 {
            let wide = UInt128(a) &+ UInt128(b) &+ UInt128(carry)
            carry = UInt64(truncatingIfNeeded: wide >> 64)
            return UInt64(truncatingIfNeeded: wide)
        }

        @inline(__always)
        private static func difference(
            _ a: UInt64, _ b: UInt64, _ borrow: inout UInt64
        ) -> UInt64 {
            let wide = UInt128(a) &- UInt128(b) &- UInt128(borrow)
            borrow = UInt64(truncatingIfNeeded: wide >> 64) & 1
            return UInt64(truncatingIfNeeded: wide)
        }
    }
}
