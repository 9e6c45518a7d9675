extension BN254 {
    /// An element of the cubic extension of `Field2` by v³ = 9 + u.
    struct Field6: Equatable, BitwiseCopyable {
        var c0, c1, c2: Field2

        static let zero = Field6(.zero, .zero, .zero)
        static let one = Field6(.one, .zero, .zero)

        @inline(__always)
        init(_ c0: Field2, _ c1: Field2, _ c2: Field2) {
            self.c0 = c0
            self.c1 = c1
            self.c2 = c2
        }

        /// The product with v.
        @inline(__always)
        var timesV: Field6 { Field6(c2.timesXi, c0, c1) }

        /// The element whose product with this one is one; zero for zero.
        var inverse: Field6 {
            let t0 = c0.squared - (c1 * c2).timesXi
            let t1 = c2.squared.timesXi - c0 * c1
            let t2 = c1.squared - c0 * c2
            let norm = (c0 * t0 + (c2 * t1 + c1 * t2).timesXi).inverse
            return Field6(t0 * norm, t1 * norm, t2 * norm)
        }

        @inline(__always)
        static func + (a: Field6, b: Field6) -> Field6 {
            Field6(a.c0 + b.c0, a.c1 + b.c1, a.c2 + b.c2)
        }

        @inline(__always)
        static func - (a: Field6, b: Field6) -> Field6 {
            Field6(a.c0 - b.c0, a.c1 - b.c1, a.c2 - b.c2)
        }

        @inline(__always)
        static prefix func - (a: Field6) -> Field6 { Field6(-a.c0, -a.c1, -a.c2) }

        /// The product, with six products of `Field2`.
        static func * (a: Field6, b: Field6) -> Field6 {
            let v0 = a.c0 * b.c0
            let v1 = a.c1 * b.c1
            let v2 = a.c2 * b.c2
            let c0 = ((a.c1 + a.c2) * (b.c1 + b.c2) - v1 - v2).timesXi + v0
            let c1 = (a.c0 + a.c1) * (b.c0 + b.c1) - v0 - v1 + v2.timesXi
            let c2 = (a.c0 + a.c2) * (b.c0 + b.c2) - v0 - v2 + v1
            return Field6(c0, c1, c2)
        }

        @inline(__always)
        static func * (a: Field6, b: Field2) -> Field6 { Field6(a.c0 * b, a.c1 * b, a.c2 * b) }

        /// The product with b0 + b1·v, with five products of `Field2`.
        func times(_ b0: Field2, _ b1: Field2) -> Field6 {
            let v0 = c0 * b0
            let v1 = c1 * b1
            return Field6(
                ((c1 + c2) * b1 - v1).timesXi + v0,
                (c0 + c1) * (b0 + b1) - v0 - v1,
                (c0 + c2) * b0 - v0 + v1)
        }
    }
}
