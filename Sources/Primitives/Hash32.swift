/// Thirty-two bytes that name something by its hash.
///
/// Kept as four big-endian words, so that comparing and hashing cost four instructions.
@frozen
public struct Hash32: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// The bytes as four words, the first eight bytes in `a`, each word big-endian.
    public let a, b, c, d: UInt64

    /// The hash of thirty-two zero bytes' worth of nothing: all bits clear.
    public static let zero = Hash32(a: 0, b: 0, c: 0, d: 0)

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
        func word(_ start: Int) -> UInt64 {
            var word: UInt64 = 0
            for index in start..<start + 8 { word = word << 8 | UInt64(bytes[index]) }
            return word
        }
        self.init(a: word(0), b: word(8), c: word(16), d: word(24))
    }

    /// Creates a hash from exactly thirty-two bytes; `nil` for any other count.
    @inlinable
    public init?(_ bytes: [UInt8]) {
        self.init(bytes.span)
    }

    /// The thirty-two bytes.
    @inlinable
    public var bytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            for (index, word) in [a, b, c, d].enumerated() {
                for byte in 0..<8 {
                    unsafe buffer[index * 8 + byte] = UInt8(
                        truncatingIfNeeded: word >> UInt64(56 - 8 * byte))
                }
            }
            count = 32
        }
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
