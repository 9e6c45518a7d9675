/// The mixing of scrypt (RFC 7914, sections 3 to 5), for parameters that OpenSSL refuses.
///
/// The RFC wants n below 2^(16r); geth and its official keystores do not, and have r = 1 with
/// n = 2¹⁸. It takes twice the time of OpenSSL's.
struct ScryptMix {
    private let blockSize: Int
    private let cost: Int
    /// The words of one block: 32 for each unit of the block size.
    private let count: Int
    private let table: UnsafeMutablePointer<UInt32>
    private let x: UnsafeMutablePointer<UInt32>
    private let y: UnsafeMutablePointer<UInt32>

    /// Mixes each of the blocks in place (ROMix); the cost is a power of two.
    static func mix(_ bytes: inout [UInt8], cost: Int, blockSize: Int) {
        let count = 32 * blockSize
        let words = UnsafeMutablePointer<UInt32>.allocate(capacity: count * (cost + 2))
        words.initialize(repeating: 0, count: count * (cost + 2))
        defer { words.deallocate() }
        let mixer = ScryptMix(
            blockSize: blockSize, cost: cost, count: count, table: words + 2 * count, x: words,
            y: words + count)
        bytes.withUnsafeMutableBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: 4 * count) {
                mixer.mix(UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + 4 * count]))
            }
        }
    }

    private func mix(_ block: UnsafeMutableRawBufferPointer) {
        for index in 0..<count {
            x[index] = UInt32(
                littleEndian: block.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
        }
        for index in 0..<cost {
            (table + index * count).update(from: x, count: count)
            mixBlock()
        }
        for _ in 0..<cost {
            // The cost is at most 2²⁴, so the low word of the last unit says it all.
            let row = table + (Int(x[count - 16]) & (cost - 1)) * count
            for index in 0..<count { x[index] ^= row[index] }
            mixBlock()
        }
        for index in 0..<count {
            block.storeBytes(of: x[index].littleEndian, toByteOffset: 4 * index, as: UInt32.self)
        }
    }

    /// Mixes `x` (section 4): units of 64 bytes chained by Salsa20/8, the even ones first.
    private func mixBlock() {
        var state = InlineArray<16, UInt32> { x[count - 16 + $0] }
        for unit in 0..<2 * blockSize {
            for index in 0..<16 { state[index] ^= x[16 * unit + index] }
            Self.salsa(&state)
            let place = unit & 1 == 0 ? unit / 2 : blockSize + unit / 2
            for index in 0..<16 { y[16 * place + index] = state[index] }
        }
        x.update(from: y, count: count)
    }

    /// Salsa20 with eight rounds (section 3).
    private static func salsa(_ state: inout InlineArray<16, UInt32>) {
        var w = state
        for _ in 0..<4 {
            quarter(&w, 0, 4, 8, 12)
            quarter(&w, 5, 9, 13, 1)
            quarter(&w, 10, 14, 2, 6)
            quarter(&w, 15, 3, 7, 11)
            quarter(&w, 0, 1, 2, 3)
            quarter(&w, 5, 6, 7, 4)
            quarter(&w, 10, 11, 8, 9)
            quarter(&w, 15, 12, 13, 14)
        }
        for index in 0..<16 { state[index] = state[index] &+ w[index] }
    }

    @inline(__always)
    private static func quarter(
        _ w: inout InlineArray<16, UInt32>, _ a: Int, _ b: Int, _ c: Int, _ d: Int
    ) {
        w[b] ^= rotated(w[a] &+ w[d], 7)
        w[c] ^= rotated(w[b] &+ w[a], 9)
        w[d] ^= rotated(w[c] &+ w[b], 13)
        w[a] ^= rotated(w[d] &+ w[c], 18)
    }

    @inline(__always)
    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word &<< count | word &>> (32 &- count)
    }
}
