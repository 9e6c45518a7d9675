/// An unsigned number of 256 bits, as the EVM's words are.
///
/// Arithmetic wraps unless it says otherwise. Four 64-bit limbs, the least significant first
/// (`w0`), in a frozen struct so that the interpreter's loop sees nothing but words.
@frozen
public struct UInt256: Hashable, Sendable, BitwiseCopyable {
    /// The limbs, least significant first.
    public var w0, w1, w2, w3: UInt64

    /// Zero.
    @inlinable
    public static var zero: UInt256 { UInt256(0, 0, 0, 0) }
    /// One.
    @inlinable
    public static var one: UInt256 { UInt256(1, 0, 0, 0) }
    /// The greatest value, 2²⁵⁶ − 1.
    @inlinable
    public static var max: UInt256 { UInt256(.max, .max, .max, .max) }

    /// Creates a number from its limbs, least significant first.
    @inlinable
    public init(_ w0: UInt64, _ w1: UInt64, _ w2: UInt64, _ w3: UInt64) {
        self.w0 = w0
        self.w1 = w1
        self.w2 = w2
        self.w3 = w3
    }

    /// Creates a number from a smaller one.
    @inlinable
    public init(_ value: UInt64) {
        self.init(value, 0, 0, 0)
    }

    /// Creates a number from a non-negative integer; traps below zero.
    @inlinable
    public init(_ value: Int) {
        self.init(UInt64(value), 0, 0, 0)
    }

    /// Creates a number from at most 32 big-endian bytes; `nil` if there are more.
    @inlinable
    public init?(bigEndian bytes: Span<UInt8>) {
        guard bytes.count <= 32 else { return nil }
        self = .zero
        for index in 0..<bytes.count {
            let place = bytes.count - 1 - index
            let value = UInt64(bytes[index]) << UInt64(8 * (place & 7))
            switch place >> 3 {
            case 0: w0 |= value
            case 1: w1 |= value
            case 2: w2 |= value
            default: w3 |= value
            }
        }
    }

    /// Creates a number from at most 32 big-endian bytes; `nil` if there are more.
    @inlinable
    public init?(bigEndian bytes: [UInt8]) {
        self.init(bigEndian: bytes.span)
    }

    /// Reads a hash as a big-endian number.
    @inlinable
    public init(_ hash: Hash32) {
        self.init(hash.d, hash.c, hash.b, hash.a)
    }

    /// The number as thirty-two big-endian bytes.
    @inlinable
    public var hash: Hash32 { Hash32(a: w3, b: w2, c: w1, d: w0) }

    /// The number as exactly thirty-two big-endian bytes.
    @inlinable
    public var bytes: [UInt8] { hash.bytes }

    /// The number as big-endian bytes without leading zeros; empty for zero.
    @inlinable
    public var minimalBytes: [UInt8] {
        let count = (bitWidth + 7) / 8
        return Array(bytes.dropFirst(32 - count))
    }

    /// How many bits are needed to write the number; 0 for zero.
    @inlinable
    public var bitWidth: Int {
        if w3 != 0 { return 256 - w3.leadingZeroBitCount }
        if w2 != 0 { return 192 - w2.leadingZeroBitCount }
        if w1 != 0 { return 128 - w1.leadingZeroBitCount }
        return 64 - w0.leadingZeroBitCount
    }

    /// Whether the number is zero.
    @inlinable @inline(__always)
    public var isZero: Bool { w0 | w1 | w2 | w3 == 0 }

    /// The number as a `UInt64`; `nil` if it does not fit.
    @inlinable @inline(__always)
    public var asUInt64: UInt64? { w1 | w2 | w3 == 0 ? w0 : nil }

    /// The number as an `Int`; `nil` if it does not fit.
    @inlinable @inline(__always)
    public var asInt: Int? { w1 | w2 | w3 == 0 ? Int(exactly: w0) : nil }

    /// Returns the sum modulo 2²⁵⁶ and whether it wrapped.
    @inlinable @inline(__always)
    public func addingReportingOverflow(_ other: UInt256) -> (partialValue: UInt256, overflow: Bool)
    {
        let (r0, c0) = w0.adding(other.w0, carry: 0)
        let (r1, c1) = w1.adding(other.w1, carry: c0)
        let (r2, c2) = w2.adding(other.w2, carry: c1)
        let (r3, c3) = w3.adding(other.w3, carry: c2)
        return (UInt256(r0, r1, r2, r3), c3 != 0)
    }

    /// Returns the difference modulo 2²⁵⁶ and whether it wrapped.
    @inlinable @inline(__always)
    public func subtractingReportingOverflow(
        _ other: UInt256
    ) -> (partialValue: UInt256, overflow: Bool) {
        let (r0, c0) = w0.subtracting(other.w0, borrow: 0)
        let (r1, c1) = w1.subtracting(other.w1, borrow: c0)
        let (r2, c2) = w2.subtracting(other.w2, borrow: c1)
        let (r3, c3) = w3.subtracting(other.w3, borrow: c2)
        return (UInt256(r0, r1, r2, r3), c3 != 0)
    }

    /// Returns the sum modulo 2²⁵⁶.
    @inlinable @inline(__always)
    public static func &+ (left: UInt256, right: UInt256) -> UInt256 {
        left.addingReportingOverflow(right).partialValue
    }

    /// Returns the difference modulo 2²⁵⁶.
    @inlinable @inline(__always)
    public static func &- (left: UInt256, right: UInt256) -> UInt256 {
        left.subtractingReportingOverflow(right).partialValue
    }
}

extension UInt256 {
    /// Whether two numbers are the same, without a branch.
    @inlinable @inline(__always)
    public static func == (left: UInt256, right: UInt256) -> Bool { (left ^ right).isZero }
}

extension UInt256: Comparable {
    /// Orders numbers by value.
    @inlinable @inline(__always)
    public static func < (left: UInt256, right: UInt256) -> Bool {
        left.subtractingReportingOverflow(right).overflow
    }
}

extension UInt256: ExpressibleByIntegerLiteral {
    /// Creates a number from a literal that fits 64 bits.
    @inlinable
    public init(integerLiteral value: UInt64) {
        self.init(value)
    }
}

// A carry that goes from limb to limb as a number, not as a branch, becomes the machine's own: four
// additions of a word are `add adc adc adc`.

extension UInt64 {
    /// Returns the sum with a carry of 0 or 1, and the carry out of it.
    @inlinable @inline(__always)
    func adding(_ other: UInt64, carry: UInt64) -> (UInt64, UInt64) {
        let (sum, over) = addingReportingOverflow(other)
        let (result, overAgain) = sum.addingReportingOverflow(carry)
        return (result, UInt64(bit: over) | UInt64(bit: overAgain))
    }

    /// Returns the difference less a borrow of 0 or 1, and the borrow out of it.
    @inlinable @inline(__always)
    func subtracting(_ other: UInt64, borrow: UInt64) -> (UInt64, UInt64) {
        let (difference, over) = subtractingReportingOverflow(other)
        let (result, overAgain) = difference.subtractingReportingOverflow(borrow)
        return (result, UInt64(bit: over) | UInt64(bit: overAgain))
    }

    /// One for true and zero for false, without a branch.
    @inlinable @inline(__always)
    public init(bit truth: Bool) {
        // A Bool is one byte that holds 0 or 1.
        self = UInt64(unsafe unsafeBitCast(truth, to: UInt8.self))
    }
}
