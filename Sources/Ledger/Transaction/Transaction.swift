public import Identifiers
public import Primitives

/// A signed order to the ledger: pay, call or create.
///
/// One shape for all five kinds: what a kind does not have is empty, and its decoder and encoder
/// know which fields are its own.
public struct Transaction: Hashable, Sendable {
    /// The kinds, by the byte before their envelope (EIP-2718).
    public enum Kind: UInt8, CaseIterable, Sendable {
        /// The first form, with no envelope; bound to a chain or not (EIP-155).
        case legacy = 0
        /// With an access list (EIP-2930).
        case accessList = 1
        /// With a fee for the block and one for its maker (EIP-1559).
        case dynamicFee = 2
        /// With blobs (EIP-4844).
        case blob = 3
        /// With authorizations that set accounts' code (EIP-7702).
        case setCode = 4
    }

    /// An address and slots of it that are announced ahead (EIP-2930).
    public struct Access: Hashable, Sendable {
        /// The account.
        public var address: Address
        /// Slots of its storage.
        public var slots: [UInt256]

        /// Creates an announcement.
        public init(address: Address, slots: [UInt256] = []) {
            self.address = address
            self.slots = slots
        }
    }

    /// Which form it has.
    public var kind: Kind
    /// The chain it is for; `nil` in a legacy transaction that holds on any chain.
    public var chainID: UInt64?
    /// How many transactions its sender sent before.
    public var nonce: UInt64
    /// The most gas it may use.
    public var gasLimit: UInt64
    /// Whom it pays or calls; `nil` to create a contract.
    public var to: Address?
    /// What it pays, in wei.
    public var value: UInt256
    /// The input of the call, or the code that creates the contract.
    public var data: [UInt8]
    /// The most it pays for a unit of gas; the gas price in kinds that have but one.
    public var maxFeePerGas: UInt256
    /// The most of it that goes to the block's maker; the gas price in kinds that have but one.
    public var maxPriorityFeePerGas: UInt256
    /// What it announces to touch.
    public var accessList: [Access] = []
    /// The most it pays for a unit of blob gas.
    public var maxFeePerBlobGas: UInt256 = .zero
    /// The versioned hashes of its blobs.
    public var blobHashes: [Hash32] = []
    /// The authorizations that it carries.
    public var authorizationList: [Authorization] = []
    /// Who signed it: the parity of the signature's point, 0 or 1.
    public var yParity: UInt8 = 0
    /// The first half of the signature.
    public var r: UInt256 = .zero
    /// The second half of the signature.
    public var s: UInt256 = .zero

    /// Creates a transaction with one gas price: a legacy one, or one with an access list.
    public init(
        chainID: UInt64?, nonce: UInt64, gasPrice: UInt256, gasLimit: UInt64, to: Address?,
        value: UInt256 = .zero, data: [UInt8] = [], accessList: [Access]? = nil
    ) {
        kind = accessList == nil ? .legacy : .accessList
        self.chainID = chainID
        self.nonce = nonce
        self.gasLimit = gasLimit
        self.to = to
        self.value = value
        self.data = data
        self.maxFeePerGas = gasPrice
        self.maxPriorityFeePerGas = gasPrice
        self.accessList = accessList ?? []
    }

    /// Creates a transaction with a fee for the block and one for its maker (EIP-1559).
    public init(
        chainID: UInt64, nonce: UInt64, maxPriorityFeePerGas: UInt256, maxFeePerGas: UInt256,
        gasLimit: UInt64, to: Address?, value: UInt256 = .zero, data: [UInt8] = [],
        accessList: [Access] = []
    ) {
        kind = .dynamicFee
        self.chainID = chainID
        self.nonce = nonce
        self.gasLimit = gasLimit
        self.to = to
        self.value = value
        self.data = data
        self.maxFeePerGas = maxFeePerGas
        self.maxPriorityFeePerGas = maxPriorityFeePerGas
        self.accessList = accessList
    }

    /// The price of gas in kinds that have but one; the most it pays in the others.
    public var gasPrice: UInt256 { maxFeePerGas }

    /// The gas that its blobs use (EIP-4844).
    public var blobGas: UInt64 { UInt64(blobHashes.count) * BlobParameters.gasPerBlob }

    /// What a unit of gas costs it at a base fee (EIP-1559); the most it pays is not below that.
    public func effectiveGasPrice(baseFee: UInt256) -> UInt256 {
        let (sum, overflow) = baseFee.addingReportingOverflow(maxPriorityFeePerGas)
        return overflow || sum > maxFeePerGas ? maxFeePerGas : sum
    }

    /// What of a unit's cost goes to the block's maker; `nil` if the base fee is above the most.
    public func priorityFee(baseFee: UInt256) -> UInt256? {
        maxFeePerGas < baseFee ? nil : effectiveGasPrice(baseFee: baseFee) &- baseFee
    }
}
