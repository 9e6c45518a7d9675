import Machine
import Primitives

/// What a node keeps of the view it is in.
struct Round: Sendable {
    let view: UInt64
    let leader: Int
    /// What proved that the view has begun; `nil` in the first view, and where only an own vote
    /// tells of it.
    var entry: Certificate?
    /// The leader's proposal, once it is justified.
    var accepted: Hash32?
    /// The value this node asked for as the leader.
    var building: (order: Consensus.Build, justification: Justification)?
    /// When to ask for it.
    var buildAt: Instant?
    /// Until when a proposal must be there (t_l).
    var leaderTimer: Instant?
    /// Until when the view must have ended (t_a).
    var viewTimer: Instant?
    /// When to repeat what was said in this view.
    var retryAt: Instant?

    init(view: UInt64, leader: Int, entry: Certificate? = nil) {
        self.view = view
        self.leader = leader
        self.entry = entry
    }
}

extension Consensus {
    /// Enters a view (R1), and never an earlier one.
    mutating func enter(_ view: UInt64, by certificate: Certificate?) {
        guard view > round.view else { return }
        // A quorum may have seen the proposal before we do: it paces the next all the same.
        if let certificate, certificate.kind != .nullify, round.accepted == nil { keepPace() }
        let leader = schedule.leader(of: view)
        round = Round(view: view, leader: leader, entry: certificate ?? round.entry)
        emit(.entered(view: view, leader: leader))
        if let certificate, let ownIndex, ownIndex != leader {
            send(.certificate(certificate), to: .validator(leader))
        }
        guard ownIndex != nil else { return }
        setTimers()
        if leader == ownIndex || schedule.leader(of: view + 1) == ownIndex { askCertificates() }
    }

    /// Sets t_l and t_a (R7, Pace, Skip rule).
    private mutating func setTimers() {
        let pace = max(now, lastProposal.advanced(by: interval))
        round.leaderTimer = pace.advanced(by: delay * 2)
        round.viewTimer = pace.advanced(by: delay * 3)
        guard isLeaderSilent else { return }
        round.leaderTimer = now
        round.viewTimer = now
        emit(.skipped(view: round.view, leader: round.leader))
    }

    /// The time from the last proposal to the next.
    var interval: Duration { isValueWaiting ? timing.blockInterval : timing.idleInterval }

    /// Δₖ = min(Δ·1.25ᵏ, Δmax), k = max(0, view − final view − 2) (R7).
    var delay: Duration {
        var delay = timing.delay
        var steps = round.view - min(round.view, finalView + 2)
        while steps > 0, delay < timing.delayLimit {
            delay = delay * 5 / 4
            steps -= 1
        }
        return max(timing.delay, min(delay, timing.delayLimit))
    }

    /// Whether the leader was not heard for long while a quorum was (Skip rule).
    private var isLeaderSilent: Bool {
        guard round.leader != ownIndex else { return false }
        let limit = timing.skipTimeout
        guard heard[round.leader].duration(to: now) > limit else { return false }
        let awake = heard.indices.filter { $0 == ownIndex || heard[$0].duration(to: now) <= limit }
        return validators.isQuorum(validators.power(of: awake))
    }

    /// Notes that a proposal is there (Pace).
    ///
    /// One that is only a little late counts as if it were not, so that the delays of building and
    /// of the network do not add up to a slower chain.
    mutating func keepPace() {
        let due = lastProposal.advanced(by: timing.blockInterval)
        let isLittle = due <= now && due.duration(to: now) * 4 < timing.blockInterval
        lastProposal = isLittle ? due : now
    }

    /// Takes in whether transactions wait; the first one ends the idle wait (Pace).
    mutating func expect(_ isWaiting: Bool) {
        let hasChanged = isWaiting && !isValueWaiting
        isValueWaiting = isWaiting
        guard hasChanged else { return }
        round.buildAt = nil
        let limit = max(now, lastProposal.advanced(by: timing.blockInterval))
            .advanced(by: delay * 3)
        if let timer = round.leaderTimer { round.leaderTimer = min(timer, limit) }
        if let timer = round.viewTimer { round.viewTimer = min(timer, limit) }
    }

    /// Nullifies the current view (R5), and repeats it from then on (R7); tells whether it is new.
    ///
    /// The guard refuses where the view was finalized.
    @discardableResult
    mutating func nullify() -> Bool {
        let isNew = cast(.nullify, in: round.view, for: .zero)
        // Also where the vote is of the time before a restart; and not in the view that the vote
        // itself may have begun.
        if round.retryAt == nil, signer?.vote(.nullify, in: round.view) != nil {
            round.retryAt = now.advanced(by: timing.delay)
        }
        return isNew
    }

    /// Repeats own votes and the entry certificate to all (R7), and asks for what is missing.
    mutating func retry() {
        round.retryAt = now.advanced(by: timing.delay)
        for kind in [Vote.Kind.notarize, .nullify] {
            guard let vote = signer?.vote(kind, in: round.view) else { continue }
            send(.vote(vote), to: .everyone)
        }
        if let entry = round.entry { send(.certificate(entry), to: .everyone) }
        askCertificates()
    }
}
