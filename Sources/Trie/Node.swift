import Crypto
import Encoding
import Primitives

/// A node of the trie (Yellow Paper, appendix D).
enum Node {
    /// The end of a key, and its value.
    case leaf(NodePath, [UInt8])
    /// Nibbles that all keys below share, and the branch below.
    case stem(NodePath, Reference)
    /// One child for each nibble, and the value of a key that ends here.
    case branch(Branch)

    /// How a parent names its child.
    enum Reference {
        /// There is no child.
        case none
        /// The child's hash.
        case hash(Hash32)
        /// The child itself, shorter than a hash.
        case inline([UInt8])
        /// The child's hash, which is yet to be computed: the child is this one of the writes.
        case pending(Int)

        /// Whether the child is stored by itself.
        var isStored: Bool {
            switch self {
            case .hash, .pending: true
            case .none, .inline: false
            }
        }
    }

    /// Reads a node; `nil` if the bytes are none.
    init?(_ bytes: [UInt8]) {
        if let branch = Branch(full: bytes) {
            self = .branch(branch)
            return
        }
        guard let elements = try? RLP.elements(of: bytes, limit: 17) else { return nil }
        switch elements.count {
        case 17:
            guard let branch = Branch(bytes, elements) else { return nil }
            self = .branch(branch)
        case 2:
            var isLeaf = false
            guard !elements[0].isList,
                let path = NodePath(
                    compact: bytes.span.extracting(elements[0].payload), isLeaf: &isLeaf)
            else { return nil }
            if isLeaf {
                guard !elements[1].isList, !elements[1].payload.isEmpty else { return nil }
                self = .leaf(path, Array(bytes[elements[1].payload]))
            } else {
                guard !path.isEmpty, let child = Reference(bytes, elements[1]),
                    child.isThere
                else { return nil }
                self = .stem(path, child)
            }
        default: return nil
        }
    }

    /// How many nibbles the keys below have at least from here on.
    var leastDepth: Int {
        switch self {
        case .leaf(let rest, _): rest.count
        case .stem(let stem, _): stem.count + 1
        case .branch: 1
        }
    }

    /// The RLP.
    var encoded: [UInt8] {
        switch self {
        case .branch(let branch): return branch.bytes
        case .leaf(let path, let value):
            var writer = RLP.Writer(capacity: 40 + value.count)
            writer.list { list in
                list.append(path.compact(isLeaf: true))
                list.append(value)
            }
            return writer.bytes
        case .stem(let path, let child):
            var writer = RLP.Writer(capacity: 70)
            writer.list { list in
                list.append(path.compact(isLeaf: false))
                child.write(to: &list)
            }
            return writer.bytes
        }
    }
}

extension Node.Reference {
    /// Reads a reference; `nil` if the value is none.
    init?(_ bytes: [UInt8], _ item: RLP.Item) {
        if item.isList {
            guard item.whole.count < 32 else { return nil }
            self = .inline(Array(bytes[item.whole]))
        } else if item.payload.isEmpty {
            self = .none
        } else {
            guard let hash = Hash32(bytes.span.extracting(item.payload)) else { return nil }
            self = .hash(hash)
        }
    }

    /// Whether there is a child.
    var isThere: Bool {
        if case .none = self { false } else { true }
    }

    /// Appends the reference to the parent.
    func write(to writer: inout RLP.Writer) {
        switch self {
        case .none: writer.append(0 as UInt64)
        case .hash(let hash): writer.append(hash)
        case .inline(let bytes): writer.append(encoded: bytes)
        case .pending(let index): writer.append(Node.Reference.room(index))
        }
    }

    /// What stands in the room for a hash until it is known: whose it is.
    static func room(_ index: Int) -> Hash32 { Hash32(a: UInt64(index), b: 0, c: 0, d: 0) }
}

/// A branch as its bytes: what does not change in it is copied, not decoded.
struct Branch {
    /// The RLP.
    let bytes: [UInt8]
    /// Where each of the seventeen elements starts, and where the last ends.
    private let starts: InlineArray<18, Int32>
    /// The digits, one bit for each, whose hashes are yet to be computed.
    private let pending: UInt16

    /// Finds the elements; `nil` if a child is neither missing, a hash nor a short node.
    init?(_ bytes: [UInt8], _ elements: [RLP.Item]) {
        guard bytes.count <= 1 << 30 else { return nil }
        var starts = InlineArray<18, Int32>(repeating: 0)
        for (index, element) in elements.enumerated() {
            starts[index] = Int32(element.whole.lowerBound)
            starts[index + 1] = Int32(element.whole.upperBound)
            if index < 16 {
                let fits = element.isList ? element.whole.count < 32 : true
                let isWord = element.isList || [0, 32].contains(element.payload.count)
                guard fits, isWord else { return nil }
            } else if element.isList {
                return nil
            }
        }
        self.bytes = bytes
        self.starts = starts
        pending = 0
    }

    /// Finds the elements where each child is missing or a hash, and no key ends: nearly always.
    init?(full bytes: [UInt8]) {
        guard bytes.count > 18, bytes.count <= 532, bytes[bytes.count - 1] == 0x80 else {
            return nil
        }
        // The list's header: one length byte, or two for more than 255 bytes.
        var cursor = 0
        switch bytes[0] {
        case 0xf8 where Int(bytes[1]) == bytes.count - 2 && bytes[1] > 55: cursor = 2
        case 0xf9 where Int(bytes[1]) << 8 | Int(bytes[2]) == bytes.count - 3 && bytes[1] > 0:
            cursor = 3
        default: return nil
        }
        var starts = InlineArray<18, Int32>(repeating: 0)
        for digit in 0..<16 {
            starts[digit] = Int32(cursor)
            guard cursor < bytes.count - 1 else { return nil }
            switch bytes[cursor] {
            case 0x80: cursor += 1
            case 0xa0: cursor += 33
            default: return nil
            }
        }
        guard cursor == bytes.count - 1 else { return nil }
        starts[16] = Int32(cursor)
        starts[17] = Int32(cursor + 1)
        self.bytes = bytes
        self.starts = starts
        pending = 0
    }

    /// Builds a branch from its children, sorted by digit.
    init(_ children: [(digit: UInt8, child: Node.Reference)], value: [UInt8]) {
        self.init(children, value: value, old: nil)
    }

    /// The branch with some children, sorted by digit, and perhaps the value replaced.
    func replacing(
        _ children: [(digit: UInt8, child: Node.Reference)], value: [UInt8]?
    ) -> Branch {
        if value == nil, let branch = patched(children) { return branch }
        return Branch(children, value: value, old: self)
    }

    /// The branch with hashes in the place of others, nearly always; `nil` if anything moves.
    private func patched(_ children: [(digit: UInt8, child: Node.Reference)]) -> Branch? {
        var (bytes, pending) = (bytes, pending)
        for (digit, child) in children {
            let range = range(Int(digit))
            guard range.count == 33 else { return nil }
            let bit: UInt16 = 1 << UInt16(digit)
            switch child {
            case .hash(let hash):
                bytes.put(hash, at: range.lowerBound + 1)
                pending &= ~bit
            case .pending(let index):
                bytes.put(Node.Reference.room(index), at: range.lowerBound + 1)
                pending |= bit
            case .none, .inline: return nil
            }
        }
        return Branch(bytes: bytes, starts: starts, pending: pending)
    }

    private init(bytes: [UInt8], starts: InlineArray<18, Int32>, pending: UInt16) {
        self.bytes = bytes
        self.starts = starts
        self.pending = pending
    }

    private init(
        _ children: [(digit: UInt8, child: Node.Reference)], value: [UInt8]?, old: Branch?
    ) {
        var starts = InlineArray<18, Int32>(repeating: 0)
        var pending = old?.pending ?? 0
        var writer = RLP.Writer(capacity: 552)
        writer.list { body in
            var next = 0
            for digit in 0..<16 {
                starts[digit] = Int32(body.bytes.count)
                if next < children.count, children[next].digit == digit {
                    let child = children[next].child
                    child.write(to: &body)
                    pending = pending & ~(1 << UInt16(digit))
                    if case .pending = child { pending |= 1 << UInt16(digit) }
                    next += 1
                } else if let old {
                    body.append(encoded: old.bytes, old.range(digit))
                } else {
                    body.append(encoded: Branch.nothing)
                }
            }
            starts[16] = Int32(body.bytes.count)
            if let old, value == nil {
                body.append(encoded: old.bytes, old.range(16))
            } else {
                body.append(value ?? [])
            }
            starts[17] = Int32(body.bytes.count)
        }
        bytes = writer.bytes
        let header = Int32(bytes.count) - starts[17]
        for index in 0..<18 { starts[index] += header }
        self.starts = starts
        self.pending = pending
    }

    private static let nothing: [UInt8] = [0x80]

    /// The child at a digit.
    subscript(digit: Int) -> Node.Reference {
        let range = range(digit)
        switch bytes[range.lowerBound] {
        case 0x80: return .none
        case 0xa0:
            let hash = Hash32(bytes.span.extracting(range.lowerBound + 1..<range.upperBound))
            guard let hash else { return .none }
            return pending & 1 << UInt16(digit) == 0 ? .hash(hash) : .pending(Int(hash.a))
        default: return .inline(Array(bytes[range]))
        }
    }

    /// The writes whose hashes are yet to be put in, and where.
    var awaited: [(index: Int, offset: Int)] {
        var awaited: [(index: Int, offset: Int)] = []
        var rest = pending
        while rest != 0 {
            let digit = rest.trailingZeroBitCount
            rest &= rest &- 1
            guard case .pending(let index) = self[digit] else { continue }
            awaited.append((index, range(digit).lowerBound + 1))
        }
        return awaited
    }

    /// The digits at which there is a child, one bit for each.
    var digits: UInt16 {
        var digits: UInt16 = 0
        for digit in 0..<16 where isThere(digit) { digits |= 1 << UInt16(digit) }
        return digits
    }

    /// Whether there is a child at a digit.
    func isThere(_ digit: Int) -> Bool { bytes[range(digit).lowerBound] != 0x80 }

    /// The value of a key that ends here; empty if none does.
    var value: [UInt8] {
        let range = range(16)
        guard let item = try? RLP.item(in: bytes, at: range.lowerBound, end: range.upperBound)
        else { return [] }
        return Array(bytes[item.payload])
    }

    /// Where the hash of the child at a digit begins, if the branch names it by one.
    func offset(of digit: UInt8) -> Int { Int(starts[Int(digit)]) + 1 }

    private func range(_ index: Int) -> Range<Int> { Int(starts[index])..<Int(starts[index + 1]) }
}

extension [UInt8] {
    /// Writes the thirty-two bytes of a hash over those at an offset.
    mutating func put(_ hash: Hash32, at offset: Int) {
        let words: InlineArray<4, UInt64> = [
            hash.a.bigEndian, hash.b.bigEndian, hash.c.bigEndian, hash.d.bigEndian,
        ]
        precondition(offset >= 0 && offset + 32 <= count, "no room for the hash")
        unsafe withUnsafeMutableBytes { bytes in
            for index in 0..<4 {
                // The room is checked above.
                unsafe bytes.storeBytes(
                    of: words[index], toByteOffset: offset + 8 * index, as: UInt64.self)
            }
        }
    }
}
