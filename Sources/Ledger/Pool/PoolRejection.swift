public import Primitives

/// Why a transaction is refused at the door.
///
/// The texts are those of go-ethereum, which wallets know.
public enum PoolRejection: Error, Hashable, Sendable {
    /// It could not be part of a block.
    case invalid(InvalidTransaction)
    /// It is in the pool, or in the chain.
    case alreadyKnown
    /// It carries blobs, which this network does not spread.
    case blobs
    /// It has more bytes than one may have.
    case oversized(found: Int, limit: Int)
    /// It pays less than is asked for, or less than all that are there when the pool is full.
    case underpriced(found: UInt256, needed: UInt256)
    /// It does not pay enough more than the one with its nonce.
    case replacementUnderpriced
    /// The sender has as many in the pool as it may have.
    case accountLimit(Int)
    /// There is no room, and none that should go in its place.
    case full
}

extension PoolRejection: CustomStringConvertible {
    /// The reason, as go-ethereum says it.
    public var description: String {
        switch self {
        case .invalid(let reason): reason.description
        case .alreadyKnown: "already known"
        case .blobs: "transaction type not supported: blobs are not spread on this network"
        case .oversized(let found, let limit):
            "oversized data: transaction size \(found), limit \(limit)"
        case .underpriced(let found, let needed):
            "transaction underpriced: gas tip cap \(found), minimum needed \(needed)"
        case .replacementUnderpriced: "replacement transaction underpriced"
        case .accountLimit(let limit): "account limit exceeded: \(limit) pending"
        case .full: "txpool is full"
        }
    }
}
