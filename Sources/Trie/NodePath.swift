public import Primitives

/// At most 64 nibbles: the way from a trie's root to a node, or what is left of a key.
///
/// Held in four words, so that the ten thousand paths of a block's update cost no allocation.
@frozen
public struct NodePath: Hashable, Sendable, BitwiseCopyable {
    /// The nibbles, the first in the highest bits of `a`; those past the count are zero.
    private var a, b, c, d: UInt64
    /// How many nibbles there are.
    private var length: UInt8

    /// The way to the root.
    public static let root = NodePath()

    /// Creates the path of no nibbles.
    public init() {
        (a, b, c, d, length) = (0, 0, 0, 0, 0)
    }

    /// The 64 nibbles of a hash.
    public init(_ hash: Hash32) {
        (a, b, c, d, length) = (hash.a, hash.b, hash.c, hash.d, 64)
    }

    /// The nibbles of at most 32 bytes; `nil` if there are more.
    public init?(bytes: [UInt8]) {
        guard bytes.count <= 32 else { return nil }
        self.init()
        for byte in bytes {
            append(byte >> 4)
            append(byte & 15)
        }
    }

    /// How many nibbles there are.
    public var count: Int { Int(length) }

    /// Whether there are none.
    public var isEmpty: Bool { length == 0 }

    /// The nibble at an index.
    public subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count, "the nibble is not there")
        let shift = UInt64(60 - 4 * (index & 15))
        return UInt8(truncatingIfNeeded: word(index >> 4) >> shift) & 15
    }

    /// Appends a nibble; there must be room for it.
    public mutating func append(_ nibble: UInt8) {
        precondition(length < 64 && nibble < 16, "no room for the nibble")
        let bits = UInt64(nibble) << UInt64(60 - 4 * (length & 15))
        switch length >> 4 {
        case 0: a |= bits
        case 1: b |= bits
        case 2: c |= bits
        default: d |= bits
        }
        length += 1
    }

    /// The path with a nibble after it.
    public func appending(_ nibble: UInt8) -> NodePath {
        var path = self
        path.append(nibble)
        return path
    }

    /// The path with another after it; there must be room for both.
    public func appending(_ other: NodePath) -> NodePath {
        precondition(count + other.count <= 64, "no room for the path")
        let moved = other.shifted(right: count)
        var path = self
        path.a |= moved.a
        path.b |= moved.b
        path.c |= moved.c
        path.d |= moved.d
        path.length += other.length
        return path
    }

    /// The path without its first nibbles.
    public func dropFirst(_ dropped: Int) -> NodePath {
        var path = self
        path.length = UInt8(max(0, count - dropped))
        guard dropped < 64 else { return NodePath() }
        let (words, bits) = (dropped >> 4, UInt64(4 * (dropped & 15)))
        func moved(_ index: Int) -> UInt64 {
            // A shift by 64 gives zero: Swift's smart shift.
            word(index + words) << bits | word(index + words + 1) >> (64 - bits)
        }
        (path.a, path.b, path.c, path.d) = (moved(0), moved(1), moved(2), moved(3))
        return path
    }

    /// The first nibbles of the path.
    public func prefix(_ kept: Int) -> NodePath {
        guard kept < count else { return self }
        func masked(_ index: Int) -> UInt64 {
            let nibbles = min(max(kept - 16 * index, 0), 16)
            return word(index) & ~(UInt64.max >> UInt64(4 * nibbles))
        }
        var path = self
        (path.a, path.b, path.c, path.d) = (masked(0), masked(1), masked(2), masked(3))
        path.length = UInt8(max(0, kept))
        return path
    }

    /// In how many nibbles this path, from an index on, and another agree.
    public func agreement(from start: Int, with other: NodePath) -> Int {
        let rest = dropFirst(start)
        let limit = min(rest.count, other.count)
        for index in 0..<4 {
            let difference = rest.word(index) ^ other.word(index)
            if difference != 0 {
                return min(limit, 16 * index + difference.leadingZeroBitCount / 4)
            }
        }
        return limit
    }

    /// The nibbles packed into bytes, and then their count: the key under which a node is stored.
    public var key: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count / 2 + 2)
        appendPacked(to: &bytes)
        bytes.append(length)
        return bytes
    }

    /// Reads what ``key`` writes; `nil` for anything else.
    public init?(key: [UInt8]) {
        guard let count = key.last, count <= 64, key.count == (Int(count) + 1) / 2 + 1,
            let path = NodePath(bytes: Array(key.dropLast()))
        else { return nil }
        self = path.prefix(Int(count))
        guard self.key == key else { return nil }
    }

    /// Appends the nibbles two by two, the last byte filled up with a zero.
    func appendPacked(to bytes: inout [UInt8]) {
        let words = (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)
        unsafe withUnsafeBytes(of: words) { words in
            unsafe bytes.append(contentsOf: words.prefix((count + 1) / 2))
        }
    }

    private func word(_ index: Int) -> UInt64 {
        switch index {
        case 0: a
        case 1: b
        case 2: c
        case 3: d
        default: 0
        }
    }

    private func shifted(right nibbles: Int) -> NodePath {
        let (words, bits) = (nibbles >> 4, UInt64(4 * (nibbles & 15)))
        func moved(_ index: Int) -> UInt64 {
            let high = index - words > 0 ? word(index - words - 1) << (64 - bits) : 0
            return (index >= words ? word(index - words) >> bits : 0) | high
        }
        var path = NodePath()
        (path.a, path.b, path.c, path.d) = (moved(0), moved(1), moved(2), moved(3))
        return path
    }
}

extension NodePath: Comparable {
    /// Orders paths nibble by nibble, a prefix before what it is a prefix of.
    public static func < (left: NodePath, right: NodePath) -> Bool {
        (left.a, left.b, left.c, left.d, left.length)
            < (right.a, right.b, right.c, right.d, right.length)
    }
}

extension NodePath {
    /// The nibbles with a flag for leaves and one for odd counts (Yellow Paper, appendix C).
    package func compact(isLeaf: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count / 2 + 1)
        let flag: UInt8 = isLeaf ? 0x20 : 0
        if length & 1 == 1 {
            bytes.append(flag | 0x10 | self[0])
            dropFirst(1).appendPacked(to: &bytes)
        } else {
            bytes.append(flag)
            appendPacked(to: &bytes)
        }
        return bytes
    }

    /// Reads what ``compact(isLeaf:)`` writes; `nil` for anything else.
    init?(compact bytes: Span<UInt8>, isLeaf: inout Bool) {
        guard bytes.count >= 1, bytes.count <= 33, bytes[0] < 0x40 else { return nil }
        let isOdd = bytes[0] & 0x10 != 0
        guard isOdd || bytes[0] & 15 == 0 else { return nil }
        guard bytes.count <= 32 || !isOdd else { return nil }
        isLeaf = bytes[0] & 0x20 != 0
        self.init()
        var words: InlineArray<4, UInt64> = [0, 0, 0, 0]
        for index in 1..<bytes.count {
            words[(index - 1) >> 3] |= UInt64(bytes[index]) << UInt64(56 - 8 * ((index - 1) & 7))
        }
        (a, b, c, d) = (words[0], words[1], words[2], words[3])
        length = UInt8(2 * (bytes.count - 1))
        guard isOdd else { return }
        // The odd nibble comes first.
        let rest = self
        self.init()
        append(bytes[0] & 15)
        self = appending(rest)
    }
}

extension NodePath: CustomStringConvertible {
    /// The nibbles as hexadecimal digits.
    public var description: String {
        (0..<count).map { String(self[$0], radix: 16) }.joined()
    }
}
