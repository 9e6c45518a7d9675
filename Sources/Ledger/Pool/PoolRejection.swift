public import Primitives

/// Why a transaction is refused at the door.
///
/// The texts are those of go-ethereum, which wallets know.
public enum PoolRejection: Error, Hashable, Sendable {
    /// It is in the pool, or in the chain.
    case alreadyKnown
    /// Nobody can have signed it.
    case invalidSender
    /// It is for another chain.
    case wrongChain(found: UInt64, expected: UInt64)
    /// Its kind is not known to the rules of the next block.
    case kindNotActive
    /// It carries blobs, which this network does not spread.
    case blobs
    /// It has more bytes than one may have.
    case oversized(found: Int, limit: Int)
    /// The code that creates is longer than allowed.
    case initcodeTooLong(found: Int, limit: Int)
    /// It may use more gas than a block.
    case gasAboveBlock(found: UInt64, limit: UInt64)
    /// It may use more gas than any transaction.
    case gasAboveCap(found: UInt64, cap: UInt64)
    /// It gives the block's maker more than it pays at all.
    case tipAboveFee
    /// Its gas does not pay for its bytes and announcements.
    case intrinsicGas(found: UInt64, needed: UInt64)
    /// Its gas does not pay the floor for its data.
    case floorGas(found: UInt64, needed: UInt64)
    /// It is of the kind with authorizations and has none.
    case noAuthorizations
    /// The sender is a contract.
    case senderIsContract
    /// The sender already used the nonce.
    case nonceTooLow(found: UInt64, next: UInt64)
    /// The nonce is too far ahead of the sender's next.
    case nonceTooHigh(found: UInt64, next: UInt64)
    /// The sender cannot pay for it, or not for all that it sent.
    case insufficientFunds(balance: UInt256, cost: UInt256)
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
        case .alreadyKnown: "already known"
        case .invalidSender: "invalid sender"
        case .wrongChain(let found, let expected):
            "invalid chain id for signer: have \(found) want \(expected)"
        case .kindNotActive: "transaction type not supported"
        case .blobs: "transaction type not supported: blobs are not spread on this network"
        case .oversized(let found, let limit):
            "oversized data: transaction size \(found), limit \(limit)"
        case .initcodeTooLong(let found, let limit):
            "max initcode size exceeded: code size \(found), limit \(limit)"
        case .gasAboveBlock: "exceeds block gas limit"
        case .gasAboveCap(let found, let cap):
            "transaction gas limit too high (cap: \(cap), tx: \(found))"
        case .tipAboveFee: "max priority fee per gas higher than max fee per gas"
        case .intrinsicGas(let found, let needed):
            "intrinsic gas too low: gas \(found), minimum needed \(needed)"
        case .floorGas(let found, let needed):
            "insufficient gas for floor data gas cost: gas \(found), minimum needed \(needed)"
        case .noAuthorizations: "EIP-7702 transaction with empty auth list"
        case .senderIsContract: "sender not an eoa"
        case .nonceTooLow(let found, let next):
            "nonce too low: next nonce \(next), tx nonce \(found)"
        case .nonceTooHigh(let found, let next):
            "nonce too high: next nonce \(next), tx nonce \(found)"
        case .insufficientFunds(let balance, let cost):
            "insufficient funds for gas * price + value: balance \(balance), tx cost \(cost), "
                + "overshot \(cost &- balance)"
        case .underpriced(let found, let needed):
            "transaction underpriced: gas tip cap \(found), minimum needed \(needed)"
        case .replacementUnderpriced: "replacement transaction underpriced"
        case .accountLimit(let limit): "account limit exceeded: \(limit) pending"
        case .full: "txpool is full"
        }
    }
}
