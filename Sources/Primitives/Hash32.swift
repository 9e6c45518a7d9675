/// Thirty-two bytes that name something by its hash.
///
/// Kept as four big-endian words, so that comparing and hashing cost four instructions.
@frozen
public struct Hash32: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// The bytes as four words, the first eight bytes in `a`, each word big-endian.
    public let a, b, c, d: UInt64

    /// The hash of thirty-two zero bytes' worth of nothing: all bits clear.
    @inlinable
    public static var zero: Hash32 { Hash32(a: 0, b: 0, c: 0, d: 0) }

    /// Creates a hash from its four big-endian words.
    @inlinable
    public init(a: UInt64, b: UInt64, c: UInt64, d: UInt64) {
        self.a = a
        self.b = b
        self.c = c
        self.d = d
    }

    /// Creates a hash from exactly thirty-two bytes; `nil` for any other count.
    @inlinable
    public init?(_ bytes: Span<UInt8>) {
        guard bytes.count == 32 else { return nil }
        let raw = unsafe bytes.bytes
        // The count is checked above: all four loads lie within the thirty-two bytes.
        unsafe self.init(
            a: UInt64(bigEndian: raw.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            b: UInt64(bigEndian: raw.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self)),
            c: UInt64(bigEndian: raw.unsafeLoadUnaligned(fromByteOffset: 16, as: UInt64.self)),
            d: UInt64(bigEndian: raw.unsafeLoadUnaligned(fromByteOffset: 24, as: UInt64.self)))
    }

    /// Creates a hash from exactly thirty-two bytes; `nil` for any other count.
    @inlinable
    public init?(_ bytes: [UInt8]) {
        self.init(bytes.span)
    }

    /// The thirty-two bytes.
    @inlinable
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        append(to: &bytes)
        return bytes
    }

    /// Appends the thirty-two bytes to others.
    @inlinable
    public func append(to bytes: inout [UInt8]) {
        let words = (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)
        unsafe withUnsafeBytes(of: words) { unsafe bytes.append(contentsOf: $0) }
    }

    /// Whether every bit is clear.
    @inlinable
    public var isZero: Bool { a | b | c | d == 0 }

    /// Orders hashes as their bytes.
    @inlinable
    public static func < (left: Hash32, right: Hash32) -> Bool {
        (left.a, left.b, left.c, left.d) < (right.a, right.b, right.c, right.d)
    }
}

extension Hash32: CustomStringConvertible {
    /// The bytes in lower-case hexadecimal, with `0x`.
    public var description: String {
        let digits = Array("0123456789abcdef")
        return bytes.reduce(into: "0x") { text, byte in
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
    }
}
