extension BN254 {
    /// The parameter x of the family, from which modulus and order follow.
    static let parameter: UInt64 = 4_965_661_367_192_848_881

    /// The digits of 6x + 2 after the first, most significant first, no two neighbours set.
    private static let loop: [Int8] = [
        0, -1, 0, 1, 0, 0, 0, -1, 0, -1, 0, 0, 0, -1, 0, 1, 0, -1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0,
        0, -1, 0, 1, 0, 0, -1, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0, -1, 0, -1, 0, 0, 1, 0, 0, 0, -1, 0,
        0, -1, 0, 1, 0, 1, 0, 0, 0,
    ]

    /// One pair on its way through Miller's loop.
    private struct Walk {
        let px, py: Field
        let qx, qy: Field2
        var t: Point<Field2>

        /// The point in homogeneous coordinates is doubled; the tangent multiplies `f`.
        mutating func double(_ f: inout Field12) {
            let a = t.x * t.y
            let b = t.y.squared
            let c = t.z.squared
            let e = (c.doubled + c) * Field2.twist
            let g = b + e.doubled + e
            let h = (t.y + t.z).squared - b - c
            let j = t.x.squared
            let square = e.squared
            // All three are four times those of 2013/722, section 4.3: no halves are needed.
            t.x = (a * (b - e.doubled - e)).doubled
            t.y = g.squared - (square.doubled + square).doubled.doubled
            t.z = (b * h).doubled.doubled
            f = f.times(line: -(h * py), (j.doubled + j) * px, e - b)
        }

        /// The point (x, y) is added; the line through both multiplies `f` (2010/354, algorithm 12).
        mutating func add(_ x: Field2, _ y: Field2, _ f: inout Field12) {
            let o = t.y - y * t.z
            let l = t.x - x * t.z
            let d = l.squared
            let e = l * d
            let g = t.x * d
            let h = e + t.z * o.squared - g.doubled
            t = Point(x: l * h, y: (g - h) * o - t.y * e, z: e * t.z)
            f = f.times(line: l * py, -(o * px), x * o - l * y)
        }
    }

    /// Returns the product of Miller's functions of all pairs (optimal ate, 2008/096).
    static func miller(_ pairs: [(PointG1, PointG2)]) -> Field12 {
        var walks: [Walk] = []
        for (p, q) in pairs where !p.isInfinity && !q.isInfinity {
            let (p, q) = (p.affine, q.affine)
            walks.append(
                Walk(
                    px: p.x, py: p.y, qx: q.x, qy: q.y, t: Point(x: q.x, y: q.y, z: .one)))
        }
        var f = Field12.one
        for digit in loop {
            f = f.squared
            for index in walks.indices {
                walks[index].double(&f)
                guard digit != 0 else { continue }
                let y = walks[index].qy
                walks[index].add(walks[index].qx, digit > 0 ? y : -y, &f)
            }
        }
        for index in walks.indices {
            let q = Point(x: walks[index].qx, y: walks[index].qy, z: .one)
            let first = q.frobenius
            let second = first.frobenius
            walks[index].add(first.x, first.y, &f)
            walks[index].add(second.x, -second.y, &f)
        }
        return f
    }

    /// Raises to a multiple of (p¹² − 1) / r (Fuentes-Castañeda and others, SAC 2011).
    static func finalPower(_ f: Field12) -> Field12 {
        let first = f.conjugate * f.inverse
        let g = first.frobenius.frobenius * first
        let minus2 = g.raisedToParameter.conjugate.cyclotomicSquared
        let minus6 = minus2.cyclotomicSquared * minus2
        let six2 = minus6.raisedToParameter.conjugate
        let twelve3 = six2.cyclotomicSquared.raisedToParameter
        let a = twelve3 * six2 * minus6.conjugate
        let b = a * minus2
        let c = a * six2 * g
        let d = g.conjugate * b
        return c * b.frobenius * a.frobenius.frobenius * d.frobenius.frobenius.frobenius
    }
}
