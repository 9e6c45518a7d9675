import EVM
import Primitives

/// Why an ommer cannot stand in a block (Yellow Paper, 11.1).
public enum InvalidOmmer: Error, Hashable, Sendable {
    /// There are more than two.
    case tooMany(Int)
    /// It is a block of the chain itself.
    case ancestor
    /// It is in the chain already, or twice in the block.
    case repeated
    /// Its parent is the block's own, so it is not older than the block.
    case sibling
    /// Its parent is none of the last seven blocks.
    case unknownParent
}

extension ChainView {
    /// How many ommers a block may have.
    static let ommersLimit = 2

    /// Checks the ommers of the block that comes next; the first thing that is wrong is told.
    func check(_ ommers: [Header], of header: Header) throws(InvalidBlock) {
        guard !ommers.isEmpty else { return }
        guard ommers.count <= ChainView.ommersLimit else {
            throw .ommer(.tooMany(ommers.count))
        }
        var (ancestors, seen) = family()
        for ommer in ommers {
            let hash = ommer.hash
            guard ancestors[hash] == nil else { throw .ommer(.ancestor) }
            guard seen.insert(hash).inserted else { throw .ommer(.repeated) }
            guard ommer.parentHash != header.parentHash else { throw .ommer(.sibling) }
            guard let parent = ancestors[ommer.parentHash] else {
                throw .ommer(.unknownParent)
            }
            try ommer.check(
                after: parent, hash: ommer.parentHash, rules, timesMayRepeat: timesMayRepeat)
        }
    }

    /// The last seven blocks, by hash, and the ommers that they have.
    private func family() -> (ancestors: [Hash32: Header], ommers: Set<Hash32>) {
        var ancestors: [Hash32: Header] = [:]
        var ommers: Set<Hash32> = []
        for back in 0...min(6, head.number) {
            guard let block = block(number: head.number - back) else { break }
            ancestors[block.hash] = block.header
            for ommer in block.ommers { ommers.insert(ommer.hash) }
        }
        return (ancestors, ommers)
    }
}
