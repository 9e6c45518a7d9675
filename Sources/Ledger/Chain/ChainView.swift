import Identifiers
public import Machine
public import Primitives
import Store

/// The chain up to one block, to be read from any thread: what jobs and the RPC are handed.
///
/// Blocks up to the disk's newest are read from a snapshot of the disk, those after it from memory.
/// Let go of a view soon: its snapshot keeps the disk from reusing space.
public struct ChainView: Sendable {
    /// Where a transaction is.
    public struct Place: Hashable, Sendable {
        /// The block's hash.
        public let block: Hash32
        /// The block's number.
        public let number: UInt64
        /// Which of the block's transactions it is.
        public let index: Int
    }

    /// The chain's rules.
    public internal(set) var rules: ChainRules
    /// The newest block's header.
    public let head: Header
    /// The newest block's hash.
    public let headHash: Hash32
    /// The newest final block; those after it may still be replaced.
    public let finalized: UInt64
    /// How much of the past is kept.
    public let history: History

    /// Whether a block's time may be its parent's: so on chains with several blocks a second.
    public let timesMayRepeat: Bool

    /// The blocks that are not in the snapshot, newest first.
    let layers: [Overlay]
    let snapshot: any Snapshot
    /// How many blocks the snapshot holds: their numbers are less than this.
    let blocksOnDisk: UInt64

    /// The same chain as if its next block had other rules: where these hang on total difficulty.
    public func following(_ rules: ChainRules) -> ChainView {
        var view = self
        view.rules = rules
        return view
    }

    /// The newest block's number.
    public var number: UInt64 { head.number }

    /// The state after the newest block.
    public var state: LedgerState {
        LedgerState(
            layers: layers, snapshot: snapshot, blocksOnDisk: blocksOnDisk, number: head.number)
    }

    /// The state after a block; throws if it is not in the chain, or too long ago.
    public func state(at number: UInt64) throws(ChainError) -> LedgerState {
        guard number <= head.number else { throw .unknownNumber(number) }
        if number + 1 < blocksOnDisk {
            let oldest = oldestState
            guard number >= oldest else { throw .statePruned(number: number, oldest: oldest) }
        }
        return LedgerState(
            layers: layers.filter { $0.number <= number }, snapshot: snapshot,
            blocksOnDisk: blocksOnDisk,
            number: number)
    }

    /// The oldest block whose state can be read.
    public var oldestState: UInt64 {
        guard let bytes = snapshot.value(Tables.Meta.oldestState.key, in: Tables.meta) else {
            return 0
        }
        return Tables.number(bytes) ?? 0
    }

    /// The blocks that a damaged database holds, as far as they are readable.
    public static func damaged(on snapshot: any Snapshot, of chain: Chain) -> ChainView {
        let last = snapshot.last(in: Tables.headers)
        let number = last.flatMap { Tables.number($0.key) } ?? 0
        let header = last.flatMap { try? Header(decoding: Array($0.value.dropFirst(32))) }
        return ChainView(
            rules: chain.rules, head: header ?? chain.head,
            headHash: header?.hash ?? chain.headHash,
            finalized: number, history: .full, timesMayRepeat: true, layers: [],
            snapshot: snapshot, blocksOnDisk: number + 1)
    }

    /// The oldest block that is kept besides the first; 0 if all are.
    public var oldestBlock: UInt64 {
        snapshot.value(Tables.Meta.oldestBlock.key, in: Tables.meta)
            .flatMap { Tables.number($0) } ?? 0
    }

    /// Whether the chain had a block that is kept no more.
    public func isPruned(_ number: UInt64) -> Bool { number > 0 && number < oldestBlock }

    /// The hash of the block with a number; `nil` if the chain has none.
    public func hash(number: UInt64) -> Hash32? {
        if let layer = layer(number) { return layer.hash }
        return storedHeader(number).flatMap { Hash32(Array($0.prefix(32))) }
    }

    /// The number of the block with a hash; `nil` if the chain has none.
    public func number(hash: Hash32) -> UInt64? {
        if let layer = layers.first(where: { $0.hash == hash }) { return layer.number }
        return snapshot.value(Tables.key(hash), in: Tables.numbers).flatMap { Tables.number($0) }
    }

    /// The header of the block with a number; `nil` if the chain has none.
    public func header(number: UInt64) -> Header? {
        if let layer = layer(number) { return layer.header }
        return storedHeader(number).flatMap { try? Header(decoding: Array($0.dropFirst(32))) }
    }

    /// The header of the block with a hash; `nil` if the chain has none.
    public func header(hash: Hash32) -> Header? {
        number(hash: hash).flatMap { header(number: $0) }
    }

    /// The block with a number; `nil` if the chain has none.
    public func block(number: UInt64) -> Block? {
        if let layer = layer(number) { return layer.block }
        guard let header = header(number: number), let hash = hash(number: number),
            let body = snapshot.value(Tables.key(number), in: Tables.bodies)
        else { return nil }
        return Block(header: header, hash: hash, storedBody: body)
    }

    /// The block with a hash; `nil` if the chain has none.
    public func block(hash: Hash32) -> Block? { number(hash: hash).flatMap { block(number: $0) } }

    /// The receipts of the block with a number; `nil` if the chain has none.
    public func receipts(number: UInt64) -> [Receipt]? {
        if let layer = layer(number) { return layer.receipts }
        return snapshot.value(Tables.key(number), in: Tables.receipts)
            .flatMap { Receipt.stored($0) }
    }

    /// The receipts of the block with a hash; `nil` if the chain has none.
    public func receipts(hash: Hash32) -> [Receipt]? {
        number(hash: hash).flatMap { receipts(number: $0) }
    }

    /// Where a transaction is; `nil` if the chain has none with this hash.
    public func transaction(_ hash: Hash32) -> Place? {
        for layer in layers {
            guard let index = layer.places[hash] else { continue }
            return Place(block: layer.hash, number: layer.number, index: index)
        }
        guard let bytes = snapshot.value(Tables.key(hash), in: Tables.transactions),
            bytes.count == 12, let number = Tables.number(bytes),
            let block = self.hash(number: number)
        else { return nil }
        let index = bytes.suffix(4).reduce(0) { $0 << 8 | Int($1) }
        return Place(block: block, number: number, index: index)
    }

    /// The bytes with which consensus proved a block final; `nil` if none are kept.
    public func certificate(number: UInt64) -> [UInt8]? {
        snapshot.value(Tables.key(number), in: Tables.certificates)
    }

    /// A block that is in memory.
    func layer(_ number: UInt64) -> Overlay? {
        guard number >= blocksOnDisk, number <= head.number else { return nil }
        let index = Int(head.number - number)
        return index < layers.count ? layers[index] : nil
    }

    private func storedHeader(_ number: UInt64) -> [UInt8]? {
        guard number < blocksOnDisk else { return nil }
        return snapshot.value(Tables.key(number), in: Tables.headers)
    }
}
