import Crypto
import Encoding
public import Identifiers
public import Ledger
public import Primitives

/// What is kept at hand so that the most frequent calls need no worker.
public struct Head: Hashable, Sendable {
    /// Where a node stands that is behind.
    public struct Sync: Hashable, Sendable {
        /// The block at which it began.
        public let start: UInt64
        /// The last block it has.
        public let current: UInt64
        /// The last block there is.
        public let highest: UInt64

        /// Creates the state of a node that is behind.
        public init(start: UInt64, current: UInt64, highest: UInt64) {
            self.start = start
            self.current = current
            self.highest = highest
        }
    }

    /// The chain's number.
    public var chainID: UInt64
    /// The name and version of this node.
    public var version: String
    /// The number of the last final block.
    public var number: UInt64 = 0
    /// The base fee of the block after it.
    public var baseFee: UInt256 = .zero
    /// The blob base fee of the block after it.
    public var blobBaseFee: UInt256 = 1
    /// What is paid to the proposer per gas, to be taken soon.
    public var tip: UInt256 = .zero
    /// Who gets the fees of the blocks that this node proposes; `nil` if it proposes none.
    public var coinbase: Address?
    /// The accounts that the node signs for.
    public var accounts: [Address] = []
    /// Where the node stands; `nil` while it is not behind.
    public var sync: Sync?
    /// How many peers it is connected to.
    public var peerCount = 0
    /// How many transactions wait in the pool and could be taken.
    public var pending = 0
    /// How many transactions wait in the pool for one before them.
    public var queued = 0

    /// Creates the head of a chain without blocks.
    public init(chainID: UInt64, version: String) {
        self.chainID = chainID
        self.version = version
    }

    /// Takes over what follows from a new last block.
    public mutating func follow(_ header: Header, _ rules: ChainRules) {
        number = header.number
        baseFee = header.nextBaseFee
        blobBaseFee = header.nextBlobBaseFee(rules)
    }

    /// Answers a call.
    func answer(_ call: HeadCall) throws(RPCError) -> JSON {
        switch call {
        case .accounts: return .array(accounts.map { .data($0) })
        case .baseFee: return .quantity(baseFee)
        case .blobBaseFee: return .quantity(blobBaseFee)
        case .blockNumber: return .quantity(number)
        case .chainID: return .quantity(chainID)
        case .coinbase:
            guard let coinbase else { throw .server("etherbase must be explicitly specified") }
            return .data(coinbase)
        case .gasPrice: return .quantity(baseFee &+ tip)
        case .isListening: return true
        case .modules: return Catalogue.modules
        case .networkID: return .string("\(chainID)")
        case .peerCount: return .quantity(peerCount)
        case .poolStatus: return ["pending": .quantity(pending), "queued": .quantity(queued)]
        case .syncing: return syncing
        case .tip: return .quantity(tip)
        case .version: return .string(version)
        case .keccak(let bytes): return .data(keccak256(bytes))
        }
    }

    private var syncing: JSON {
        guard let sync else { return false }
        return [
            "startingBlock": .quantity(sync.start), "currentBlock": .quantity(sync.current),
            "highestBlock": .quantity(sync.highest),
        ]
    }
}
