/// The bounds of everything that a caller can make grow.
public enum RPCLimits {
    /// The longest request, in bytes; the driver takes no longer body either.
    public static let requestSize = 5 * 1024 * 1024
    /// How deep a request's JSON may be nested.
    public static let requestDepth = 32
    /// The most calls in one batch.
    public static let batchCount = 100
    /// The most bytes of replies to one batch.
    public static let responseSize = 25 * 1024 * 1024
    /// The most requests that wait for an answer, over all callers.
    public static let openRequests = 4_096
    /// The most requests of one WebSocket that wait for an answer.
    public static let openRequestsPerSession = 128
    /// The most calls that workers have at once, of those that are answered quickly.
    public static let quickCallsAtOnce = 32
    /// The most filters, over all callers.
    public static let filters = 1_024
    /// The most entries that a filter keeps until it is asked.
    public static let filterEntries = 10_000
    /// How long a filter is kept that nobody asks.
    public static let filterLife = Duration.seconds(300)
    /// The most subscriptions, over all WebSockets.
    public static let subscriptions = 4_096
    /// The most subscriptions of one WebSocket.
    public static let subscriptionsPerSession = 64
    /// The most addresses of one log filter.
    public static let filterAddresses = 1_000
    /// The most choices at one position of a log filter's topics.
    public static let filterTopics = 1_000
    /// The most slots that one proof or one look at storage covers.
    public static let slots = 1_024
    /// The most blocks in one fee history.
    public static let feeHistoryBlocks: UInt64 = 1_024
    /// The most blocks in one fee history with percentiles.
    public static let tipHistoryBlocks: UInt64 = 128
    /// The most percentiles in one fee history.
    public static let feePercentiles = 100
    /// The most gas that a call may use.
    public static let callGas: UInt64 = 50_000_000
    /// The most accounts that a call may override.
    public static let overrides = 1_024
    /// The most withdrawals of one imagined block.
    public static let withdrawals = 1_024
    /// The most blocks that one simulation may imagine.
    public static let simulatedBlocks: UInt64 = 256
    /// The most gas that the rules' own calls may use in one simulation.
    public static let simulatedSystemGas: UInt64 = 100_000_000
    /// The most blocks that one search for frames goes through.
    static let tracedBlocks: UInt64 = 128
    /// The most frames that one search finds.
    static let tracedFrames = 10_000
    /// The most imagined transactions that are traced one after another.
    static let tracedCalls = 100
    /// The most gas that imagined transactions may use that are traced one after another.
    static let tracedGas: UInt64 = 200_000_000
    /// The longest query in GraphQL, in bytes.
    static let graphSize = 64 * 1024
    /// How deep a query's fields and values may be nested.
    static let graphDepth = 32
    /// The most fields that a query may name, those of fragments counted wherever they are used.
    static let graphSelections = 1_000
    /// The most that a query may cost: one for each field that is answered, more for blocks.
    static let graphCost = 20_000
    /// The most blocks that one field of a query lists.
    static let graphBlocks: UInt64 = 512
    /// The most transactions of the pool that a query sees.
    public static let graphWaiting = 1_024
    /// The most tracers at once.
    static let tracers = 8
    /// How often an access list is made again with the one before.
    static let accessListRounds = 16
    /// The most bytes of what one trace collects.
    public static let traceSize = 25 * 1024 * 1024
    /// The longest transaction, in bytes.
    public static let transactionSize = 128 * 1024
}
