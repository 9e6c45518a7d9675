public import Primitives

/// A block that is executed and not yet on disk, with all that it changed.
///
/// It never changes, so any number of views and jobs share it.
public final class Overlay: Sendable {
    /// The block.
    public let block: Block
    /// The receipts of its transactions.
    public let receipts: [Receipt]
    /// Where each of its transactions is, by hash.
    let places: [Hash32: Int]
    /// What it changed.
    let state: StateLayer

    init(block: Block, receipts: [Receipt], state: StateLayer) {
        self.block = block
        self.receipts = receipts
        self.state = state
        var places: [Hash32: Int] = [:]
        places.reserveCapacity(block.transactions.count)
        for (index, transaction) in block.transactions.enumerated() {
            places[transaction.hash] = index
        }
        self.places = places
    }

    /// The block's hash.
    public var hash: Hash32 { block.hash }
    /// The block's header.
    public var header: Header { block.header }
    /// The block's number.
    public var number: UInt64 { block.header.number }
}
