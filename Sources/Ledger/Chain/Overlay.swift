public import Identifiers
import Machine
public import Primitives
import Store

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
    /// What the disk is told when it is final, but for the head and the certificate.
    let writes: [Write]

    /// Creates what is kept of an executed block; `pruning` is what the disk then forgets.
    init(block: Block, receipts: [Receipt], state: StateLayer, pruning: [Write]) {
        self.block = block
        self.receipts = receipts
        var places: [Hash32: Int] = [:]
        places.reserveCapacity(block.transactions.count)
        for (index, transaction) in block.transactions.enumerated() {
            places[transaction.hash] = index
        }
        self.places = places
        writes = state.writes + Overlay.writes(of: block, receipts) + pruning
        var state = state
        state.writes = []
        self.state = state
    }

    /// The accounts that it changed, in no order.
    public var changedAccounts: some Sequence<Address> { state.accounts.keys }

    /// The block's hash.
    public var hash: Hash32 { block.hash }
    /// The block's header.
    public var header: Header { block.header }
    /// The block's number.
    public var number: UInt64 { block.header.number }

    private static func writes(of block: Block, _ receipts: [Receipt]) -> [Write] {
        let number = Tables.key(block.number)
        return [
            Write(Tables.headers, number, block.storedHeader),
            Write(Tables.bodies, number, block.storedBody),
            Write(Tables.receipts, number, Receipt.stored(receipts)),
            Write(Tables.numbers, Tables.key(block.hash), number),
        ] + places(of: block)
    }

    /// What tells the places of a block's transactions.
    static func places(of block: Block) -> [Write] {
        let number = Tables.key(block.number)
        let places = block.transactions.enumerated().map { ($1.hash, $0) }.sorted { $0.0 < $1.0 }
        return places.map { hash, index in
            let place = UInt32(truncatingIfNeeded: index)
            let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: place >> $0) }
            return Write(Tables.transactions, Tables.key(hash), number + bytes)
        }
    }
}
