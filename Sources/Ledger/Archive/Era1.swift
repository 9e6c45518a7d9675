public import Encoding
public import Primitives

/// Up to 8,192 blocks from before the merge, as clients hand them around: the format era1.
///
/// A file is entries of e2store one after another: version, then for each block its header, body,
/// receipts and the total difficulty, then what commits to all of them, and where each begins.
public struct Era1: Sendable {
    /// One block.
    public struct Entry: Hashable, Sendable {
        /// The header's RLP.
        public let header: [UInt8]
        /// The RLP of the lists of transactions and of ommers.
        public let body: [UInt8]
        /// The RLP of the list of receipts.
        public let receipts: [UInt8]
        /// The difficulty of this block and of all before it.
        public let totalDifficulty: UInt256
    }

    /// The number of the first block.
    public let firstNumber: UInt64
    /// The blocks.
    public let entries: [Entry]
    /// The root of all blocks' hashes and total difficulties.
    public let accumulator: Hash32

    /// How many blocks a file has at most.
    public static let countLimit = 8192

    /// The most bytes of a header, a body or receipts, unpacked.
    static let partLimit = 64 << 20

    /// Reads a file.
    public init(decoding bytes: [UInt8]) throws(Era1Error) {
        var reader = E2Store(bytes)
        _ = try reader.next(.version, count: 0)
        var entries: [Entry] = []
        var starts: [Int] = []
        while reader.kind == Era1.Kind.header.rawValue {
            guard entries.count < Era1.countLimit else {
                throw .tooMany(limit: Era1.countLimit)
            }
            starts.append(reader.cursor)
            let header = try reader.unpacked(.header)
            let body = try reader.unpacked(.body)
            let receipts = try reader.unpacked(.receipts)
            let total = try reader.next(.totalDifficulty, count: 32)
            guard let difficulty = UInt256(bigEndian: Array(bytes[total].reversed())) else {
                throw .truncated(at: total.lowerBound)
            }
            entries.append(
                Entry(header: header, body: body, receipts: receipts, totalDifficulty: difficulty))
        }
        let root = try reader.next(.accumulator, count: 32)
        guard let accumulator = Hash32(bytes.span.extracting(root)) else {
            throw .truncated(at: root.lowerBound)
        }
        firstNumber = try reader.index(of: starts)
        self.entries = entries
        self.accumulator = accumulator
    }

    /// What the entries of a file hold.
    enum Kind: UInt16 {
        case version = 0x3265
        case header = 3
        case body
        case receipts
        case totalDifficulty
        case accumulator
        case index = 0x3266
    }
}

/// What can be wrong with an archive of blocks.
public enum Era1Error: Error, Hashable, Sendable {
    /// The file ends before what it promises.
    case truncated(at: Int)
    /// There is another entry than the one that comes next.
    case kind(found: UInt16?, expected: UInt16, at: Int)
    /// An entry of a set length has another, or its reserved bytes are not zero.
    case shape(at: Int)
    /// There are more blocks than a file may have.
    case tooMany(limit: Int)
    /// A part cannot be unpacked.
    case packing(at: Int, Snappy.Failure)
    /// A block does not begin where the index says, or the index has another count.
    case index
    /// Bytes follow the last entry.
    case trailing(at: Int)
    /// A body is no list.
    case body(RLP.Failure)
}

/// The entries of a file, one after another (e2store).
private struct E2Store {
    private let bytes: [UInt8]
    private(set) var cursor = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// What comes next; `nil` at the end.
    var kind: UInt16? {
        guard bytes.count - cursor >= 8 else { return nil }
        return UInt16(number(at: cursor, width: 2))
    }

    /// A number, the least byte first; the bytes must be there.
    private func number(at start: Int, width: Int) -> UInt64 {
        bytes[start..<(start + width)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Passes an entry of a kind, and returns where its value is.
    mutating func next(_ kind: Era1.Kind, count: Int? = nil) throws(Era1Error) -> Range<Int> {
        guard self.kind == kind.rawValue else {
            throw .kind(found: self.kind, expected: kind.rawValue, at: cursor)
        }
        let found = Int(number(at: cursor + 2, width: 4))
        guard found == count ?? found, number(at: cursor + 6, width: 2) == 0 else {
            throw .shape(at: cursor)
        }
        guard found <= bytes.count - cursor - 8 else { throw .truncated(at: bytes.count) }
        let start = cursor + 8
        cursor = start + found
        return start..<cursor
    }

    /// Passes an entry of a kind, and unpacks its value.
    mutating func unpacked(_ kind: Era1.Kind) throws(Era1Error) -> [UInt8] {
        let start = cursor
        let range = try next(kind)
        do {
            return try Snappy.decodeFrames(Array(bytes[range]), limit: Era1.partLimit)
        } catch {
            throw .packing(at: start, error)
        }
    }

    /// Passes the index, which is the last entry; returns the first block's number.
    mutating func index(of starts: [Int]) throws(Era1Error) -> UInt64 {
        let start = cursor
        let range = try next(.index, count: 8 * (starts.count + 2))
        guard cursor == bytes.count else { throw .trailing(at: cursor) }
        guard number(at: range.upperBound - 8, width: 8) == starts.count else { throw .index }
        for (index, expected) in starts.enumerated() {
            let back = number(at: range.lowerBound + 8 * (index + 1), width: 8)
            guard UInt64(start) &+ back == expected else { throw .index }
        }
        return number(at: range.lowerBound, width: 8)
    }
}
