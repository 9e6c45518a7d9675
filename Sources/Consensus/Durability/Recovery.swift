import Crypto
import Machine
import Primitives

/// What is left to do when a node starts, once the world can hear it.
struct Recovery: Sendable {
    let condition: Consensus.LogCondition
    /// The view to resume in, and what proves it.
    let view: UInt64
    let entry: Certificate?
}

/// A validator whose log does not vouch for its past asks a quorum where it stands (W4).
///
/// It signed in a view x only after a certificate of x−1, so honest power of more than a third was
/// in x−1 or later; every quorum holds one of those, and m, the highest view in it, is at least
/// x−1. So nothing was ever signed at or above m+2. The answers carry a nonce: an old status would
/// say too little.
struct Probation: Sendable {
    let nonce: Hash32
    var askAt: Instant
    /// The view each validator proved.
    private(set) var views: [Int: UInt64] = [:]
    private var ownView: UInt64 = 0

    init(nonce: Hash32, askAt: Instant) {
        self.nonce = nonce
        self.askAt = askAt
    }

    /// Notes an own vote of the time before.
    mutating func heard(ownVoteIn view: UInt64) { ownView = max(ownView, view) }

    /// Notes what a validator proved.
    mutating func note(_ view: UInt64, of index: Int) { views[index] = view }

    /// Below what view nothing may be signed, once a quorum answered.
    func floor(_ validators: Validators) -> UInt64? {
        guard validators.isQuorum(validators.power(of: views.keys)) else { return nil }
        return max((views.values.max() ?? 0) + 2, ownView + 1)
    }
}

extension Consensus {
    /// Takes in what the log says (W3); nothing leaves before ``start()``.
    mutating func recover(_ replay: WAL.Replay) {
        let births = replay.records.compactMap { record in
            if case .born(let instance) = record { instance } else { nil }
        }
        let isForeign = births.contains { $0 != instance }
        if let finalization = head.finalization { certificates.insert(finalization) }
        if !isForeign { for record in replay.records { restore(record) } }
        settle(finalView)
        let condition: LogCondition =
            switch replay.condition {
            case .damaged: .damaged
            case _ where isForeign: .foreign
            case _ where births.isEmpty: .missing
            case .torn: .torn
            case .whole: .whole
            }
        let entry = certificates.all.max { $0.view < $1.view }
        let voted = signer?.votes.map(\.view).max() ?? 0
        recovery = Recovery(
            condition: condition, view: max((entry?.view ?? 0) + 1, voted, head.view + 1),
            entry: entry)
        guard ownIndex != nil, condition != .whole, condition != .torn else { return }
        signer?.isLocked = true
        let nonce = Hash32(a: random.next(), b: random.next(), c: random.next(), d: random.next())
        probation = Probation(nonce: nonce, askAt: now)
    }

    private mutating func restore(_ record: LogRecord) {
        switch record {
        case .born: break
        case .floor(let view): signer?.raise(to: view)
        case .vote(let vote):
            guard vote.epoch == instance.epoch, vote.index == ownIndex else { return }
            signer?.restore(vote)
            guard vote.view > finalView else { return }
            let isOpen = certificates.held(vote.kind, vote.view) == nil
            _ = tally.add(vote, from: nil, isVerified: true, isOpen: isOpen)
        case .certificate(let certificate):
            // The finalization of the last final block itself is what the next proposal shows.
            let low = certificate.kind == .finalize ? head.view : head.view + 1
            guard certificate.epoch == instance.epoch, certificate.view >= low else { return }
            certificates.insert(certificate)
        case .block(let block):
            guard block.view > head.view else { return }
            tree.insert(block, as: block.link.id(in: instance), from: nil, isLogged: true)
        }
    }

    /// Rewrites the log without what is torn or past, and resumes (W3).
    mutating func start() {
        guard let recovery else { return }
        self.recovery = nil
        journal.replace(with: memory, into: &ready)
        heard = heard.map { _ in now }
        lastProposal = now
        enter(recovery.view, by: nil)
        round.entry = recovery.entry
        if probation != nil {
            emit(.probationBegan(recovery.condition))
        } else {
            repeatVotes()
        }
    }

    /// Says again all that it signed in views that are not final (W3).
    ///
    /// What it voted for in the current view it had accepted. Its own proposal goes out whole: the
    /// vote was on disk before the proposal left, so nobody else may have it.
    private mutating func repeatVotes() {
        for vote in signer?.votes ?? [] where vote.view > finalView {
            let isAccepted = vote.kind == .notarize && vote.view == round.view
            let block = isAccepted ? tree[vote.proposal]?.block : nil
            if block != nil { round.accepted = vote.proposal }
            let proposal = block.flatMap { block in
                round.leader == ownIndex
                    ? Proposal(block, epoch: instance.epoch, vote: vote) : nil
            }
            send(proposal.map { .proposal($0) } ?? .vote(vote), to: .everyone)
        }
    }

    /// What a node on probation asks; `nil` off probation.
    var statusRequest: StatusRequest? {
        guard let probation, let signer else { return nil }
        return StatusRequest(
            epoch: instance.epoch, view: round.view, nonce: probation.nonce,
            signer: signer.sign(statusRequestIn: round.view, nonce: probation.nonce))
    }

    /// Asks everyone where it stands.
    mutating func askStatuses() {
        guard let request = statusRequest else { return }
        let next = now.advanced(by: timing.delay * 2)
        probation?.askAt = next
        send(.statusRequest(request), to: .everyone)
    }

    /// Keeps such a question: the next status answers it.
    ///
    /// A status goes to everyone, and so to validators that this node has no link to. One is told
    /// at most every Δ, whoever asks and however often, and those that ask take turns: so nobody
    /// can make this node say more than that, nor keep it from answering the others.
    mutating func answer(_ request: StatusRequest, from source: Source) {
        guard request.epoch == instance.epoch, probation == nil, let ownIndex,
            request.signer.index != ownIndex
        else { return }
        guard request.isSigned(in: instance, by: validators) else {
            return report(.badSignature, source)
        }
        if let place = questions.firstIndex(where: { $0.signer.index == request.signer.index }) {
            // A stranger may repeat what was asked long ago.
            if request.view >= questions[place].view { questions[place] = request }
        } else {
            questions.append(request)
        }
        statusAt = min(statusAt, (statusSaidAt ?? now).advanced(by: timing.delay))
    }

    /// Counts an answer, and ends the probation with the last that was missing.
    mutating func consider(_ status: Status, of index: Int) {
        guard var probation, status.nonce == probation.nonce, index != ownIndex,
            status.view == 1 || status.view <= (status.entry?.view ?? 0) + 1
        else { return }
        probation.note(status.view, of: index)
        self.probation = probation
        guard let floor = probation.floor(validators) else { return }
        self.probation = nil
        signer?.raise(to: floor)
        signer?.isLocked = alarm != nil
        journal.record(.born(instance))
        journal.record(.floor(floor))
        emit(.probationEnded(floor: floor))
    }
}
