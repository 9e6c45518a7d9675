public import EVM
public import Identifiers

/// Which rules hold at which block of a chain.
///
/// Blocks of any Ethereum-like chain are executed by the same code: what differs stands here.
public struct ChainRules: Hashable, Sendable {
    /// When something begins to hold.
    public enum Activation: Hashable, Sendable {
        /// From the block with this number on.
        case block(UInt64)
        /// From the first block with this time, in seconds of Unix time, on.
        case time(UInt64)

        /// Whether it holds at a block.
        public func holds(atNumber number: UInt64, timestamp: UInt64) -> Bool {
            switch self {
            case .block(let first): number >= first
            case .time(let first): timestamp >= first
            }
        }
    }

    /// One upgrade of the rules.
    public struct Fork: Hashable, Sendable {
        /// The rules that hold from then on.
        public let revision: Revision
        /// When.
        public let activation: Activation

        /// Creates an upgrade.
        public init(_ revision: Revision, _ activation: Activation) {
            self.revision = revision
            self.activation = activation
        }
    }

    /// One change of the blobs' parameters (EIP-7840, EIP-7892).
    public struct BlobChange: Hashable, Sendable {
        /// The parameters that hold from then on.
        public let parameters: BlobParameters
        /// When.
        public let activation: Activation

        /// Creates a change.
        public init(_ parameters: BlobParameters, _ activation: Activation) {
            self.parameters = parameters
            self.activation = activation
        }
    }

    /// One delay of the difficulty bomb beyond what the forks' own rules say.
    public struct BombDelay: Hashable, Sendable {
        /// By how many blocks it is put off in all.
        public let blocks: UInt64
        /// From when on.
        public let activation: Activation

        /// Creates a delay.
        public init(_ blocks: UInt64, _ activation: Activation) {
            self.blocks = blocks
            self.activation = activation
        }
    }

    /// The number that transactions name the chain by.
    public var chainID: UInt64
    /// The upgrades, oldest first.
    public var forks: [Fork]
    /// The changes of the blobs' parameters, oldest first; each fork's own if empty.
    public var blobChanges: [BlobChange]
    /// The delays of the difficulty bomb that came without other rules, oldest first.
    public var bombDelays: [BombDelay] = []
    /// The contract whose logs are deposits (EIP-6110).
    public var depositContract: Address
    /// The block at which the DAO's ether was moved; `nil` where it never was.
    public var daoForkBlock: UInt64?
    /// Whether blocks before the merge pay their makers a reward.
    public var paysBlockRewards: Bool
    /// Whether state that did not come to be is paid, as before April 2026 (EIP-8037).
    public var paysForFailedState = false
    /// Whether the chain is one developer's own, whose operator may set time, fees and accounts.
    public var isDevelopment = false

    /// Creates rules.
    public init(
        chainID: UInt64, forks: [Fork], blobChanges: [BlobChange] = [],
        depositContract: Address = ChainRules.mainnetDepositContract, daoForkBlock: UInt64? = nil,
        paysBlockRewards: Bool = true
    ) {
        self.chainID = chainID
        self.forks = forks
        self.blobChanges = blobChanges
        self.depositContract = depositContract
        self.daoForkBlock = daoForkBlock
        self.paysBlockRewards = paysBlockRewards
    }

    /// Creates rules that hold from the first block on.
    public init(chainID: UInt64, revision: Revision = .latest) {
        self.init(chainID: chainID, forks: [Fork(revision, .block(0))])
    }

    /// The deposit contract of Ethereum's main chain.
    public static let mainnetDepositContract = Address(
        a: 0x0000_0000_219a_b540, b: 0x356c_bb83_9cbe_0530, c: 0x3d77_05fa)

    /// The rules at a block.
    public func revision(atNumber number: UInt64, timestamp: UInt64) -> Revision {
        let fork = forks.last { $0.activation.holds(atNumber: number, timestamp: timestamp) }
        return fork?.revision ?? .frontier
    }

    /// The blobs' parameters at a block; `nil` before Cancun.
    public func blobParameters(atNumber number: UInt64, timestamp: UInt64) -> BlobParameters? {
        let change = blobChanges.last {
            $0.activation.holds(atNumber: number, timestamp: timestamp)
        }
        let revision = revision(atNumber: number, timestamp: timestamp)
        guard revision >= .cancun else { return nil }
        if let change { return change.parameters }
        return revision >= .amsterdam ? .amsterdam : revision >= .prague ? .prague : .cancun
    }
}
