import Crypto
import Machine
import Primitives

extension Consensus {
    /// Asks for a value as the leader, once its parent is settled and its time has come (R2).
    mutating func propose() -> Bool {
        guard let signer, !signer.isLocked, signer.index == round.leader,
            round.view >= signer.floor, round.building == nil, round.accepted == nil,
            signer.vote(.notarize, in: round.view) == nil,
            signer.vote(.nullify, in: round.view) == nil,
            let (justification, parent) = justification(), tree.isAvailable(parent)
        else { return false }
        let due = lastProposal.advanced(by: interval)
        guard due <= now else {
            round.buildAt = due
            return false
        }
        let order = Build(
            view: round.view, parent: parent, parentValue: value(of: parent),
            height: tree.height(of: parent) + 1, commitment: justification.commitment,
            leader: round.leader)
        round.building = (order, justification)
        round.buildAt = nil
        ready.append(.build(order))
        return false
    }

    /// The highest notarized view below with nullifications up to this one, and its proposal.
    private mutating func justification() -> (Justification, parent: Hash32)? {
        var gaps: [Certificate] = []
        var view = round.view - 1
        while view > finalView, certificates.notarizations[view] == nil {
            guard let gap = certificates.nullifications[view], gaps.count < Limits.gap else {
                askCertificates()
                return nil
            }
            gaps.append(gap)
            view -= 1
        }
        guard view > 0 else {
            return (Justification(parent: nil, gaps: gaps.reversed()), instance.genesisID)
        }
        guard let parent = certificates.proof(ofParentIn: view) else {
            askCertificates()
            return nil
        }
        return (Justification(parent: parent, gaps: gaps.reversed()), parent.proposal)
    }

    /// The value of the last final block or of one above it.
    func value(of id: Hash32) -> Hash32 { tree[id]?.block.value.hash ?? head.value }

    /// Takes in the value that was asked for, and proposes it.
    mutating func built(_ value: Value?, in view: UInt64, on parent: Hash32) {
        guard let (order, justification) = round.building, order.view == view,
            order.parent == parent, round.accepted == nil
        else { return }
        guard let value, value.bytes.count <= Limits.value else {
            nullify()
            return
        }
        let id = instance.proposalID(view: view, parent: parent, value: value.hash)
        guard let vote = signer?.sign(.notarize, view: view, proposal: id) else { return }
        let proposal = Proposal(
            epoch: instance.epoch, view: view, parent: parent, value: value,
            justification: justification, vote: vote)
        tree.insert(proposal.proposed, as: id, from: nil)
        tree.accept(id)
        round.accepted = id
        keepPace()
        logBlock(id)
        journal.record(.vote(vote))
        emit(.proposed(view: view, proposal: id))
        send(.proposal(proposal), to: .everyone)
        count(vote, from: nil, isVerified: true)
    }

    /// Takes in a proposal (R3).
    ///
    /// Its certificates come first: a justified proposal shows a certificate of the view before
    /// its own, and so moves us to its view. What does not is late, or not justified.
    mutating func receive(_ proposal: Proposal, from source: Source) {
        let block = proposal.proposed
        guard proposal.epoch == instance.epoch, block.view > finalView else { return }
        let id = block.link.id(in: instance)
        let isNear = block.view <= round.view + Limits.viewsAhead
        guard
            proposal.justification.isShaped(
                view: block.view, parent: block.parent, genesis: instance.genesisID),
            !isNear || isSigned(proposal, as: id)
        else { return report(.badProposal, source) }
        count(proposal.vote, of: proposal, isNear, from: source)
        guard takeAll(proposal.justification, from: source), block.view <= round.view,
            isNear || isSigned(proposal, as: id)
        else { return }
        if block.view == round.view {
            accept(proposal, as: id, from: source)
        } else if certificates.notarizations[block.view]?.proposal == id {
            tree.insert(block, as: id, from: source)
        }
    }

    /// Whether the leader of the view signed the proposal.
    private mutating func isSigned(_ proposal: Proposal, as id: Hash32) -> Bool {
        let vote = proposal.vote
        return vote.kind == .notarize && vote.view == proposal.proposed.view
            && vote.proposal == id && vote.index == schedule.leader(of: vote.view)
            && (tally.hasVerified(vote) || vote.isSigned(in: instance, by: validators))
    }

    private mutating func count(
        _ vote: Vote, of proposal: Proposal, _ isNear: Bool, from source: Source
    ) {
        guard isNear else { return }
        guard vote.index != ownIndex else { return recognize(vote) }
        count(vote, from: source, isVerified: true)
    }

    private mutating func takeAll(_ justification: Justification, from source: Source) -> Bool {
        // The newest first: with it a stranger's forgery costs one certificate's check.
        for gap in justification.gaps.reversed() where !take(gap, from: source) { return false }
        guard justification.parentView >= finalView else { return false }
        guard let parent = justification.parent else { return true }
        if parent.view == finalView {
            return parent.proposal == certificates.finalization?.proposal
                || parent.proposal == headID
        }
        return take(parent, from: source)
    }

    private mutating func accept(_ proposal: Proposal, as id: Hash32, from source: Source) {
        guard round.accepted == nil, round.leader != ownIndex else { return }
        tree.insert(proposal.proposed, as: id, from: source)
        round.accepted = id
        keepPace()
        count(proposal.vote, from: source, isVerified: true)
    }

    /// Asks the ledger about every block whose parent it has.
    mutating func judgeNext() {
        guard head.height < committed + UInt64(Limits.syncBacklog) else { return }
        while let id = tree.nextReady() {
            guard let node = tree[id] else { continue }
            let judgement = Judgement(
                proposal: id, view: node.block.view, value: node.block.value,
                parentValue: value(of: node.block.parent), height: tree.height(of: id),
                commitment: keccak256(node.block.justification),
                leader: schedule.leader(of: node.block.view))
            ready.append(.judge(judgement))
        }
    }

    /// Takes in what the ledger said.
    mutating func judged(_ id: Hash32, _ verdict: Verdict) {
        guard let node = tree[id], node.state == .judging else { return }
        switch verdict {
        case .valid: tree.accept(id)
        case .pending: postponed.append((id, now.advanced(by: timing.judgeAgain)))
        case .mismatched:
            report(.badValue, node.source)
            tree.remove(id)
            if round.accepted == id { round.accepted = nil }
        case .invalid:
            tree.reject(id)
            if finalPath.contains(id) {
                halt(.invalidBlock(proposal: id, view: node.block.view))
            }
        }
    }

    /// Asks again about blocks whose verdict was pending.
    mutating func rejudge() {
        let due = postponed.filter { $0.until <= now }
        postponed.removeAll { $0.until <= now }
        for (id, _) in due { tree.postpone(id) }
    }
}
