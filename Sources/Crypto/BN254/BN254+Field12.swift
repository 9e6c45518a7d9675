extension BN254 {
    /// An element of the quadratic extension of `Field6` by w² = v: where pairings live.
    struct Field12: Equatable, BitwiseCopyable {
        var c0, c1: Field6

        static let one = Field12(.one, .zero)

        @inline(__always)
        init(_ c0: Field6, _ c1: Field6) {
            self.c0 = c0
            self.c1 = c1
        }

        /// The power p⁶; the inverse of an element of the cyclotomic subgroup.
        var conjugate: Field12 { Field12(c0, -c1) }

        var squared: Field12 {
            let product = c0 * c1
            let cross = (c0 + c1) * (c0 + c1.timesV)
            return Field12(cross - product - product.timesV, product + product)
        }

        /// The element whose product with this one is one; zero for zero.
        var inverse: Field12 {
            let norm = (c0 * c0 - (c1 * c1).timesV).inverse
            return Field12(c0 * norm, -(c1 * norm))
        }

        /// The power p: each coefficient of wⁱ conjugated and multiplied by (9 + u)^(i(p−1)/6).
        var frobenius: Field12 {
            let powers = Frobenius.powers
            return Field12(
                Field6(
                    c0.c0.conjugate, c0.c1.conjugate * powers[1], c0.c2.conjugate * powers[3]),
                Field6(
                    c1.c0.conjugate * powers[0], c1.c1.conjugate * powers[2],
                    c1.c2.conjugate * powers[4]))
        }

        /// The square of an element of the cyclotomic subgroup (Granger and Scott, 2009/565).
        var cyclotomicSquared: Field12 {
            let (t0, t1) = Field12.squares(c1.c1, c0.c0)
            let (t2, t3) = Field12.squares(c0.c2, c1.c0)
            let (t4, t5) = Field12.squares(c1.c2, c0.c1)
            return Field12(
                Field6(
                    Field12.below(t0, c0.c0), Field12.below(t2, c0.c1),
                    Field12.below(t4, c0.c2)),
                Field6(
                    Field12.above(t5.timesXi, c1.c0), Field12.above(t1, c1.c1),
                    Field12.above(t3, c1.c2)))
        }

        static func * (a: Field12, b: Field12) -> Field12 {
            let v0 = a.c0 * b.c0
            let v1 = a.c1 * b.c1
            let cross = (a.c0 + a.c1) * (b.c0 + b.c1)
            return Field12(v0 + v1.timesV, cross - v0 - v1)
        }

        /// The product with a line l0 + l1·w + l3·w³.
        func times(line l0: Field2, _ l1: Field2, _ l3: Field2) -> Field12 {
            let v0 = c0 * l0
            let v1 = c1.times(l1, l3)
            let cross = (c0 + c1).times(l0 + l1, l3)
            return Field12(v0 + v1.timesV, cross - v0 - v1)
        }

        /// The power of an element of the cyclotomic subgroup by the curve's parameter x.
        var raisedToParameter: Field12 {
            var result = self
            for bit in stride(from: 61, through: 0, by: -1) {
                result = result.cyclotomicSquared
                if BN254.parameter >> UInt64(bit) & 1 == 1 { result = result * self }
            }
            return result
        }

        /// Returns a²·ξ + b² and 2ab.
        @inline(__always)
        private static func squares(_ a: Field2, _ b: Field2) -> (Field2, Field2) {
            let (a2, b2) = (a.squared, b.squared)
            return (a2.timesXi + b2, (a + b).squared - a2 - b2)
        }

        /// Returns 3t − 2x.
        @inline(__always)
        private static func below(_ t: Field2, _ x: Field2) -> Field2 { (t - x).doubled + t }

        /// Returns 3t + 2x.
        @inline(__always)
        private static func above(_ t: Field2, _ x: Field2) -> Field2 { (t + x).doubled + t }
    }

    /// The constants of the map to the power p.
    enum Frobenius {
        /// (9 + u)^(i(p−1)/6) for i from one to five.
        static let powers: InlineArray<5, Field2> = [
            Field2(
                Field(
                    0xaf9b_a696_3314_4907, 0xca6b_1d73_87af_b78a, 0x11bd_ed5e_f08a_2087,
                    0x02f3_4d75_1a1f_3a7c),
                Field(
                    0xa222_ae23_4c49_2d72, 0xd00f_02a4_565d_e15b, 0xdc2f_f3a2_53df_c926,
                    0x10a7_5716_b389_9551)),
            Field2(
                Field(
                    0xb577_3b10_4563_ab30, 0x347f_91c8_a9aa_6454, 0x7a00_7127_242e_0991,
                    0x1956_bcd8_1182_14ec),
                Field(
                    0x6e84_9f1e_a0aa_4757, 0xaa1c_7b6d_89f8_9141, 0xb6e7_13cd_fae0_ca3a,
                    0x2669_4fbb_4e82_ebc3)),
            Field2(
                Field(
                    0xe4bb_dd0c_2936_b629, 0xbb30_f162_e133_bacb, 0x31a9_d1b6_f964_5366,
                    0x2535_70be_a500_f8dd),
                Field(
                    0xa1d7_7ce4_5ffe_77c7, 0x07af_fd11_7826_d1db, 0x6d16_bd27_bb7e_dc6b,
                    0x2c87_2002_85de_fecc)),
            Field2(
                Field(
                    0x7361_d77f_843a_be92, 0xa5bb_2bd3_2734_11fb, 0x9c94_1f31_4b3e_2399,
                    0x15df_9cdd_bb9f_d3ec),
                Field(
                    0x5ddd_fd15_4bd8_c949, 0x62cb_29a5_a444_5b60, 0x37bc_870a_0c7d_d2b9,
                    0x2483_0a9d_3171_f0fd)),
            Field2(
                Field(
                    0xc970_692f_4169_0fe7, 0xe240_3421_2769_4b0b, 0x32be_e66b_83c4_59e8,
                    0x12aa_bced_0ab0_8841),
                Field(
                    0x0d48_5d23_40ae_bfa9, 0x0519_3418_ab2f_cc57, 0xd3b0_a40b_8a49_10f5,
                    0x2f21_ebb5_35d2_925a)),
        ]
    }
}
