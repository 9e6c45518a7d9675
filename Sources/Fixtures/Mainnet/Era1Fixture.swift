import Encoding
import Ledger
import Primitives
import Trie

/// The blocks of an archive: each must follow the one before, and commit to what lies beside it.
///
/// The state cannot be checked: the accounts of the first block are not in the archive.
enum Era1Fixture {
    static func run(_ bytes: [UInt8]) throws -> [CaseResult] {
        let archive = try Era1(decoding: bytes)
        guard archive.root == archive.accumulator else {
            throw FixtureError("root \(archive.root), expected \(archive.accumulator)")
        }
        var parent: Header?
        return archive.entries.enumerated().map { index, entry in
            let number = archive.firstNumber &+ UInt64(index)
            return CaseResult(name: "\(number)") {
                let block = try Block(decoding: try entry.block, isFrontier: true)
                defer { parent = block.header }
                return try difference(block, entry, number: number, parent)
            }
        }
    }

    private static func difference(
        _ block: Block, _ entry: Era1.Entry, number: UInt64, _ parent: Header?
    ) throws -> String? {
        let header = block.header
        if header.number != number { return "number \(header.number)" }
        if let parent, parent.hash != header.parentHash { return "another parent" }
        if Block.transactionsRoot(block.transactions) != header.transactionsRoot {
            return "another root of transactions"
        }
        if Block.ommersHash(block.ommers) != header.ommersHash { return "other ommers" }
        let receipts = try RLP.elements(of: entry.receipts).map { item in
            try Receipt(decoding: Array(entry.receipts[item.isList ? item.whole : item.payload]))
        }
        if Block.receiptsRoot(receipts) != header.receiptsRoot { return "other receipts" }
        var bloom = Bloom.empty
        for receipt in receipts { bloom.formUnion(receipt.bloom) }
        return bloom == header.logsBloom ? nil : "another bloom"
    }
}
