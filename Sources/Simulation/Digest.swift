/// A running sum of everything that happened: equal seeds give equal digests.
///
/// It finds differences, not forgers, so each word costs one multiplication.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
    private var state: UInt64 = 0x6a09_e667_f3bc_c908

    /// Creates the digest of nothing.
    public init() {}

    /// The sum so far.
    public var value: UInt64 { state }

    /// The sum in sixteen hexadecimal digits.
    public var description: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// Takes a word in.
    @inlinable
    public mutating func add(_ word: UInt64) {
        mix(word)
    }

    /// Takes bytes in, and how many they are.
    public mutating func add(_ bytes: [UInt8]) {
        mix(UInt64(truncatingIfNeeded: bytes.count))
        let whole = bytes.count & ~7
        unsafe bytes.withUnsafeBytes { buffer in
            for offset in stride(from: 0, to: whole, by: 8) {
                // Eight bytes are left at each offset below the whole words' end.
                mix(unsafe buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            }
        }
        var last: UInt64 = 0
        for byte in bytes[whole...] { last = last << 8 | UInt64(byte) }
        mix(last)
    }

    @usableFromInline
    mutating func mix(_ word: UInt64) {
        let (high, low) = (state ^ word).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        state = high ^ low &+ 0xd1b5_4a32_d192_ed03
    }
}
