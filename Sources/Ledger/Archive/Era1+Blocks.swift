import Crypto
import Encoding
public import Primitives

extension Era1.Entry {
    /// The RLP of the block, as it went over the network.
    public var block: [UInt8] {
        get throws(Era1Error) {
            let lists: RLP.Item
            do throws(RLP.Failure) {
                lists = try RLP.item(in: body, at: 0, end: body.count)
            } catch {
                throw .body(error)
            }
            guard lists.isList, lists.whole.upperBound == body.count else {
                throw .body(.unexpected("body"))
            }
            var writer = RLP.Writer(capacity: header.count + body.count + 8)
            writer.list { list in
                list.append(encoded: header)
                list.append(encoded: body, lists.payload)
            }
            return writer.bytes
        }
    }
}

extension Era1 {
    /// The root that the blocks have: a tree of SHA-256 as high as for 8,192, and their count.
    ///
    /// It is SSZ's hash of a list of pairs of a block's hash and its total difficulty.
    public var root: Hash32 {
        var level = entries.map { entry in
            SHA256.hash(keccak256(entry.header).bytes + entry.totalDifficulty.hash.bytes.reversed())
        }
        // What stands for a part of the tree in which nothing is.
        var nothing = [UInt8](repeating: 0, count: 32)
        for _ in 0..<Era1.countLimit.trailingZeroBitCount {
            if level.count.isMultiple(of: 2) == false { level.append(nothing) }
            level = stride(from: 0, to: level.count, by: 2).map {
                SHA256.hash(level[$0] + level[$0 + 1])
            }
            nothing = SHA256.hash(nothing + nothing)
        }
        let count = UInt256(entries.count).hash.bytes.reversed()
        return Hash32(SHA256.hash((level.first ?? nothing) + count)) ?? .zero
    }
}
