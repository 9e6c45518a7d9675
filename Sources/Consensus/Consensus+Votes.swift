import Machine
import Primitives

extension Consensus {
    /// Signs a vote, writes it down, sends it and counts it; tells whether it was new.
    mutating func cast(_ kind: Vote.Kind, in view: UInt64, for proposal: Hash32) -> Bool {
        guard signer?.vote(kind, in: view) == nil,
            let vote = signer?.sign(kind, view: view, proposal: proposal)
        else { return false }
        logBlock(proposal)
        journal.record(.vote(vote))
        emit(.voted(kind, view: view))
        send(.vote(vote), to: .everyone)
        count(vote, from: nil, isVerified: true)
        return true
    }

    /// Writes a block down before a vote for it (W2).
    mutating func logBlock(_ id: Hash32) {
        guard let node = tree[id], !node.isLogged else { return }
        journal.record(.block(node.block))
        tree.log(id)
    }

    /// Votes for the proposal of the current view (R4), or to end the view if it is invalid.
    mutating func notarizeVote() -> Bool {
        guard let id = round.accepted, let signer, signer.vote(.nullify, in: round.view) == nil
        else { return false }
        switch tree[id]?.state {
        case .valid: return cast(.notarize, in: round.view, for: id)
        case .invalid where certificates.notarizations[round.view] == nil:
            return nullify()
        default: return false
        }
    }

    /// Votes to finalize what is notarized, valid and was not nullified (R6).
    mutating func finalizeVotes() -> Bool {
        guard let signer else { return false }
        let isCareless = configuration.fault == .nullifyAndFinalize
        var isMoving = false
        for (view, certificate) in certificates.notarizations.sorted(by: { $0.key < $1.key }) {
            guard view > finalView, signer.vote(.finalize, in: view) == nil,
                isCareless || signer.vote(.nullify, in: view) == nil
            else { continue }
            switch tree[certificate.proposal]?.state {
            case .valid: isMoving = cast(.finalize, in: view, for: certificate.proposal) || isMoving
            case .invalid: halt(.invalidBlock(proposal: certificate.proposal, view: view))
            default: continue
            }
        }
        return isMoving
    }

    /// Nullifies what its own leader nullified (R5).
    mutating func obeyLeader() -> Bool {
        guard let signer, signer.vote(.nullify, in: round.view) == nil,
            round.leader != signer.index, round.view > 0,
            tally.holds(.nullify, of: round.leader, in: round.view)
        else { return false }
        return nullify()
    }

    /// Takes in a vote that a peer sent.
    mutating func receive(_ vote: Vote, from source: Source) {
        guard vote.epoch == instance.epoch, validators.members.indices.contains(vote.index),
            vote.view > 0, vote.view <= round.view + Limits.viewsAhead
        else { return }
        if vote.kind != .finalize, vote.view < round.view {
            help(.validator(vote.index), in: vote.view)
        }
        guard vote.view + Limits.viewsBehind >= finalView else { return }
        if vote.index == ownIndex { return recognize(vote) }
        count(vote, from: source, isVerified: false)
    }

    /// Counts a vote, and takes in the certificate it completes.
    mutating func count(_ vote: Vote, from source: Source?, isVerified: Bool) {
        let isOpen = vote.view > finalView && certificates.held(vote.kind, vote.view) == nil
        let outcome = tally.add(vote, from: source, isVerified: isVerified, isOpen: isOpen)
        for liar in outcome.liars { report(.badSignature, liar) }
        if let evidence = outcome.evidence { emit(.convicted(evidence)) }
        if outcome.isNew { heard[vote.index] = now }
        if let certificate = outcome.certificate {
            take(certificate, from: nil, isVerified: true)
        }
    }

    /// Looks at a vote in the own name: one the log does not have is another machine's (W4).
    mutating func recognize(_ vote: Vote) {
        guard let signer, signer.vote(vote.kind, in: vote.view) != vote,
            vote.isSigned(in: instance, by: validators)
        else { return }
        if probation != nil {
            probation?.heard(ownVoteIn: vote.view)
        } else if vote.view >= signer.floor, vote.view > finalView {
            halt(.keyUsedElsewhere(view: vote.view))
        }
    }

    /// Takes in a certificate; tells whether it is good, or not needed any more.
    @discardableResult
    mutating func take(
        _ certificate: Certificate, from source: Source?, isVerified: Bool = false
    ) -> Bool {
        guard certificate.epoch == instance.epoch else { return false }
        let view = certificate.view
        guard view > finalView else { return true }
        if let held = certificates.held(certificate.kind, view),
            held.proposal == certificate.proposal
        {
            return true
        }
        guard
            isVerified
                || certificate.isValid(
                    in: instance, by: validators, known: { tally.hasVerified($0) })
        else {
            report(.badCertificate, source)
            return false
        }
        guard !certificates.contradicts(certificate) else {
            halt(.contradiction(view: view))
            return false
        }
        certificates.insert(certificate)
        journal.record(.certificate(certificate))
        emit(.certified(certificate.kind, view: view))
        if certificate.kind == .finalize { settle(view) }
        if view >= round.view { enter(view + 1, by: certificate) }
        return true
    }

    /// Forgets what a finalization of this view has settled.
    mutating func settle(_ view: UInt64) {
        certificates.forget(through: view)
        signer?.raise(to: view + 1)
        tally.forget(below: view - min(view, Limits.viewsBehind))
    }
}
