internal import Primitives

/// The names of messages that have come, each for a time, and no more than so many.
struct Seen: Sendable {
    private var names: Set<MessageID> = []
    private var order: [(id: MessageID, until: Instant)] = []
    private var first = 0

    /// Whether nothing is remembered.
    var isEmpty: Bool { names.isEmpty }

    /// Whether a message has come.
    func contains(_ id: MessageID) -> Bool { names.contains(id) }

    /// Remembers a message; `false` if it has come before.
    mutating func insert(_ id: MessageID, at now: Instant) -> Bool {
        guard names.insert(id).inserted else { return false }
        order.append((id, now.advanced(by: Gossip.Limits.seen)))
        while names.count > Gossip.Limits.seenCount { drop() }
        return true
    }

    /// Forgets a message, as if it had not come.
    mutating func remove(_ id: MessageID) { names.remove(id) }

    /// Forgets what came long ago.
    mutating func expire(at now: Instant) {
        while first < order.count, order[first].until <= now { drop() }
    }

    private mutating func drop() {
        guard first < order.count else { return }
        names.remove(order[first].id)
        first += 1
        // Those before the first are let go in one move, not one by one.
        if first > 1_024, first * 2 > order.count {
            order.removeSubrange(..<first)
            first = 0
        }
    }
}
