public import Primitives

/// Why a block is refused: nothing of it is kept.
public enum InvalidBlock: Error, Hashable, Sendable {
    /// Its parent is not the block it was checked upon.
    case parent(found: Hash32, expected: Hash32)
    /// The number does not follow the parent's.
    case number(found: UInt64, expected: UInt64)
    /// The time is not after the parent's.
    case timestamp(found: UInt64, parent: UInt64)
    /// The gas limit is too far from the parent's, or too low.
    case gasLimit(found: UInt64, parent: UInt64)
    /// More gas was used than there is, or not what execution used.
    case gasUsed(found: UInt64, expected: UInt64)
    /// The extra data are longer than 32 bytes, or not those that the maker must write.
    case extraData
    /// The extra data are not those of the DAO fork's first blocks (EIP-779).
    case daoForkExtraData
    /// The difficulty does not follow from the parent; after the merge it is zero (EIP-3675).
    case difficulty(found: UInt256, expected: UInt256)
    /// The nonce is not zero after the merge.
    case nonce
    /// The ommers are not those of the header, or there are any after the merge.
    case ommers
    /// One of the ommers cannot stand in the block.
    case ommer(InvalidOmmer)
    /// The base fee does not follow from the parent.
    case baseFee(found: UInt256?, expected: UInt256?)
    /// The withdrawals are not those of the header, or are there too early, or missing.
    case withdrawals
    /// The excess of blob gas does not follow from the parent.
    case excessBlobGas(found: UInt64?, expected: UInt64?)
    /// The blob gas is above the limit, not of whole blobs, or not what the transactions use.
    case blobGasUsed(found: UInt64?, expected: UInt64?)
    /// The root of the parent beacon block is there too early, or missing.
    case parentBeaconBlockRoot
    /// The requests are not those of the header, or are there too early, or missing.
    case requestsHash(found: Hash32?, expected: Hash32?)
    /// The access list is not that of the header, or is there too early, or missing (EIP-7928).
    case accessList(found: Hash32?, expected: Hash32?)
    /// The access list names more than the block's gas allows (EIP-7928).
    case accessListSize(found: Int, limit: Int)
    /// The block has more bytes than it may have (EIP-7934).
    case size(found: Int, limit: Int)
    /// The transactions are not those of the header.
    case transactionsRoot(found: Hash32, expected: Hash32)
    /// The receipts are not those of the header.
    case receiptsRoot(found: Hash32, expected: Hash32)
    /// The bloom is not that of the logs.
    case logsBloom
    /// The state after the block is not that of the header.
    case stateRoot(found: Hash32, expected: Hash32)
    /// Execution refused the body.
    case body(BlockError)
    /// The own database is damaged: the block may be good.
    case ledger(ChainError)
}
