public import Identifiers
public import Primitives

/// What running code can ask about the block and the transaction that it runs in.
public struct Environment: Sendable {
    /// The chain's number.
    public var chainID: UInt64 = 1
    /// The block's number.
    public var number: UInt64 = 0
    /// The block's time, in seconds of Unix time.
    public var timestamp: UInt64 = 0
    /// Who gets the fees.
    public var coinbase: Address = .zero
    /// The block's gas limit.
    public var gasLimit: UInt64 = 0
    /// The fee that is burnt, per gas (EIP-1559).
    public var baseFee: UInt256 = .zero
    /// The beacon's randomness (EIP-4399), or the difficulty before the merge.
    public var prevRandao: UInt256 = .zero
    /// The price of blob gas (EIP-7516).
    public var blobBaseFee: UInt256 = .zero
    /// The number of the block's slot (EIP-7843).
    public var slotNumber: UInt64 = 0
    /// Who signed the transaction.
    public var origin: Address = .zero
    /// What the transaction pays for gas.
    public var gasPrice: UInt256 = .zero
    /// The versioned hashes of the transaction's blobs (EIP-4844).
    public var blobHashes: [Hash32] = []

    /// Creates an environment with every field empty.
    public init() {}
}
