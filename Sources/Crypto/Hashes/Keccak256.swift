import CKeccak
public import Primitives

/// The original Keccak-256, as Ethereum uses it (padding 0x01, not SHA-3's 0x06), fed piece by piece.
public struct Keccak256: Sendable {
    /// How many bytes one permutation takes in.
    static let rate = 136

    private var state = InlineArray<25, UInt64>(repeating: 0)
    private var offset = 0

    /// Creates the hash of nothing yet.
    public init() {}

    /// Takes in more bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        let count = bytes.count
        while index < count, offset & 7 != 0 { absorb(bytes[index], &index) }
        while count - index >= 8 {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            absorb(word.littleEndian)
            index += 8
        }
        while index < count { absorb(bytes[index], &index) }
    }

    /// Takes in more bytes.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Takes in more bytes.
    public mutating func update(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Takes in the thirty-two bytes of a hash.
    public mutating func update(_ hash: Hash32) {
        if offset & 7 == 0 {
            absorb(hash.a.byteSwapped)
            absorb(hash.b.byteSwapped)
            absorb(hash.c.byteSwapped)
            absorb(hash.d.byteSwapped)
        } else {
            update(hash.bytes)
        }
    }

    /// Returns the hash of all that was taken in.
    public consuming func finalize() -> Hash32 {
        state[offset >> 3] ^= 1 << UInt64(8 * (offset & 7))
        state[Keccak256.rate / 8 - 1] ^= 1 << 63
        Keccak256.permute(&state)
        return Hash32(
            a: state[0].byteSwapped, b: state[1].byteSwapped,
            c: state[2].byteSwapped, d: state[3].byteSwapped)
    }

    /// Takes in a little-endian word; the offset must be at a word.
    @inline(__always)
    private mutating func absorb(_ word: UInt64) {
        state[offset >> 3] ^= word
        offset += 8
        if offset == Keccak256.rate { wrap() }
    }

    @inline(__always)
    private mutating func absorb(_ byte: UInt8, _ index: inout Int) {
        state[offset >> 3] ^= UInt64(byte) << UInt64(8 * (offset & 7))
        offset += 1
        index += 1
        if offset == Keccak256.rate { wrap() }
    }

    /// Keccak-f[1600]; no library of Debian 12 has the original padding, nor offers this alone.
    static func permute(_ state: inout InlineArray<25, UInt64>) {
        var words = state.mutableSpan
        words.withUnsafeMutableBufferPointer { ckeccak_permute($0.baseAddress) }
    }

    private mutating func wrap() {
        Keccak256.permute(&state)
        offset = 0
    }
}

/// Returns the Keccak-256 hash of bytes.
public func keccak256(_ bytes: [UInt8]) -> Hash32 {
    bytes.withUnsafeBytes { keccak256($0) }
}

/// Returns the Keccak-256 hash of bytes.
public func keccak256(_ bytes: Span<UInt8>) -> Hash32 {
    bytes.withUnsafeBytes { keccak256($0) }
}

/// Returns the Keccak-256 hash of bytes.
public func keccak256(_ bytes: UnsafeRawBufferPointer) -> Hash32 {
    var hash = Keccak256()
    hash.update(bytes)
    return hash.finalize()
}

/// Returns the Keccak-256 hash of bytes and further bytes.
public func keccak256(_ first: [UInt8], _ second: [UInt8]) -> Hash32 {
    var hash = Keccak256()
    hash.update(first)
    hash.update(second)
    return hash.finalize()
}

/// Returns the Keccak-256 hash of a hash's thirty-two bytes.
public func keccak256(_ hash: Hash32) -> Hash32 {
    var state = Keccak256()
    state.update(hash)
    return state.finalize()
}

/// Returns the Keccak-256 hash of two hashes' sixty-four bytes.
public func keccak256(_ first: Hash32, _ second: Hash32) -> Hash32 {
    var state = Keccak256()
    state.update(first)
    state.update(second)
    return state.finalize()
}
