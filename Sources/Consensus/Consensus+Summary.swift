public import Primitives

extension Consensus {
    /// Where consensus stands, for whoever asks: a page, a command, a metric.
    public struct Summary: Hashable, Sendable {
        /// The view this node is in.
        public let view: UInt64
        /// The place of its leader.
        public let leader: Int
        /// The own place; `nil` for a follower.
        public let index: Int?
        /// The height of the last final block.
        public let height: UInt64
        /// The height up to which the ledger has everything on disk.
        public let committed: UInt64
        /// The highest view with a finalization.
        public let finalView: UInt64
        /// Whether blocks are missing below that finalization.
        public let isSyncing: Bool
        /// Whether nothing is signed because the log was lost (W4).
        public let isOnProbation: Bool
        /// Why nothing is signed any more.
        public let alarm: Alarm?
        /// For each validator, when it was last heard; the own entry is now.
        public let heard: [Instant]
        /// The power heard within the skip timeout, the own included.
        public let power: UInt64
        /// Whether that power is a quorum.
        public let hasQuorum: Bool
    }

    /// The view from which on this node signs again after a probation; `nil` if it is there (W4).
    public var silentBelow: UInt64? {
        signer.flatMap { $0.floor > round.view ? $0.floor : nil }
    }

    /// Whether nothing is under way: all that was proposed is final, and all that was said on disk.
    public var isAtRest: Bool {
        recovery == nil && journal.isIdle && round.building == nil && round.accepted == nil
            && finalPath.isEmpty && certificates.notarizations.keys.allSatisfy { $0 <= head.view }
    }

    /// Where consensus stands at a moment.
    public func summary(at now: Instant) -> Summary {
        var heard = heard
        if let ownIndex { heard[ownIndex] = now }
        let awake = heard.indices.filter { heard[$0].duration(to: now) <= timing.skipTimeout }
        let power = validators.power(of: awake)
        return Summary(
            view: round.view, leader: round.leader, index: ownIndex, height: head.height,
            committed: committed, finalView: finalView, isSyncing: sync.wantedSince != nil,
            isOnProbation: probation != nil, alarm: alarm, heard: heard, power: power,
            hasQuorum: validators.isQuorum(power))
    }
}
