public import Identifiers
public import Primitives

/// What the maker of a block decides besides its transactions.
public struct BlockAttributes: Hashable, Sendable {
    /// When it is made, in seconds of Unix time.
    public var timestamp: UInt64
    /// Who gets the fees.
    public var beneficiary: Address
    /// How much gas the block should have; its limit goes toward it step by step.
    public var gasLimit: UInt64
    /// How much gas the transactions may use: no further one is tried beyond it.
    public var gas: UInt64
    /// At most 32 bytes: consensus's commitment.
    public var extraData: [UInt8]
    /// The randomness that contracts see.
    public var prevRandao: Hash32
    /// How many bytes the transactions may have.
    public var bytes: Int
    /// Payments from outside.
    public var withdrawals: [Withdrawal]
    /// The root of the parent beacon block; zero where there is no beacon chain.
    public var parentBeaconBlockRoot: Hash32

    /// The fee per gas where it does not follow from the parent: development chains only.
    public var baseFee: UInt256?

    /// The gas limit whatever the parent's is: development chains only.
    public var setGasLimit: UInt64?

    /// Creates attributes.
    public init(
        timestamp: UInt64, beneficiary: Address, gasLimit: UInt64, gas: UInt64 = .max,
        extraData: [UInt8] = [],
        prevRandao: Hash32 = .zero, bytes: Int = 4 << 20, withdrawals: [Withdrawal] = [],
        parentBeaconBlockRoot: Hash32 = .zero
    ) {
        self.timestamp = timestamp
        self.beneficiary = beneficiary
        self.gasLimit = gasLimit
        self.gas = gas
        self.extraData = extraData
        self.prevRandao = prevRandao
        self.bytes = bytes
        self.withdrawals = withdrawals
        self.parentBeaconBlockRoot = parentBeaconBlockRoot
    }
}
