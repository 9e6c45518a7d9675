import Crypto
public import Machine
public import Primitives

/// Pipelined Simplex, stake-weighted (SPEC.md; rules R1 to R10, durability W1 to W5).
///
/// Views follow each other; each has one leader, and ends by a certificate: a notarization of the
/// leader's proposal, or a nullification. A proposal names a notarized parent and shows that every
/// view between was nullified. A validator that did not nullify a notarized view finalizes it; a
/// quorum of those makes the proposal and all below it final. There is no lock and no unlocking:
/// that a final view cannot be passed over follows from no honest validator both nullifying and
/// finalizing it.
///
/// The machine decides opaque values. After every input it applies its rules until none applies,
/// so no rule depends on who arrives first.
public struct Consensus: Machine {
    /// What it was told at the start.
    let configuration: Configuration
    /// The own place in the set; `nil` for a follower.
    let ownIndex: Int?
    var schedule: LeaderSchedule
    var signer: SignerGuard?
    var journal: Journal
    var tally: Tally
    var certificates = Certificates()
    var tree: BlockTree

    /// The last final block, and the name of its proposal.
    var head: FinalBlock
    var headID: Hash32
    /// Final blocks that can be applied as soon as they are valid, lowest first.
    var finalPath: [Hash32] = []
    /// The last final blocks, for peers that are a little late; and those not yet committed.
    var recent: [(id: Hash32, height: UInt64, block: ProposedValue, isLogged: Bool)] = []
    /// The height up to which the ledger has everything on disk.
    var committed: UInt64

    var round: Round
    /// When the last proposal was made or accepted: what paces the next.
    var lastProposal: Instant
    var isValueWaiting = false
    /// When each validator was last heard.
    var heard: [Instant]
    /// When each validator was last helped (R8).
    var helped: [Instant?]
    var peers = Peers()
    var sync = BlockSync()
    var probation: Probation?
    var recovery: Recovery?
    var alarm: Alarm?

    var statusAt: Instant
    var statusSaidAt: Instant?
    /// Questions that the next statuses answer, one of each validator at most (W4).
    var questions: [StatusRequest] = []
    var certificatesAskedAt: Instant?
    var blocksAskAt: Instant?
    var postponed: [(id: Hash32, until: Instant)] = []
    var random: Primitives::Random

    /// Outputs of the step under way that may leave at once.
    var ready: [Output] = []
    var now: Instant

    /// Creates consensus from what the last run left.
    ///
    /// - Parameters:
    ///   - configuration: the chain, the set, the key and the timing.
    ///   - log: the log's bytes; a new chain begins with ``birth(of:)``.
    ///   - finalized: the ledger's last final block on disk; `nil` for the genesis.
    ///   - seed: where chance and the nonce of a probation come from.
    ///   - now: the time.
    public init(
        _ configuration: Configuration, recovering log: [UInt8], finalized: FinalBlock?,
        seed: UInt64, at now: Instant
    ) {
        var configuration = configuration
        configuration.validators.isLowered = configuration.fault == .quorumLowered
        let instance = configuration.instance
        let validators = configuration.validators
        self.configuration = configuration
        self.now = now
        schedule = LeaderSchedule(validators)
        journal = Journal(fault: configuration.fault)
        tally = Tally(instance, validators)
        head = finalized ?? FinalBlock(genesisOf: instance)
        headID = head.id(in: instance)
        committed = head.height
        tree = BlockTree(root: headID, height: head.height)
        round = Round(view: 0, leader: 0)
        lastProposal = now
        heard = validators.members.map { _ in now }
        helped = validators.members.map { _ in nil }
        statusAt = now
        random = Random(seed: seed)
        ownIndex = configuration.key.flatMap { validators.index(of: $0.publicKey) }
        if let key = configuration.key, let ownIndex {
            signer = SignerGuard(key, index: ownIndex, in: instance, fault: configuration.fault)
        }
        recover(WAL.replay(log))
    }

    /// The log of a node that never took part in this instance.
    ///
    /// It is written when the node's data folder is made. A key without it is on probation: who
    /// cannot remember must not sign (W4).
    public static func birth(of instance: Instance) -> [UInt8] {
        WAL.frame([.born(instance)], after: 0).bytes
    }

    /// The instant at which the machine wants to be woken.
    public var deadline: Instant? {
        if recovery != nil { return now }
        var due = [round.leaderTimer, round.viewTimer, round.retryAt, round.buildAt]
        due += [statusAt, blocksAskAt, sync.deadline, probation?.askAt]
        due += postponed.map(\.until)
        return due.compactMap { $0 }.min()
    }

    /// Takes one input in.
    public mutating func handle(
        _ input: Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        self.now = now
        start()
        switch input {
        case .received(let message, let source): receive(message, from: source)
        case .overheard(let status, let source): believe(status, from: source)
        case .connected(let source): meet(source)
        case .disconnected(let source): peers.remove(source)
        case .valueBuilt(let view, let parent, let value): built(value, in: view, on: parent)
        case .valueJudged(let proposal, let verdict): judged(proposal, verdict)
        case .persisted(let ticket): journal.persisted(ticket, into: &ready)
        case .committed(let height): commit(height)
        case .valueWaiting(let isWaiting): expect(isWaiting)
        case .recalled(let ticket, let blocks): answer(ticket, with: blocks)
        }
        finish(into: &outputs)
    }

    /// Runs whatever has come due.
    public mutating func wake(at now: Instant, into outputs: inout Outbox<Output>) {
        self.now = now
        start()
        runTimers()
        finish(into: &outputs)
    }

    private mutating func finish(into outputs: inout Outbox<Output>) {
        advance()
        journal.flush(into: &ready)
        for output in ready { outputs.append(output) }
        ready.removeAll(keepingCapacity: true)
    }

    /// Applies the rules until none applies any more.
    private mutating func advance() {
        var isMoving = true
        while isMoving {
            isMoving = finalizeNext()
            judgeNext()
            isMoving = finalizeVotes() || isMoving
            isMoving = notarizeVote() || isMoving
            isMoving = obeyLeader() || isMoving
            isMoving = propose() || isMoving
        }
        pursueBlocks()
        pursueHistory()
    }

    private mutating func runTimers() {
        if let due = round.leaderTimer, due <= now {
            round.leaderTimer = nil
            if round.accepted == nil { nullify() }
        }
        if let due = round.viewTimer, due <= now {
            round.viewTimer = nil
            nullify()
        }
        if let due = round.retryAt, due <= now { retry() }
        if let due = round.buildAt, due <= now { round.buildAt = nil }
        if statusAt <= now { tellStatus() }
        if let due = probation?.askAt, due <= now { askStatuses() }
        rejudge()
    }
}

extension Consensus {
    var instance: Instance { configuration.instance }
    var validators: Validators { configuration.validators }
    var timing: Timing { configuration.timing }

    /// The highest view that is final, whether or not its blocks are here.
    var finalView: UInt64 { max(certificates.finalization?.view ?? 0, head.view) }

    mutating func emit(_ event: Event) { ready.append(.emit(event)) }

    mutating func report(_ offence: Offence, _ source: Source?) {
        if let source { ready.append(.report(offence, source)) }
    }

    /// Sends once all that was recorded so far is on disk (W1).
    mutating func send(_ message: Message, to target: Target) {
        journal.hold(.send(message, to: target), into: &ready)
    }

    /// Stops signing for good.
    mutating func halt(_ alarm: Alarm) {
        guard self.alarm == nil else { return }
        self.alarm = alarm
        signer?.isLocked = true
        emit(.halted(alarm))
    }
}
