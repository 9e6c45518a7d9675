public import Machine
public import Primitives
import Store
import Trie

/// The ledger as a node holds it: the newest final block, and the blocks after it in memory.
///
/// Only final blocks go to disk. What is not final is kept as a tree of ``Overlay``s; after a crash
/// it is executed again. Copies are cheap, and reads go through ``ChainView``.
public struct Chain: Sendable {
    /// The chain's rules.
    public let rules: ChainRules
    /// The hash of the first block.
    public let genesisHash: Hash32
    /// The newest final block's header.
    public private(set) var head: Header
    /// The newest final block's hash.
    public private(set) var headHash: Hash32

    /// How much of the past is kept.
    public let history: History
    /// Whether a block's time may be its parent's: so on chains with several blocks a second.
    let timesMayRepeat: Bool
    /// Where its blocks and its state lie.
    public let disk: any Disk
    /// The blocks that are not known to be on disk, by hash.
    private var overlays: [Hash32: Overlay] = [:]

    /// How many blocks may be in memory: more than any healthy chain has, and little enough.
    public static let overlayLimit = 512

    init(
        rules: ChainRules, genesisHash: Hash32, head: Header, headHash: Hash32,
        history: History, timesMayRepeat: Bool, disk: any Disk, overlays: [Overlay] = []
    ) {
        self.rules = rules
        self.genesisHash = genesisHash
        self.head = head
        self.headHash = headHash
        self.history = history
        self.timesMayRepeat = timesMayRepeat
        self.disk = disk
        for overlay in overlays { self.overlays[overlay.hash] = overlay }
    }

    /// The view of the newest final block.
    public var view: ChainView {
        // The head is always there: on disk, or in memory until it is.
        view(of: headHash) ?? view(layers: [], head: head, headHash, disk.snapshot())
    }

    /// The view of a block and all before it; `nil` if it is neither in memory nor the head.
    public func view(of hash: Hash32) -> ChainView? {
        let snapshot = disk.snapshot()
        guard let newest = overlays[hash] else {
            return hash == headHash ? view(layers: [], head: head, hash, snapshot) : nil
        }
        let onDisk = blocks(on: snapshot)
        var layers: [Overlay] = []
        var next: Overlay? = newest
        while let layer = next, layer.number >= onDisk {
            layers.append(layer)
            next = overlays[layer.header.parentHash]
        }
        return view(layers: layers, head: newest.header, hash, snapshot)
    }

    private func view(
        layers: [Overlay], head: Header, _ hash: Hash32, _ snapshot: any Snapshot
    ) -> ChainView {
        ChainView(
            rules: rules, head: head, headHash: hash, finalized: self.head.number,
            history: history, timesMayRepeat: timesMayRepeat, layers: layers,
            snapshot: snapshot,
            blocksOnDisk: blocks(on: snapshot))
    }

    private func blocks(on snapshot: any Snapshot) -> UInt64 {
        let bytes = snapshot.value(Tables.Meta.head.key, in: Tables.meta)
        return bytes.flatMap { Tables.number($0) }.map { $0 &+ 1 } ?? 0
    }

    /// A block that is in memory: not final, or not yet on disk.
    public func overlay(_ hash: Hash32) -> Overlay? { overlays[hash] }

    /// Whether a block can be built upon: it is the newest final one, or comes after it.
    public func isOpen(_ hash: Hash32) -> Bool {
        hash == headHash || overlays[hash].map { $0.number > head.number } ?? false
    }

    /// Takes in an executed block; throws if its parent cannot be built upon, or there are too many.
    public mutating func insert(_ overlay: Overlay) throws(ChainError) {
        guard isOpen(overlay.header.parentHash) else {
            throw .unknownBlock(overlay.header.parentHash)
        }
        guard overlays.count < Chain.overlayLimit || overlays[overlay.hash] != nil else {
            throw .tooMany("more than \(Chain.overlayLimit) blocks that are not final")
        }
        overlays[overlay.hash] = overlay
    }

    /// Makes a block final, with those before it: what to commit, and what to tell.
    ///
    /// Blocks that exclude it are forgotten. The block is readable at once; call
    /// ``committed(_:)`` when the writes are on disk. `certificate` is consensus's proof.
    public mutating func finalize(
        _ hash: Hash32, certificate: [UInt8] = []
    ) throws(ChainError) -> Finalization {
        guard hash != headHash else { return Finalization(writes: [], blocks: []) }
        var blocks: [Overlay] = []
        var next = hash
        while next != headHash {
            guard let overlay = overlays[next], overlay.number > head.number else {
                throw .unknownBlock(hash)
            }
            blocks.append(overlay)
            next = overlay.header.parentHash
        }
        blocks.reverse()
        var writes: [Write] = []
        writes.reserveCapacity(blocks.reduce(8) { $0 + $1.writes.count })
        for block in blocks { writes += block.writes }
        guard let last = blocks.last else { throw .unknownBlock(hash) }
        if !certificate.isEmpty {
            writes.append(Write(Tables.certificates, Tables.key(last.number), certificate))
        }
        writes.append(Chain.headWrite(last))
        head = last.header
        headHash = hash
        prune()
        return Finalization(writes: writes, blocks: blocks)
    }

    /// Lets go of blocks that are on disk now: a final one, and those before it.
    public mutating func committed(_ hash: Hash32) {
        guard let last = overlays[hash]?.number, last <= head.number else { return }
        overlays = overlays.filter { $0.value.number > last }
    }

    /// Forgets the blocks that can no longer become final.
    private mutating func prune() {
        var kept: [Hash32: Overlay] = [:]
        // Final blocks that are not on disk yet are still read from memory.
        var next = overlays[headHash]
        while let block = next {
            kept[block.hash] = block
            next = overlays[block.header.parentHash]
        }
        let newer = overlays.values.filter { $0.number > head.number }
        for block in newer.sorted(by: { ($0.number, $0.hash) < ($1.number, $1.hash) })
        where kept[block.header.parentHash] != nil || block.header.parentHash == headHash {
            kept[block.hash] = block
        }
        overlays = kept
    }

    static func headWrite(_ overlay: Overlay) -> Write {
        Write(Tables.meta, Tables.Meta.head.key, Tables.key(overlay.number) + overlay.hash.bytes)
    }
}

/// What comes of making blocks final.
public struct Finalization: Sendable {
    /// What to commit to disk, in one batch.
    public let writes: [Write]
    /// The blocks that became final, oldest first.
    public let blocks: [Overlay]
}

extension Overlay {
    /// All logs of the block, in order, for those who subscribed.
    public var logs: [PlacedLog] { PlacedLog.all(of: block, receipts) }
}
