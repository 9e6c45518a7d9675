import Primitives

// Words and bytes: memory is big-endian, limbs are the machine's.

/// Reads thirty-two big-endian bytes.
@inline(__always)
func loadWord(_ bytes: UnsafeRawPointer) -> UInt256 {
    UInt256(
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)))
}

/// Writes thirty-two big-endian bytes.
@inline(__always)
func storeWord(_ word: UInt256, _ bytes: UnsafeMutableRawPointer) {
    bytes.storeBytes(of: word.w3.bigEndian, as: UInt64.self)
    bytes.storeBytes(of: word.w2.bigEndian, toByteOffset: 8, as: UInt64.self)
    bytes.storeBytes(of: word.w1.bigEndian, toByteOffset: 16, as: UInt64.self)
    bytes.storeBytes(of: word.w0.bigEndian, toByteOffset: 24, as: UInt64.self)
}

/// Reads up to eight big-endian bytes; what follows them must be readable.
@inline(__always)
func loadShort(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    let word = UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self)
    return UInt64(bigEndian: word) &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count)
}

/// Reads up to thirty-two big-endian bytes; what follows them must be readable.
@inline(__always)
func loadLong(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt256 {
    loadWord(UnsafeRawPointer(bytes)) >> (256 &- 8 &* count)
}

/// Reads fewer than thirty-two big-endian bytes as the upper part of a word.
@inline(never)
func loadPart(_ bytes: UnsafeRawPointer, _ count: Int) -> UInt256 {
    var word = UInt256.zero
    for index in 0..<count {
        word = word << 8 | UInt256(UInt64(bytes.load(fromByteOffset: index, as: UInt8.self)))
    }
    return word << (8 * (32 - count))
}

/// A truth as a word.
@inline(__always)
func word(_ truth: Bool) -> UInt256 { UInt256(UInt64(bit: truth)) }
