public import Primitives

/// Ethash, the proof of work before the merge, as one checks it without the great data set.
///
/// The cache of an epoch has 16 MB and takes about a second; a check then some hundred
/// microseconds. Nothing here finds a proof (Yellow Paper, appendix J).
public struct Ethash: Sendable {
    /// What a nonce leads to.
    public struct Work: Hashable, Sendable {
        /// The digest that the header names.
        public let mix: Hash32
        /// The number that must be small.
        public let result: Hash32

        /// Whether it is small enough: at most 2²⁵⁶ divided by the difficulty.
        public func suffices(_ difficulty: UInt256) -> Bool {
            let (high, low) = UInt256(result).multipliedFullWidth(by: difficulty)
            return high.isZero || high == 1 && low.isZero
        }
    }

    /// How many blocks an epoch has.
    public static let epochLength: UInt64 = 30_000

    /// Sixty-four bytes as little-endian words.
    typealias Row = InlineArray<8, UInt64>

    /// The cache's rows, one after another.
    private let cache: [Row]
    /// How many pairs of rows the data set has.
    private let pairs: UInt32

    /// Makes the cache of an epoch.
    public init(epoch: UInt64) {
        let pages = Ethash.size(
            of: (1 << 30) + epoch &* (1 << 23), unit: 128)
        pairs = UInt32(truncatingIfNeeded: pages)
        let count = Int(Ethash.size(of: (1 << 24) + epoch &* (1 << 17), unit: 64))
        var seed = Hash32.zero
        for _ in 0..<epoch { seed = keccak256(seed.bytes) }
        cache = Ethash.cache(seed, count: count)
    }

    /// The greatest prime number of units below a size.
    private static func size(of bytes: UInt64, unit: UInt64) -> UInt64 {
        var count = bytes / unit - 1
        while !isPrime(count) { count -= 2 }
        return count
    }

    private static func isPrime(_ number: UInt64) -> Bool {
        var divisor: UInt64 = 2
        while divisor * divisor <= number {
            if number.isMultiple(of: divisor) { return false }
            divisor += 1
        }
        return true
    }

    private static func cache(_ seed: Hash32, count: Int) -> [Row] {
        var rows: [Row] = []
        rows.reserveCapacity(count)
        rows.append(keccak512(seed.bytes))
        while rows.count < count { rows.append(keccak512(rows[rows.count - 1])) }
        for _ in 0..<3 {
            for index in 0..<count {
                let other = rows[Int(UInt32(truncatingIfNeeded: rows[index][0])) % count]
                var row = rows[(index + count - 1) % count]
                for lane in 0..<8 { row[lane] ^= other[lane] }
                rows[index] = keccak512(row)
            }
        }
        return rows
    }

    /// What a nonce leads to, for a header's hash without its seal.
    public func work(_ header: Hash32, nonce: UInt64) -> Work {
        let reversed = (0..<8).map { UInt8(truncatingIfNeeded: nonce >> (8 * $0)) }
        let start = Ethash.keccak512(header.bytes + reversed)
        var mix = (start, start)
        let first = UInt32(truncatingIfNeeded: start[0])
        for round in 0..<UInt32(64) {
            let lane = Int(round % 32)
            let word = Ethash.word(lane < 16 ? mix.0 : mix.1, lane % 16)
            let pair = Ethash.fnv(round ^ first, word) % pairs
            Ethash.fold(row(2 * pair), into: &mix.0)
            Ethash.fold(row(2 * pair + 1), into: &mix.1)
        }
        let digest = Ethash.digest(mix.0) + Ethash.digest(mix.1)
        var hash = Keccak256()
        for lane in 0..<8 { hash.update(Ethash.bytes(start[lane])) }
        hash.update(digest)
        return Work(mix: Hash32(digest) ?? .zero, result: hash.finalize())
    }

    /// One row of the data set.
    private func row(_ number: UInt32) -> Row {
        let count = UInt32(truncatingIfNeeded: cache.count)
        var row = cache[Int(number % count)]
        row[0] ^= UInt64(number)
        row = Ethash.keccak512(row)
        for parent in 0..<UInt32(256) {
            let word = Ethash.word(row, Int(parent % 16))
            Ethash.fold(cache[Int(Ethash.fnv(number ^ parent, word) % count)], into: &row)
        }
        return Ethash.keccak512(row)
    }
}

extension Ethash {
    /// A word of thirty-two bits of a row.
    @inline(__always)
    private static func word(_ row: Row, _ index: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: row[index / 2] >> UInt64(32 * (index & 1)))
    }

    /// The step of Fowler, Noll and Vo's hash.
    @inline(__always)
    private static func fnv(_ left: UInt32, _ right: UInt32) -> UInt32 {
        left &* 0x0100_0193 ^ right
    }

    /// Mixes a row into another, word by word.
    @inline(__always)
    private static func fold(_ source: Row, into target: inout Row) {
        for lane in 0..<8 {
            let low = fnv(
                UInt32(truncatingIfNeeded: target[lane]), UInt32(truncatingIfNeeded: source[lane]))
            let high = fnv(
                UInt32(truncatingIfNeeded: target[lane] >> 32),
                UInt32(truncatingIfNeeded: source[lane] >> 32))
            target[lane] = UInt64(high) << 32 | UInt64(low)
        }
    }

    /// The sixteen bytes that four words each become one of.
    private static func digest(_ row: Row) -> [UInt8] {
        (0..<4).flatMap { group -> [UInt8] in
            let words = (0..<4).map { word(row, 4 * group + $0) }
            let folded = words.dropFirst().reduce(words[0], fnv)
            return Array(bytes(UInt64(folded)).prefix(4))
        }
    }

    private static func bytes(_ word: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }

    /// The original Keccak-512 of a row.
    private static func keccak512(_ row: Row) -> Row {
        var state = InlineArray<25, UInt64>(repeating: 0)
        for lane in 0..<8 { state[lane] = row[lane] }
        state[8] = 1 | 1 << 63
        Keccak256.permute(&state)
        var result = Row(repeating: 0)
        for lane in 0..<8 { result[lane] = state[lane] }
        return result
    }

    /// The original Keccak-512 of fewer than 64 bytes.
    private static func keccak512(_ bytes: [UInt8]) -> Row {
        var state = InlineArray<25, UInt64>(repeating: 0)
        for (index, byte) in (bytes + [1]).enumerated() {
            state[index / 8] |= UInt64(byte) << UInt64(8 * (index % 8))
        }
        state[8] |= 1 << 63
        Keccak256.permute(&state)
        var result = Row(repeating: 0)
        for lane in 0..<8 { result[lane] = state[lane] }
        return result
    }
}
