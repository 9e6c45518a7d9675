extension BN254 {
    /// An element of the quadratic extension by u² = −1.
    struct Field2: Equatable, BitwiseCopyable {
        var c0, c1: Field

        static let zero = Field2(.zero, .zero)
        static let one = Field2(.one, .zero)

        /// The constant of the twisted curve, 3 / (9 + u).
        static let twist = Field2(
            Field(
                0x3bf9_38e3_77b8_02a8, 0x020b_1b27_3633_535d, 0x26b7_edf0_4975_5260,
                0x2514_c632_4384_a86d),
            Field(
                0x38e7_eccc_d1dc_ff67, 0x65f0_b37d_93ce_0d3e, 0xd749_d0dd_22ac_00aa,
                0x0141_b9ce_4a68_8d4d))

        @inline(__always)
        init(_ c0: Field, _ c1: Field) {
            self.c0 = c0
            self.c1 = c1
        }

        @inline(__always)
        var isZero: Bool { c0.isZero && c1.isZero }

        @inline(__always)
        var doubled: Field2 { self + self }

        @inline(__always)
        var conjugate: Field2 { Field2(c0, -c1) }

        /// The square, by (a + b)(a − b) and 2ab.
        @inline(__always)
        var squared: Field2 {
            let product = c0 * c1
            return Field2((c0 + c1) * (c0 - c1), product.doubled)
        }

        /// The product with 9 + u, from which the next extension is made.
        @inline(__always)
        var timesXi: Field2 {
            let eight = doubled.doubled.doubled
            return Field2(eight.c0 + c0 - c1, eight.c1 + c1 + c0)
        }

        /// The element whose product with this one is one; zero for zero.
        var inverse: Field2 {
            let norm = (c0.squared + c1.squared).inverse
            return Field2(c0 * norm, -(c1 * norm))
        }

        @inline(__always)
        static func + (a: Field2, b: Field2) -> Field2 { Field2(a.c0 + b.c0, a.c1 + b.c1) }

        @inline(__always)
        static func - (a: Field2, b: Field2) -> Field2 { Field2(a.c0 - b.c0, a.c1 - b.c1) }

        @inline(__always)
        static prefix func - (a: Field2) -> Field2 { zero - a }

        /// The product, with three products of the field (Karatsuba).
        @inline(__always)
        static func * (a: Field2, b: Field2) -> Field2 {
            let v0 = a.c0 * b.c0
            let v1 = a.c1 * b.c1
            let cross = (a.c0 + a.c1) * (b.c0 + b.c1)
            return Field2(v0 - v1, cross - v0 - v1)
        }

        @inline(__always)
        static func * (a: Field2, b: Field) -> Field2 { Field2(a.c0 * b, a.c1 * b) }
    }
}
