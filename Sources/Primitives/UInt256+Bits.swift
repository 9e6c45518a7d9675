extension UInt256 {
    /// How many of the highest bits are clear; 256 for zero (EIP-7939).
    @inlinable
    public var leadingZeroBitCount: Int { 256 - bitWidth }

    /// Whether the highest bit is set, which makes it negative as two's complement.
    @inlinable @inline(__always)
    public var isNegative: Bool { w3 >> 63 != 0 }

    /// Returns the bits set in both.
    @inlinable @inline(__always)
    public static func & (left: UInt256, right: UInt256) -> UInt256 {
        UInt256(left.w0 & right.w0, left.w1 & right.w1, left.w2 & right.w2, left.w3 & right.w3)
    }

    /// Returns the bits set in either.
    @inlinable @inline(__always)
    public static func | (left: UInt256, right: UInt256) -> UInt256 {
        UInt256(left.w0 | right.w0, left.w1 | right.w1, left.w2 | right.w2, left.w3 | right.w3)
    }

    /// Returns the bits set in one but not in both.
    @inlinable @inline(__always)
    public static func ^ (left: UInt256, right: UInt256) -> UInt256 {
        UInt256(left.w0 ^ right.w0, left.w1 ^ right.w1, left.w2 ^ right.w2, left.w3 ^ right.w3)
    }

    /// Returns all bits turned over.
    @inlinable @inline(__always)
    public static prefix func ~ (value: UInt256) -> UInt256 {
        UInt256(~value.w0, ~value.w1, ~value.w2, ~value.w3)
    }

    /// Returns the bits moved up; nothing is left of them from 256 on.
    @inlinable
    public static func << (value: UInt256, count: Int) -> UInt256 {
        guard count < 256 else { return .zero }
        let bits = UInt64(truncatingIfNeeded: count) & 63
        // A shift by 64 - 0 must give nothing, hence the shift by one more.
        let carry = 63 &- bits
        let (a, b, c, d) = (value.w0, value.w1, value.w2, value.w3)
        let r0 = a &<< bits
        let r1 = b &<< bits | (a &>> 1) &>> carry
        let r2 = c &<< bits | (b &>> 1) &>> carry
        let r3 = d &<< bits | (c &>> 1) &>> carry
        switch count >> 6 {
        case 0: return UInt256(r0, r1, r2, r3)
        case 1: return UInt256(0, r0, r1, r2)
        case 2: return UInt256(0, 0, r0, r1)
        default: return UInt256(0, 0, 0, r0)
        }
    }

    /// Returns the bits moved down; nothing is left of them from 256 on.
    @inlinable
    public static func >> (value: UInt256, count: Int) -> UInt256 {
        guard count < 256 else { return .zero }
        let bits = UInt64(truncatingIfNeeded: count) & 63
        let carry = 63 &- bits
        let (a, b, c, d) = (value.w0, value.w1, value.w2, value.w3)
        let r0 = a &>> bits | (b &<< 1) &<< carry
        let r1 = b &>> bits | (c &<< 1) &<< carry
        let r2 = c &>> bits | (d &<< 1) &<< carry
        let r3 = d &>> bits
        switch count >> 6 {
        case 0: return UInt256(r0, r1, r2, r3)
        case 1: return UInt256(r1, r2, r3, 0)
        case 2: return UInt256(r2, r3, 0, 0)
        default: return UInt256(r3, 0, 0, 0)
        }
    }

    /// Returns the bits moved down with copies of the sign moved in (EIP-145).
    @inlinable
    public func shiftedRightArithmetically(by count: Int) -> UInt256 {
        let shifted = self >> count
        guard isNegative, count > 0 else { return isNegative && count == 0 ? self : shifted }
        return count >= 256 ? .max : shifted | .max << (256 - count)
    }

    /// The byte at an index that counts from the highest; zero from 32 on.
    @inlinable @inline(__always)
    public func byte(at index: Int) -> UInt8 {
        guard index >= 0, index < 32 else { return 0 }
        let place = 31 - index
        let limb =
            switch place >> 3 {
            case 0: w0
            case 1: w1
            case 2: w2
            default: w3
            }
        return UInt8(truncatingIfNeeded: limb >> UInt64(8 * (place & 7)))
    }

    /// The number whose sign stands in the byte at an index, spread over all higher bits.
    @inlinable
    public func signExtended(fromByte index: Int) -> UInt256 {
        guard index >= 0, index < 31 else { return self }
        let unused = 256 - 8 * (index + 1)
        return (self << unused).shiftedRightArithmetically(by: unused)
    }
}
