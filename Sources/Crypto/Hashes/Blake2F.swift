/// The compression function of BLAKE2b (RFC 7693, section 3.2), with any number of rounds (EIP-152).
public enum Blake2F {
    /// How many bytes the input has.
    public static let inputSize = 213

    /// The initial values, those of SHA-512 (RFC 7693, section 2.6).
    private static let initial: InlineArray<8, UInt64> = [
        0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b,
        0xa54f_f53a_5f1d_36f1, 0x510e_527f_ade6_82d1, 0x9b05_688c_2b3e_6c1f,
        0x1f83_d9ab_fb41_bd6b, 0x5be0_cd19_137e_2179,
    ]

    /// The order in which rounds take the message's words (RFC 7693, section 2.7).
    private static let schedule: InlineArray<10, InlineArray<16, Int>> = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
    ]

    /// Compresses: rounds (4 bytes, big-endian), state (64), message (128), offset (16), final (1).
    ///
    /// `nil` if the count of bytes or the mark of the final block is wrong.
    public static func compress(_ input: [UInt8]) -> [UInt8]? {
        guard input.count == inputSize, input[212] <= 1 else { return nil }
        let rounds = input[0..<4].reduce(0) { $0 << 8 | Int($1) }
        var h = InlineArray<8, UInt64> { word(input, 4 + 8 * $0) }
        let m = InlineArray<16, UInt64> { word(input, 68 + 8 * $0) }
        var v = InlineArray<16, UInt64> { $0 < 8 ? h[$0] : initial[$0 - 8] }
        v[12] ^= word(input, 196)
        v[13] ^= word(input, 204)
        if input[212] == 1 { v[14] = ~v[14] }
        // The words in the order in which ten rounds take them: there may be 2³² - 1 rounds.
        let words = (0..<160).map { m[schedule[$0 / 16][$0 % 16]] }
        words.withUnsafeBufferPointer { permute(&v, $0, rounds: rounds) }
        for index in 0..<8 { h[index] ^= v[index] ^ v[index + 8] }
        var output: [UInt8] = []
        output.reserveCapacity(64)
        for index in 0..<8 {
            withUnsafeBytes(of: h[index].littleEndian) { output.append(contentsOf: $0) }
        }
        return output
    }

    /// Runs the rounds on sixteen local words, which then stay in registers.
    private static func permute(
        _ v: inout InlineArray<16, UInt64>, _ words: UnsafeBufferPointer<UInt64>, rounds: Int
    ) {
        var (a0, a1, a2, a3) = (v[0], v[1], v[2], v[3])
        var (b0, b1, b2, b3) = (v[4], v[5], v[6], v[7])
        var (c0, c1, c2, c3) = (v[8], v[9], v[10], v[11])
        var (d0, d1, d2, d3) = (v[12], v[13], v[14], v[15])
        var place = 0
        for _ in 0..<rounds {
            // Sixteen of the hundred and sixty words from here on are there.
            let m = words.extracting(place..<place + 16)
            mix(&a0, &b0, &c0, &d0, m[0], m[1])
            mix(&a1, &b1, &c1, &d1, m[2], m[3])
            mix(&a2, &b2, &c2, &d2, m[4], m[5])
            mix(&a3, &b3, &c3, &d3, m[6], m[7])
            mix(&a0, &b1, &c2, &d3, m[8], m[9])
            mix(&a1, &b2, &c3, &d0, m[10], m[11])
            mix(&a2, &b3, &c0, &d1, m[12], m[13])
            mix(&a3, &b0, &c1, &d2, m[14], m[15])
            place = place == 144 ? 0 : place + 16
        }
        v = [a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3]
    }

    @inline(__always)
    private static func mix(
        _ a: inout UInt64, _ b: inout UInt64, _ c: inout UInt64, _ d: inout UInt64, _ x: UInt64,
        _ y: UInt64
    ) {
        a = a &+ b &+ x
        d = rotated(d ^ a, 32)
        c = c &+ d
        b = rotated(b ^ c, 24)
        a = a &+ b &+ y
        d = rotated(d ^ a, 16)
        c = c &+ d
        b = rotated(b ^ c, 63)
    }

    @inline(__always)
    private static func rotated(_ word: UInt64, _ count: UInt64) -> UInt64 {
        word &>> count | word &<< (64 &- count)
    }

    private static func word(_ bytes: [UInt8], _ start: Int) -> UInt64 {
        bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
