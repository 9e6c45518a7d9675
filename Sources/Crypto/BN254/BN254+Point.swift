/// What a curve needs of the field of its coordinates.
protocol CurveField: Equatable, BitwiseCopyable {
    static var zero: Self { get }
    static var one: Self { get }
    var isZero: Bool { get }
    var doubled: Self { get }
    var squared: Self { get }
    var inverse: Self { get }
    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
}

extension BN254.Field: CurveField {}
extension BN254.Field2: CurveField {}

extension BN254 {
    /// A point of the curve over the field.
    typealias PointG1 = Point<Field>

    /// A point of the twisted curve over the quadratic extension.
    typealias PointG2 = Point<Field2>

    /// A point of a curve y² = x³ + b in Jacobian coordinates: (x / z², y / z³).
    struct Point<F: CurveField>: BitwiseCopyable {
        var x, y, z: F

        /// The neutral element: z is zero.
        static var infinity: Point { Point(x: .one, y: .one, z: .zero) }

        var isInfinity: Bool { z.isZero }

        /// The plain coordinates; zeros for the point at infinity.
        var affine: (x: F, y: F) {
            guard !isInfinity else { return (.zero, .zero) }
            let inverse = z.inverse
            let square = inverse.squared
            return (x * square, y * square * inverse)
        }

        /// Twice the point (dbl-2009-l, Explicit-Formulas Database).
        var doubled: Point {
            let a = x.squared
            let b = y.squared
            let c = b.squared
            let d = ((x + b).squared - a - c).doubled
            let e = a.doubled + a
            let x3 = e.squared - d.doubled
            let y3 = e * (d - x3) - c.doubled.doubled.doubled
            return Point(x: x3, y: y3, z: (y * z).doubled)
        }

        /// The sum (add-2007-bl), whatever the points are.
        static func + (p: Point, q: Point) -> Point {
            if p.isInfinity { return q }
            if q.isInfinity { return p }
            let (pz, qz) = (p.z.squared, q.z.squared)
            let (u1, u2) = (p.x * qz, q.x * pz)
            let (s1, s2) = (p.y * q.z * qz, q.y * p.z * pz)
            let h = u2 - u1
            let r = (s2 - s1).doubled
            if h.isZero { return r.isZero ? p.doubled : .infinity }
            let i = h.doubled.squared
            let j = h * i
            let v = u1 * i
            let x3 = r.squared - j - v.doubled
            let y3 = r * (v - x3) - (s1 * j).doubled
            return Point(x: x3, y: y3, z: ((p.z + q.z).squared - pz - qz) * h)
        }

        /// The point added to itself so many times; words least significant first.
        func multiplied(by scalar: [UInt64]) -> Point {
            var table = [Point.infinity, self]
            for _ in 2..<16 { table.append(table[table.count - 1] + self) }
            var result = Point.infinity
            for word in scalar.reversed() {
                for shift in stride(from: 60 as UInt64, through: 0, by: -4) {
                    if !result.isInfinity {
                        result = result.doubled.doubled.doubled.doubled
                    }
                    result = result + table[Int(word >> shift & 15)]
                }
            }
            return result
        }

        static func == (p: Point, q: Point) -> Bool {
            if p.isInfinity || q.isInfinity { return p.isInfinity && q.isInfinity }
            let (pz, qz) = (p.z.squared, q.z.squared)
            return p.x * qz == q.x * pz && p.y * qz * q.z == q.y * pz * p.z
        }
    }
}

extension BN254.Point where F == BN254.Field2 {
    /// The map to the power p, through the untwisted curve.
    var frobenius: Self {
        let powers = BN254.Frobenius.powers
        return Self(
            x: x.conjugate * powers[1], y: y.conjugate * powers[2], z: z.conjugate)
    }

    /// Whether the point is of the group of order r.
    ///
    /// There the map to the power p multiplies by 6x². A point with that property has order r,
    /// since the map ψ satisfies ψ² − tψ + p = 0 with t − 1 = 6x², and p + 1 − t = r.
    var isInGroup: Bool {
        frobenius == multiplied(by: [0xf83e_9682_e87c_fd46, 0x6f4d_8248_eeb8_59fb])
    }
}
