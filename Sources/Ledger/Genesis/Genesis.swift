import EVM
public import Identifiers
public import Primitives

/// How a chain begins: its rules, its first block, its accounts and its validators.
///
/// Read from the JSON that other clients read, too; what is Martlet's own stands in `martlet`.
public struct Genesis: Sendable {
    /// The chain's rules.
    public var rules: ChainRules
    /// The first block's header; its state root is computed when the accounts are known.
    public var header: Header
    /// The accounts that are there from the start, sorted by address.
    public var accounts: [Allocation]
    /// Who decides on blocks; empty in the genesis of another chain.
    public var validators: [GenesisValidator]
    /// How long a block takes under load.
    public var blockIntervalMilliseconds: UInt64
    /// How long the chain waits when nothing happens.
    public var idleIntervalMilliseconds: UInt64

    /// Creates a beginning; computes the first block's roots.
    public init(
        rules: ChainRules, header: Header, accounts: [Allocation],
        validators: [GenesisValidator] = [], blockIntervalMilliseconds: UInt64 = 1000,
        idleIntervalMilliseconds: UInt64 = 5000
    ) {
        self.rules = rules
        self.accounts = accounts.sorted { $0.address < $1.address }
        self.validators = validators
        self.blockIntervalMilliseconds = blockIntervalMilliseconds
        self.idleIntervalMilliseconds = idleIntervalMilliseconds
        self.header = header
        self.header.complete(for: rules, stateRoot: Allocation.stateRoot(of: accounts))
    }

    /// The longest interval between blocks that a genesis may ask for, in milliseconds: a day.
    public static let longestInterval: UInt64 = 86_400_000

    /// The first block.
    public var block: Block {
        Block(
            header: header, transactions: [],
            withdrawals: header.withdrawalsRoot == nil ? nil : [])
    }

    /// The first block's hash.
    public var hash: Hash32 { header.hash }
}

/// One of those who decide on blocks from the start.
public struct GenesisValidator: Hashable, Sendable {
    /// The account of the key.
    public var address: Address
    /// The key that it votes with, on secp256k1, compressed to 33 bytes.
    public var publicKey: [UInt8]
    /// How much its vote weighs.
    public var power: UInt64
    /// Who gets the fees of the blocks that it makes.
    public var feeAddress: Address
    /// The name of its node in the network, as text; empty if it is not told.
    public var peerID: String

    /// Creates a validator.
    public init(
        address: Address, publicKey: [UInt8], power: UInt64 = 1, feeAddress: Address,
        peerID: String = ""
    ) {
        self.address = address
        self.publicKey = publicKey
        self.power = power
        self.feeAddress = feeAddress
        self.peerID = peerID
    }
}

extension Header {
    /// Fills in what the rules ask of a first block and the genesis file does not say.
    fileprivate mutating func complete(for rules: ChainRules, stateRoot root: Hash32) {
        stateRoot = root
        transactionsRoot = StoredAccount.emptyStorageRoot
        receiptsRoot = StoredAccount.emptyStorageRoot
        let revision = rules.revision(atNumber: number, timestamp: timestamp)
        if revision >= .london { baseFeePerGas = baseFeePerGas ?? 1_000_000_000 }
        if revision >= .shanghai { withdrawalsRoot = StoredAccount.emptyStorageRoot }
        if revision >= .cancun {
            blobGasUsed = blobGasUsed ?? 0
            excessBlobGas = excessBlobGas ?? 0
            parentBeaconBlockRoot = parentBeaconBlockRoot ?? .zero
        }
        if revision >= .prague { requestsHash = requestsHash ?? Header.emptyRequestsHash }
        if revision >= .amsterdam {
            blockAccessListHash = blockAccessListHash ?? BlockAccessList([]).hash
            slotNumber = slotNumber ?? 0
        }
    }

    /// The commitment to no requests: SHA-256 of nothing (EIP-7685).
    public static let emptyRequestsHash = Hash32(
        a: 0xe3b0_c442_98fc_1c14, b: 0x9afb_f4c8_996f_b924,
        c: 0x27ae_41e4_649b_934c, d: 0xa495_991b_7852_b855)
}
