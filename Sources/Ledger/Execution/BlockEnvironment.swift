public import EVM
public import Identifiers
public import Primitives

/// What execution needs to know of a block besides its transactions.
public struct BlockEnvironment: Sendable {
    /// The chain's rules.
    public var rules: ChainRules
    /// The rules at this block.
    public var revision: Revision
    /// The parameters of blobs at this block; `nil` before Cancun.
    public var blobParameters: BlobParameters?
    /// The block's number.
    public var number: UInt64
    /// When it is made, in seconds of Unix time.
    public var timestamp: UInt64
    /// Who gets the fees.
    public var coinbase: Address
    /// How much gas its transactions may use.
    public var gasLimit: UInt64
    /// The fee that is burnt, per gas; zero before London.
    public var baseFee: UInt256
    /// The beacon's randomness (EIP-4399), or the difficulty before the merge.
    public var prevRandao: UInt256
    /// How much blob gas was used over target so far (EIP-4844).
    public var excessBlobGas: UInt64
    /// The block before it (EIP-2935).
    public var parentHash: Hash32
    /// The root of the parent beacon block (EIP-4788); without one nothing is stored.
    public var parentBeaconBlockRoot: Hash32?
    /// The number of its slot (EIP-7843).
    public var slotNumber: UInt64 = 0
    /// The hashes of the 256 blocks before it, by number.
    public var blockHash: @Sendable (UInt64) -> Hash32

    /// Creates an environment; the revision and the blobs' parameters follow from the rules.
    public init(
        rules: ChainRules, number: UInt64, timestamp: UInt64, coinbase: Address,
        gasLimit: UInt64, baseFee: UInt256 = .zero, prevRandao: UInt256 = .zero,
        excessBlobGas: UInt64 = 0, parentHash: Hash32 = .zero,
        parentBeaconBlockRoot: Hash32? = nil,
        blockHash: @escaping @Sendable (UInt64) -> Hash32 = { _ in .zero }
    ) {
        self.rules = rules
        revision = rules.revision(atNumber: number, timestamp: timestamp)
        blobParameters = rules.blobParameters(atNumber: number, timestamp: timestamp)
        self.number = number
        self.timestamp = timestamp
        self.coinbase = coinbase
        self.gasLimit = gasLimit
        self.baseFee = baseFee
        self.prevRandao = prevRandao
        self.excessBlobGas = excessBlobGas
        self.parentHash = parentHash
        self.parentBeaconBlockRoot = parentBeaconBlockRoot
        self.blockHash = blockHash
    }

    /// Creates the environment that a block's header describes.
    public init(
        _ header: Header, rules: ChainRules,
        blockHash: @escaping @Sendable (UInt64) -> Hash32 = { _ in .zero }
    ) {
        let isMerged =
            rules.revision(atNumber: header.number, timestamp: header.timestamp) >= .paris
        self.init(
            rules: rules, number: header.number, timestamp: header.timestamp,
            coinbase: header.beneficiary, gasLimit: header.gasLimit,
            baseFee: header.baseFeePerGas ?? .zero,
            prevRandao: isMerged ? UInt256(header.mixHash) : header.difficulty,
            excessBlobGas: header.excessBlobGas ?? 0, parentHash: header.parentHash,
            parentBeaconBlockRoot: header.parentBeaconBlockRoot, blockHash: blockHash)
        slotNumber = header.slotNumber ?? 0
    }

    /// What a caller wants the price of blob gas to be.
    public var wantedBlobBaseFee: UInt256?

    /// The price of blob gas; zero before Cancun.
    public var blobBaseFee: UInt256 {
        wantedBlobBaseFee ?? blobParameters?.baseFee(excess: excessBlobGas) ?? .zero
    }

    /// What running code can ask about the block.
    var interpreterEnvironment: Environment {
        var environment = Environment()
        environment.chainID = rules.chainID
        environment.number = number
        environment.timestamp = timestamp
        environment.coinbase = coinbase
        environment.gasLimit = gasLimit
        environment.baseFee = baseFee
        environment.prevRandao = prevRandao
        environment.blobBaseFee = blobBaseFee
        environment.slotNumber = slotNumber
        return environment
    }
}
