import Crypto
import Encoding
import Primitives
import Trie

/// The root of a map by the book (Yellow Paper, appendix D), which updates are held against.
enum ReferenceTrie {
    /// The root of a map: no key twice, no value empty, in any order.
    static func root(of entries: [(key: [UInt8], value: [UInt8])]) -> Hash32 {
        guard !entries.isEmpty else { return Trie.emptyRoot }
        let sorted = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        return keccak256(node(sorted, 0..<sorted.count, depth: 0))
    }

    /// The RLP of the node that holds the entries in a range, which agree in `depth` nibbles.
    private static func node(
        _ entries: [(key: [UInt8], value: [UInt8])], _ range: Range<Int>, depth: Int
    ) -> [UInt8] {
        let first = entries[range.lowerBound].key
        if range.count == 1 {
            var writer = RLP.Writer(capacity: 40 + entries[range.lowerBound].value.count)
            writer.list { list in
                list.append(compact(first, depth..<first.count * 2, isLeaf: true))
                list.append(entries[range.lowerBound].value)
            }
            return writer.bytes
        }
        let end = agreement(first, entries[range.upperBound - 1].key, from: depth)
        let branch = branch(entries, range, depth: end)
        guard end > depth else { return branch }
        var writer = RLP.Writer(capacity: 70)
        writer.list { list in
            list.append(compact(first, depth..<end, isLeaf: false))
            append(branch, to: &list)
        }
        return writer.bytes
    }

    private static func branch(
        _ entries: [(key: [UInt8], value: [UInt8])], _ range: Range<Int>, depth: Int
    ) -> [UInt8] {
        var writer = RLP.Writer(capacity: 544)
        writer.list { list in
            var start = range.lowerBound
            // A key that ends here sorts first, and its value is the branch's own.
            let ends = entries[start].key.count * 2 == depth
            if ends { start += 1 }
            for digit in 0..<16 {
                let child = start
                while start < range.upperBound, nibble(entries[start].key, depth) == digit {
                    start += 1
                }
                if child == start {
                    list.append([])
                } else {
                    append(node(entries, child..<start, depth: depth + 1), to: &list)
                }
            }
            list.append(ends ? entries[range.lowerBound].value : [])
        }
        return writer.bytes
    }

    /// Appends a node to its parent: itself if it is shorter than a hash, else its hash.
    private static func append(_ node: [UInt8], to list: inout RLP.Writer) {
        if node.count < 32 {
            list.append(encoded: node)
        } else {
            list.append(keccak256(node))
        }
    }

    private static func nibble(_ key: [UInt8], _ index: Int) -> Int {
        Int(index.isMultiple(of: 2) ? key[index / 2] >> 4 : key[index / 2] & 15)
    }

    /// The count of nibbles in which two keys agree, which is not less than `start`.
    private static func agreement(_ left: [UInt8], _ right: [UInt8], from start: Int) -> Int {
        let limit = min(left.count, right.count) * 2
        var index = start
        while index < limit, nibble(left, index) == nibble(right, index) { index += 1 }
        return index
    }

    /// Nibbles as bytes, with a flag for leaves and one for odd counts (Yellow Paper, appendix C).
    private static func compact(_ key: [UInt8], _ range: Range<Int>, isLeaf: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count / 2 + 1)
        var flag: UInt8 = isLeaf ? 0x20 : 0
        var index = range.lowerBound
        if !range.count.isMultiple(of: 2) {
            flag |= 0x10 | UInt8(nibble(key, index))
            index += 1
        }
        bytes.append(flag)
        while index < range.upperBound {
            bytes.append(UInt8(nibble(key, index) << 4 | nibble(key, index + 1)))
            index += 2
        }
        return bytes
    }
}
