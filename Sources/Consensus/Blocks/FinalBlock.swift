import Crypto
import Encoding
public import Primitives

/// What the ledger keeps beside a final block, so that the next start and other nodes know its
/// place (SPEC §7.2).
public struct FinalBlock: Hashable, Sendable {
    /// How many blocks it stands on.
    public let height: UInt64
    /// The view it was proposed in.
    public let view: UInt64
    /// The proposal it stands on.
    public let parent: Hash32
    /// The hash of the value.
    public let value: Hash32
    /// The justification it was proposed with, encoded.
    public let justification: [UInt8]
    /// Its own finalization; `nil` where that of a descendant made it final.
    public let finalization: Certificate?

    /// The proposal's name.
    public func id(in instance: Instance) -> Hash32 {
        ProposalLink(view: view, parent: parent, value: value).id(in: instance)
    }

    /// Reads a record that the ledger kept.
    public init(decoding bytes: [UInt8]) throws(WireError) {
        do throws(RLP.Failure) {
            let fields = try RLP.decode(bytes).list("final block", count: 6)
            height = try fields[0].number64("height")
            view = try fields[1].number64("view")
            parent = try fields[2].hash("parent")
            value = try fields[3].hash("value hash")
            justification = try fields[4].bytes("justification")
            finalization = try fields[5].certificate()
        } catch {
            throw .malformed(error)
        }
    }

    /// The record to keep: `[height, view, parent, hash, justification, finalization or []]`.
    public var encoded: [UInt8] {
        RLP.encode(
            .list([
                .number(height), .number(view), .hash(parent), .hash(value),
                .bytes(justification), finalization?.rlp ?? .list([]),
            ]))
    }

    init(height: UInt64, _ block: ProposedValue, finalization: Certificate?) {
        self.height = height
        view = block.view
        parent = block.parent
        value = block.value.hash
        justification = block.justification
        self.finalization = finalization
    }

    /// What stands for the genesis.
    init(genesisOf instance: Instance) {
        height = 0
        view = 0
        parent = .zero
        value = instance.genesisHash
        justification = []
        finalization = nil
    }
}
