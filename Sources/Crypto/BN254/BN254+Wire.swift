internal import Primitives

extension BN254.Field {
    /// Reads thirty-two big-endian bytes; `nil` if they are not below the modulus.
    init?(_ bytes: Span<UInt8>) {
        guard let number = UInt256(bigEndian: bytes),
            number < UInt256(Self.p0, Self.p1, Self.p2, Self.p3)
        else { return nil }
        self = Self(number.w0, number.w1, number.w2, number.w3) * .square
    }

    /// The number as thirty-two big-endian bytes.
    var bytes: [UInt8] {
        let plain = self * Self(1, 0, 0, 0)
        return UInt256(plain.w0, plain.w1, plain.w2, plain.w3).bytes
    }
}

extension BN254.PointG1 {
    /// Reads a point of the curve from its coordinates; `nil` if it is none (EIP-196).
    init?(_ bytes: Span<UInt8>) {
        guard let x = BN254.Field(bytes.extracting(0..<32)),
            let y = BN254.Field(bytes.extracting(32..<64))
        else { return nil }
        guard !x.isZero || !y.isZero else {
            self = .infinity
            return
        }
        guard y.squared == x.squared * x + .three else { return nil }
        self.init(x: x, y: y, z: .one)
    }

    /// The coordinates, thirty-two bytes each; zeros for the point at infinity.
    var bytes: [UInt8] {
        let (x, y) = affine
        return x.bytes + y.bytes
    }
}

extension BN254.PointG2 {
    /// Reads a point of the group of order r from its coordinates, imaginary parts first (EIP-197).
    init?(_ bytes: Span<UInt8>) {
        guard let xi = BN254.Field(bytes.extracting(0..<32)),
            let xr = BN254.Field(bytes.extracting(32..<64)),
            let yi = BN254.Field(bytes.extracting(64..<96)),
            let yr = BN254.Field(bytes.extracting(96..<128))
        else { return nil }
        let (x, y) = (BN254.Field2(xr, xi), BN254.Field2(yr, yi))
        guard !x.isZero || !y.isZero else {
            self = .infinity
            return
        }
        guard y.squared == x.squared * x + BN254.Field2.twist else { return nil }
        self.init(x: x, y: y, z: .one)
        guard isInGroup else { return nil }
    }
}
