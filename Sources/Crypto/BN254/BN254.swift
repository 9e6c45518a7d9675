internal import Primitives

/// The pairing-friendly curve alt_bn128 (EIP-196, EIP-197); no library of Debian 12 has it.
///
/// y² = x³ + 3 over a prime field of 254 bits. Extensions are built as 2, 6 and 12; arithmetic does
/// not run in constant time, for nothing here is secret.
public enum BN254 {
    /// Adds two points of sixty-four bytes each; `nil` if one is not on the curve (EIP-196).
    public static func add(_ input: [UInt8]) -> [UInt8]? {
        guard input.count == 128, let left = PointG1(input.span.extracting(0..<64)),
            let right = PointG1(input.span.extracting(64..<128))
        else { return nil }
        return (left + right).bytes
    }

    /// Multiplies a point by a number of thirty-two bytes; `nil` if it is not on the curve.
    public static func multiply(_ input: [UInt8]) -> [UInt8]? {
        guard input.count == 96, let point = PointG1(input.span.extracting(0..<64)),
            let scalar = UInt256(bigEndian: input.span.extracting(64..<96))
        else { return nil }
        return point.multiplied(by: [scalar.w0, scalar.w1, scalar.w2, scalar.w3]).bytes
    }

    /// Tells whether the pairings of the pairs, 192 bytes each, multiply to one (EIP-197).
    ///
    /// `nil` if the count is not right, or a point is not in its group.
    public static func pairingsMultiplyToOne(_ input: [UInt8]) -> Bool? {
        guard input.count.isMultiple(of: 192) else { return nil }
        var pairs: [(PointG1, PointG2)] = []
        for start in stride(from: 0, to: input.count, by: 192) {
            guard let p = PointG1(input.span.extracting(start..<start + 64)),
                let q = PointG2(input.span.extracting(start + 64..<start + 192))
            else { return nil }
            pairs.append((p, q))
        }
        return finalPower(miller(pairs)) == .one
    }
}
