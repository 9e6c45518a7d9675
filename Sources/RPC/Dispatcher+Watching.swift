import Encoding
import Machine
import Primitives

extension Dispatcher {
    /// Answers a call about filters or subscriptions, but for the one that reads the chain.
    mutating func watch(
        _ call: WatchCall, _ session: Session?, at now: Instant
    ) throws(RPCError) -> JSON {
        switch call {
        case .newLogFilter(let filter): return try install(.logs(filter), at: now)
        case .newBlockFilter: return try install(.heads, at: now)
        case .newTransactionFilter(let full): return try install(.transactions(full: full), at: now)
        case .changes(let id): return .array(try watches.changes(id, at: now))
        case .uninstall(let id): return .bool(watches.uninstall(id))
        case .subscribeHeads: return try subscribe(session, .heads)
        case .subscribeLogs(let filter): return try subscribe(session, .logs(filter))
        case .subscribeTransactions(let full):
            return try subscribe(session, .transactions(full: full))
        case .unsubscribe(let id):
            guard let session else { throw .notificationsUnsupported }
            guard watches.unsubscribe(id, session) else { throw .subscriptionNotFound }
            return true
        case .filterLogs: throw .internal
        }
    }

    private mutating func install(
        _ topic: Watches.Topic, at now: Instant
    ) throws(RPCError) -> JSON {
        .string(try watches.install(topic, at: now).text)
    }

    private mutating func subscribe(
        _ session: Session?, _ topic: Watches.Topic
    ) throws(RPCError) -> JSON {
        guard let session else { throw .notificationsUnsupported }
        return .string(try watches.subscribe(session, to: topic).text)
    }
}
