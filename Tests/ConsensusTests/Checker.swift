import Consensus
import Primitives

/// Looks at everything honest nodes do, and throws at the first broken rule.
struct Checker {
    let validators: Validators
    let byzantine: Set<Int>
    /// The value final at each height, and when it first was.
    var final: [UInt64: (value: Hash32, at: UInt64)] = [:]
    var notarized: [UInt64: Hash32] = [:]
    var nullified: Set<UInt64> = []
    var finalizedViews: [UInt64: Hash32] = [:]
    var votes: [Vote.Kind: [Key: Hash32]] = [:]
    /// The first final block after the storm.
    var firstAfterStorm: UInt64?
    var heightsAtStormEnd: UInt64 = 0
    var convicted: Set<Int> = []
    var probations = 0
    var halted: [Int] = []
    var heights: [Int: Int] = [:]
    var leaderViews: [Int: Int] = [:]

    struct Key: Hashable {
        let index: Int
        let view: UInt64
    }

    init(validators: Validators, byzantine: Set<Int>) {
        self.validators = validators
        self.byzantine = byzantine
    }

    mutating func note(height: Int, of id: Int) { heights[id] = height }

    mutating func sent(_ message: Message, by index: Int?) throws {
        switch message {
        case .vote(let vote) where vote.index == index: try voted(vote)
        case .proposal(let proposal):
            try voted(proposal.vote)
            for gap in proposal.justification.gaps { try certified(gap) }
            if let parent = proposal.justification.parent { try certified(parent) }
        case .certificate(let certificate): try certified(certificate)
        case .certificateReply(let certificates):
            for certificate in certificates { try certified(certificate) }
        default: break
        }
    }

    /// E1 to E3 over all that honest validators ever said.
    private mutating func voted(_ vote: Vote) throws {
        let key = Key(index: vote.index, view: vote.view)
        if let earlier = votes[vote.kind]?[key], earlier != vote.proposal {
            throw Broken.rule("honest \(vote.index) voted \(vote.kind) twice in \(vote.view)")
        }
        votes[vote.kind, default: [:]][key] = vote.proposal
        if votes[.nullify]?[key] != nil, votes[.finalize]?[key] != nil {
            throw Broken.rule("honest \(vote.index) nullified and finalized \(vote.view)")
        }
    }

    private mutating func certified(_ certificate: Certificate) throws {
        let view = certificate.view
        switch certificate.kind {
        case .notarize:
            if let other = notarized[view], other != certificate.proposal {
                throw Broken.rule("two notarizations in view \(view)")
            }
            notarized[view] = certificate.proposal
        case .nullify: nullified.insert(view)
        case .finalize: finalizedViews[view] = certificate.proposal
        }
        if nullified.contains(view), finalizedViews[view] != nil {
            throw Broken.rule("view \(view) nullified and finalized")
        }
    }

    mutating func finalized(
        _ block: Consensus.Finalized, at now: UInt64, by id: Int, _ stormEnd: UInt64
    ) throws {
        try certified(block.certificate)
        let height = block.block.height
        if let known = final[height] {
            guard known.value == block.value.hash else {
                throw Broken.rule("fork at height \(height)")
            }
        } else {
            final[height] = (block.value.hash, now)
            if now >= stormEnd {
                if firstAfterStorm == nil { firstAfterStorm = now - stormEnd }
            } else {
                heightsAtStormEnd = max(heightsAtStormEnd, height)
            }
        }
    }

    mutating func reported(_ offence: Consensus.Offence, _ house: House) throws {
        guard !house.isHonest else { throw Broken.rule("honest \(house.id) reported: \(offence)") }
    }

    mutating func emitted(_ event: Consensus.Event, by house: House) throws {
        switch event {
        case .convicted(let evidence):
            guard byzantine.contains(evidence.culprit) else {
                throw Broken.rule("honest \(evidence.culprit) framed: \(evidence.kind)")
            }
            convicted.insert(evidence.culprit)
        case .halted(let alarm):
            halted.append(house.id)
            throw Broken.rule("honest \(house.id) halted: \(alarm)")
        case .probationBegan: probations += 1
        case .entered(_, let leader): leaderViews[leader, default: 0] += 1
        default: break
        }
    }
}
