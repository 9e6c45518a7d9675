import Encoding
public import Identifiers
public import Primitives

/// A call, decoded: by whom it is answered, and what is asked.
public enum Call: Hashable, Sendable {
    /// Answered on the spot, from the little that is kept at hand.
    case head(HeadCall)
    /// Answered by a worker, from a view of the chain.
    case read(ReadCall)
    /// A transaction for the pool: its bytes.
    case submit([UInt8])
    /// Answered by the node, which alone knows.
    case node(NodeCall)
    /// A filter or subscription, kept here.
    case watch(WatchCall)
}

/// Calls that need only the head, or nothing.
public enum HeadCall: Hashable, Sendable {
    /// The accounts that the node signs for: none, but on a development chain.
    case accounts
    /// The base fee of the next block.
    case baseFee
    /// The blob base fee of the next block.
    case blobBaseFee
    /// The number of the last final block.
    case blockNumber
    /// The chain's number.
    case chainID
    /// Who gets the fees of the blocks that this node proposes.
    case coinbase
    /// What gas costs now, the proposer's part counted in.
    case gasPrice
    /// Whether the node takes connections.
    case isListening
    /// The spaces of names.
    case modules
    /// The chain's number, in decimal.
    case networkID
    /// How many peers are connected.
    case peerCount
    /// How many transactions wait.
    case poolStatus
    /// Whether the node is behind, and how far.
    case syncing
    /// What is paid to the proposer per gas.
    case tip
    /// The name and version of the node.
    case version
    /// Keccak-256 of some bytes.
    case keccak([UInt8])
}

/// Calls that read the chain or its state.
public enum ReadCall: Hashable, Sendable {
    /// What an account owns after a block.
    case balance(Address, BlockSelector)
    /// How many transactions an account sent, up to a block.
    case nonce(Address, BlockSelector)
    /// An account's code after a block.
    case code(Address, BlockSelector)
    /// One slot of an account after a block.
    case storage(Address, StorageKey, BlockSelector)
    /// Slots of several accounts after a block.
    case storageValues([StorageRequest], BlockSelector)
    /// What proves an account and slots of it (EIP-1186).
    case proof(Address, [StorageKey], BlockSelector)
    /// What an imagined transaction returns.
    case call(CallRequest, BlockSelector, Overrides)
    /// How much gas an imagined transaction needs.
    case estimateGas(CallRequest, BlockSelector, Overrides)
    /// What gas cost in the blocks up to one.
    case feeHistory(count: UInt64, newest: BlockSelector, percentiles: [Double])
    /// A transaction by its hash.
    case transaction(Hash32)
    /// A transaction by its place in a block.
    case transactionAt(BlockSelector, index: UInt64)
    /// What came of a transaction.
    case receipt(Hash32)
    /// A block, its transactions whole or by hash.
    case block(BlockSelector, full: Bool)
    /// How many transactions a block has.
    case transactionCount(BlockSelector)
    /// What came of all a block's transactions.
    case receipts(BlockSelector)
    /// How many ommers a block has.
    case ommerCount(BlockSelector)
    /// An ommer by its place in a block.
    case ommer(BlockSelector, index: UInt64)
    /// The logs that a query asks for.
    case logs(LogQuery)
    /// A block's header, as it is hashed.
    case rawHeader(BlockSelector)
    /// A block, in RLP.
    case rawBlock(BlockSelector)
    /// A block's receipts, as their root commits to them.
    case rawReceipts(BlockSelector)
    /// A transaction, as it stands in its block.
    case rawTransaction(Hash32)
    /// What of the chain's history the node can tell.
    case capabilities
    /// The rules that hold, and those that come next (EIP-7910).
    case configuration
    /// The accounts and slots that an imagined transaction touches (EIP-2930).
    case accessList(CallRequest, BlockSelector, Overrides)
    /// What came of imagined blocks after one of the chain's.
    case imagine(ImaginedBlocks, BlockSelector)
    /// How a transaction of the chain ran.
    case trace(Hash32, TraceOptions)
    /// How the transactions of a block ran.
    case traceBlock(BlockSelector, TraceOptions)
    /// How an imagined transaction runs.
    case traceCall(CallRequest, BlockSelector, Overrides, TraceOptions)
    /// The accounts that changed after a block up to another; without one, in the block.
    case changedAccounts(BlockSelector, BlockSelector?)
    /// How code ran, as Parity told it.
    case parity(ParityCall)
    /// The block that these attributes and transactions make after one of the chain's.
    case build(BuildRequest)
    /// What a query in GraphQL asks for.
    case query(GraphQuery)
}

/// Calls that the node answers itself: what it knows of consensus, peers and the pool.
public enum NodeCall: Hashable, Sendable {
    /// The height, view, leader, peers, and who is missing for a quorum.
    case status
    /// The validators and their powers.
    case validators
    /// Cut off from all peers, or joined again: development networks only.
    case isolate(Bool)
    /// The nonce that an account's next transaction should have, with the pool counted in.
    case pendingNonce(Address)
    /// A transaction that waits in the pool; the chain is asked if it does not.
    case pooled(Hash32)
    /// All that waits in the pool, or all of one sender.
    case poolContent(Address?)
    /// A block of what waits in the pool; a worker makes it.
    case build(BuildRequest)
    /// A query in GraphQL, which sees what waits in the pool; a worker answers it.
    case query(GraphQuery)
    /// Something that only the operator of a development chain may ask, and under what name.
    case develop(DevelopmentCall, method: String)
}

/// Calls about filters and subscriptions.
public enum WatchCall: Hashable, Sendable {
    /// Keep the new logs that a query asks for.
    case newLogFilter(LogQuery)
    /// Keep the hashes of new blocks.
    case newBlockFilter
    /// Keep the transactions that come to the pool, whole or by hash.
    case newTransactionFilter(full: Bool)
    /// What a filter kept since it was last asked.
    case changes(WatchID)
    /// All logs that a log filter's query asks for.
    case filterLogs(WatchID)
    /// Drop a filter.
    case uninstall(WatchID)
    /// Push the headers of new blocks.
    case subscribeHeads
    /// Push the new logs that a query asks for.
    case subscribeLogs(LogQuery)
    /// Push the transactions that come to the pool, whole or by hash.
    case subscribeTransactions(full: Bool)
    /// End a subscription.
    case unsubscribe(WatchID)
}

/// The name of a filter or subscription.
public struct WatchID: Hashable, Sendable, Comparable {
    /// The number that the name stands for.
    public let number: UInt64

    /// Creates a name.
    public init(_ number: UInt64) { self.number = number }

    /// The name as callers see it.
    public var text: String { Quantity.text(number) }

    /// Orders names by number.
    public static func < (left: WatchID, right: WatchID) -> Bool { left.number < right.number }
}

/// A slot of storage as a caller names it: at most 32 bytes, echoed in the form it came.
public struct StorageKey: Hashable, Sendable {
    /// The slot.
    public let slot: UInt256
    /// Whether the caller wrote all sixty-four digits.
    public let isWhole: Bool

    /// The slot in the form it came.
    var json: JSON { isWhole ? .data(slot.hash) : .quantity(slot) }

    init(reading json: JSON) throws(ParameterFault) {
        guard let text = json.text else { throw .text("expected a storage key") }
        var digits = Array(text.hasPrefix("0x") ? text.dropFirst(2).utf8 : text[...].utf8)
        if !digits.count.isMultiple(of: 2) { digits.insert(0x30, at: 0) }
        guard digits.count <= 64 else {
            throw .whole(
                .invalidParameters("storage key too long (want at most 32 bytes): \"\(text)\""))
        }
        guard let bytes = try? Quantity.bytes(digits: digits),
            let slot = UInt256(bigEndian: bytes)
        else { throw .whole(.invalidParameters("invalid hex in storage key: \"\(text)\"")) }
        self.slot = slot
        isWhole = digits.count == 64
    }
}

/// Slots of one account that a caller wants to see.
public struct StorageRequest: Hashable, Sendable {
    /// The account.
    public let address: Address
    /// The slots.
    public let keys: [StorageKey]

    static func all(_ json: JSON) throws(ParameterFault) -> [StorageRequest] {
        guard let members = json.members else { throw .text("expected an object") }
        guard !members.isEmpty else { throw .whole(.invalidParameters("empty request")) }
        var requests: [StorageRequest] = []
        var count = 0
        for member in members {
            let keys = try list(member.value)
            count += keys.count
            guard count <= RPCLimits.slots else {
                throw .whole(.invalidParameters("too many slots, at most \(RPCLimits.slots)"))
            }
            requests.append(
                StorageRequest(address: try Read.address(.string(member.name)), keys: keys))
        }
        return requests
    }

    static func list(_ json: JSON) throws(ParameterFault) -> [StorageKey] {
        guard let elements = json.elements else { throw .text("expected an array of keys") }
        guard elements.count <= RPCLimits.slots else {
            throw .whole(.invalidParameters("too many slots, at most \(RPCLimits.slots)"))
        }
        var keys: [StorageKey] = []
        for element in elements { keys.append(try StorageKey(reading: element)) }
        return keys
    }
}
