public import Identifiers
public import Primitives

/// What a block says of itself: its hash is the block's name.
///
/// The last fields came with forks, in this order; each can be there only if those before it are.
public struct Header: Hashable, Sendable {
    /// The block before it.
    public var parentHash: Hash32 = .zero
    /// Keccak-256 of the ommers' list.
    public var ommersHash: Hash32 = Header.emptyOmmersHash
    /// Who gets the fees.
    public var beneficiary: Address = .zero
    /// The root of the state after the block.
    public var stateRoot: Hash32 = .zero
    /// The root of its transactions.
    public var transactionsRoot: Hash32 = .zero
    /// The root of their receipts.
    public var receiptsRoot: Hash32 = .zero
    /// The bloom of all its logs.
    public var logsBloom: Bloom = .empty
    /// The difficulty; zero since the merge (EIP-3675).
    public var difficulty: UInt256 = .zero
    /// How many blocks are before it.
    public var number: UInt64 = 0
    /// How much gas its transactions may use.
    public var gasLimit: UInt64 = 0
    /// How much gas they used.
    public var gasUsed: UInt64 = 0
    /// When it was made, in seconds of Unix time.
    public var timestamp: UInt64 = 0
    /// At most 32 bytes that mean nothing to execution.
    public var extraData: [UInt8] = []
    /// The proof of work's mix; since the merge the beacon's randomness (EIP-4399).
    public var mixHash: Hash32 = .zero
    /// The proof of work's nonce; zero since the merge.
    public var nonce: UInt64 = 0
    /// The fee that is burnt, per gas (London, EIP-1559).
    public var baseFeePerGas: UInt256?
    /// The root of the withdrawals (Shanghai, EIP-4895).
    public var withdrawalsRoot: Hash32?
    /// The gas that blobs used (Cancun, EIP-4844).
    public var blobGasUsed: UInt64?
    /// How much blob gas was used over target so far (Cancun, EIP-4844).
    public var excessBlobGas: UInt64?
    /// The root of the parent beacon block (Cancun, EIP-4788).
    public var parentBeaconBlockRoot: Hash32?
    /// The commitment to requests to the consensus layer (Prague, EIP-7685).
    public var requestsHash: Hash32?
    /// Keccak-256 of the block's access list (Amsterdam, EIP-7928).
    public var blockAccessListHash: Hash32?
    /// The number of the slot that it was made in (Amsterdam, EIP-7843).
    public var slotNumber: UInt64?

    /// Creates a header with every field empty.
    public init() {}

    /// Keccak-256 of an empty list, in RLP.
    public static let emptyOmmersHash = Hash32(
        a: 0x1dcc_4de8_dec7_5d7a, b: 0xab85_b567_b6cc_d41a,
        c: 0xd312_451b_948a_7413, d: 0xf0a1_42fd_40d4_9347)
}
