public import Primitives

/// Why a transaction cannot be part of a block: nothing of it is executed.
public enum InvalidTransaction: Error, Hashable, Sendable {
    /// The kind came with a later revision.
    case kindNotActive(Transaction.Kind)
    /// It is for another chain.
    case wrongChain(found: UInt64, expected: UInt64)
    /// The sender already used the nonce.
    case nonceTooLow(found: UInt64, expected: UInt64)
    /// The sender has not yet used a nonce before it.
    case nonceTooHigh(found: UInt64, expected: UInt64)
    /// The nonce is the greatest there is (EIP-2681).
    case nonceAtLimit
    /// It may use more gas than the block has left.
    case gasLimitAboveBlock(found: UInt64, left: UInt64)
    /// It may use more gas than any transaction (EIP-7825).
    case gasLimitAboveCap(found: UInt64, cap: UInt64)
    /// Its gas does not pay for its bytes and announcements.
    case intrinsicGas(found: UInt64, needed: UInt64)
    /// Its gas does not pay the floor for its data (EIP-7623).
    case floorGas(found: UInt64, needed: UInt64)
    /// The sender has less than it may come to cost.
    case insufficientFunds(found: UInt256, needed: UInt256)
    /// The sender is a contract (EIP-3607).
    case senderIsContract
    /// The code that creates is longer than allowed (EIP-3860).
    case initcodeTooLong(found: Int, limit: Int)
    /// It pays less than the base fee (EIP-1559).
    case feeBelowBaseFee(found: UInt256, baseFee: UInt256)
    /// It gives the block's maker more than it pays at all (EIP-1559).
    case priorityAboveFee
    /// It pays less than the price of blobs (EIP-4844).
    case blobFeeBelowPrice(found: UInt256, price: UInt256)
    /// It is of the kind with blobs and has none (EIP-4844).
    case noBlobs
    /// It has more blobs than a transaction or the block may have (EIP-4844, EIP-7594).
    case tooManyBlobs(found: Int, limit: Int)
    /// A blob's hash is of an unknown version (EIP-4844).
    case blobVersion(UInt8)
    /// Its kind cannot create a contract (EIP-4844, EIP-7702).
    case noRecipient
    /// It is of the kind with authorizations and has none (EIP-7702).
    case noAuthorizations
}
