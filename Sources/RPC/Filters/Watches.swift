import Encoding
import Ledger
import Machine
import Primitives

/// The filters that callers poll, and the subscriptions that are pushed over WebSockets.
///
/// Both want the same three things: heads, logs, or transactions on their way. A filter keeps what
/// it saw until it is asked; one that is not asked for five minutes, or that overflows, is dropped,
/// so that its caller learns of the loss instead of missing entries.
struct Watches {
    /// What is wanted.
    enum Topic: Hashable, Sendable {
        case heads
        case logs(LogQuery)
        case transactions(full: Bool)
    }

    private struct Filter {
        let topic: Topic
        var entries: [JSON] = []
        var deadline: Instant
    }

    private struct Subscription {
        let topic: Topic
        let session: Session
    }

    private var filters: [WatchID: Filter] = [:]
    private var subscriptions: [WatchID: Subscription] = [:]
    private var random: Random

    init(seed: UInt64) {
        random = Random(seed: seed)
    }

    /// When to look for filters that expired: not later than the first does.
    private(set) var deadline: Instant?

    /// Begins to keep what a caller wants to poll.
    mutating func install(_ topic: Topic, at now: Instant) throws(RPCError) -> WatchID {
        expire(at: now)
        guard filters.count < RPCLimits.filters else { throw .limitExceeded }
        let id = fresh()
        let end = now.advanced(by: RPCLimits.filterLife)
        filters[id] = Filter(topic: topic, deadline: end)
        deadline = min(deadline ?? end, end)
        return id
    }

    /// What a filter kept since it was last asked.
    mutating func changes(_ id: WatchID, at now: Instant) throws(RPCError) -> [JSON] {
        guard var filter = filters[id] else { throw .filterNotFound }
        defer { filters[id] = filter }
        filter.deadline = now.advanced(by: RPCLimits.filterLife)
        defer { filter.entries = [] }
        return filter.entries
    }

    /// Keeps a log filter for longer, since it is asked for.
    mutating func touch(_ id: WatchID, at now: Instant) throws(RPCError) {
        guard filter(id) != nil else { throw .filterNotFound }
        filters[id]?.deadline = now.advanced(by: RPCLimits.filterLife)
    }

    /// What logs a filter is for; `nil` if it is not there.
    func filter(_ id: WatchID) -> LogQuery? {
        if case .logs(let filter)? = filters[id]?.topic { filter } else { nil }
    }

    /// Drops a filter; tells whether it was there.
    mutating func uninstall(_ id: WatchID) -> Bool { filters.removeValue(forKey: id) != nil }

    /// Gives filters back what they kept at a moment; those that were not there keep nothing.
    mutating func restore(_ old: Watches?) {
        for id in Array(filters.keys) { filters[id]?.entries = old?.filters[id]?.entries ?? [] }
    }

    /// Begins to push to a WebSocket.
    mutating func subscribe(_ session: Session, to topic: Topic) throws(RPCError) -> WatchID {
        let own = subscriptions.values.count { $0.session == session }
        guard own < RPCLimits.subscriptionsPerSession,
            subscriptions.count < RPCLimits.subscriptions
        else { throw .limitExceeded }
        let id = fresh()
        subscriptions[id] = Subscription(topic: topic, session: session)
        return id
    }

    /// Ends a subscription; tells whether this WebSocket had it.
    mutating func unsubscribe(_ id: WatchID, _ session: Session) -> Bool {
        guard subscriptions[id]?.session == session else { return false }
        subscriptions[id] = nil
        return true
    }

    /// Ends all subscriptions of a WebSocket that is gone.
    mutating func drop(_ session: Session) {
        subscriptions = subscriptions.filter { $0.value.session != session }
    }

    /// Drops the filters that nobody asked.
    mutating func expire(at now: Instant) {
        guard let deadline, deadline <= now else { return }
        filters = filters.filter { $0.value.deadline > now }
        self.deadline = filters.values.map(\.deadline).min()
    }

    /// Takes in a block; the subscribers' messages are returned in the order of their names.
    mutating func finalized(_ block: Overlay) -> [(Session, [UInt8])] {
        for (id, filter) in filters {
            switch filter.topic {
            case .heads: keep([.data(block.hash)], in: id)
            case .logs(let wanted): keep(wanted.newLogs(of: block), in: id)
            case .transactions: break
            }
        }
        return pushes { topic in
            switch topic {
            case .heads: [.object(block.header.members(hash: block.hash))]
            case .logs(let wanted): wanted.newLogs(of: block)
            case .transactions: []
            }
        }
    }

    /// Takes in a transaction that was admitted to the pool.
    mutating func admitted(_ transaction: SignedTransaction) -> [(Session, [UInt8])] {
        func entry(_ full: Bool) -> JSON {
            full ? transaction.pendingJSON : .data(transaction.hash)
        }
        for (id, filter) in filters {
            if case .transactions(let full) = filter.topic { keep([entry(full)], in: id) }
        }
        return pushes { topic in
            if case .transactions(let full) = topic { [entry(full)] } else { [] }
        }
    }

    private mutating func keep(_ entries: [JSON], in id: WatchID) {
        guard let count = filters[id]?.entries.count else { return }
        if count + entries.count > RPCLimits.filterEntries {
            filters[id] = nil
        } else {
            filters[id]?.entries += entries
        }
    }

    private func pushes(_ entries: (Topic) -> [JSON]) -> [(Session, [UInt8])] {
        guard !subscriptions.isEmpty else { return [] }
        var pushes: [(Session, [UInt8])] = []
        var known: [Topic: [JSON]] = [:]
        for id in subscriptions.keys.sorted() {
            guard let subscription = subscriptions[id] else { continue }
            let wanted = known[subscription.topic] ?? entries(subscription.topic)
            known[subscription.topic] = wanted
            for entry in wanted {
                pushes.append((subscription.session, Watches.notification(id, entry)))
            }
        }
        return pushes
    }

    private static func notification(_ id: WatchID, _ result: JSON) -> [UInt8] {
        JSON.object([
            .init("jsonrpc", "2.0"), .init("method", "eth_subscription"),
            .init("params", ["subscription": .string(id.text), "result": result]),
        ]).encoded()
    }

    private mutating func fresh() -> WatchID {
        while true {
            let id = WatchID(random.next())
            // Zero is what an ill-formed name is read as.
            let isFree = filters[id] == nil && subscriptions[id] == nil
            if isFree, id.number > 0 { return id }
        }
    }
}
