import Primitives

/// The votes of recent views, at most one of each kind from each validator (SPEC Limits).
///
/// A signature is checked only when its vote could complete a quorum, contradicts another, or is
/// asked about: most late votes are never checked at all.
struct Tally: Sendable {
    /// What came of one vote.
    struct Outcome {
        /// The quorum it completed.
        var certificate: Certificate?
        /// What it convicted its signer of.
        var evidence: Evidence?
        /// Whoever brought votes with wrong signatures.
        var liars: [Source] = []
        /// Whether it was new.
        var isNew = false
    }

    private struct Entry {
        let vote: Vote
        let source: Source?
        var isVerified: Bool
    }

    /// The votes of one view: a place for each kind of each validator.
    private struct Round {
        var entries: [Entry?]
        var convicted: Set<Int> = []
    }

    private let instance: Instance
    private let validators: Validators
    private var rounds: [UInt64: Round] = [:]

    init(_ instance: Instance, _ validators: Validators) {
        self.instance = instance
        self.validators = validators
    }

    /// Adds a vote of this epoch and set; `isOpen` says that its quorum is not known yet.
    mutating func add(
        _ vote: Vote, from source: Source?, isVerified: Bool = false, isOpen: Bool
    ) -> Outcome {
        var outcome = Outcome()
        let place = place(vote.kind, vote.index)
        var round = rounds[vote.view] ?? Round(entries: Array(repeating: nil, count: size))
        defer { rounds[vote.view] = round }
        if let held = round.entries[place] {
            guard held.vote != vote else {
                if isVerified { round.entries[place]?.isVerified = true }
                return outcome
            }
            if check(&round.entries[place], &outcome) {
                convict(held.vote, vote, from: source, isVerified, &round, &outcome)
                return outcome
            }
        }
        round.entries[place] = Entry(vote: vote, source: source, isVerified: isVerified)
        outcome.isNew = true
        contrast(vote, &round, &outcome)
        if isOpen { complete(vote, &round, &outcome) }
        return outcome
    }

    /// Whether a vote of this validator is there and its signature good.
    mutating func holds(_ kind: Vote.Kind, of index: Int, in view: UInt64) -> Bool {
        guard var round = rounds[view] else { return false }
        var outcome = Outcome()
        defer { rounds[view] = round }
        return check(&round.entries[place(kind, index)], &outcome)
    }

    /// Whether exactly this vote was checked before.
    func hasVerified(_ vote: Vote) -> Bool {
        guard let entry = rounds[vote.view]?.entries[place(vote.kind, vote.index)] else {
            return false
        }
        return entry.isVerified && entry.vote == vote
    }

    /// Forgets all views below one.
    mutating func forget(below view: UInt64) {
        rounds = rounds.filter { $0.key >= view }
    }

    private var size: Int { validators.count * Vote.Kind.allCases.count }

    private func place(_ kind: Vote.Kind, _ index: Int) -> Int {
        index * Vote.Kind.allCases.count + Int(kind.rawValue) - 1
    }

    /// Checks the signature in a place, and empties the place if it is wrong.
    private func check(_ entry: inout Entry?, _ outcome: inout Outcome) -> Bool {
        guard let held = entry else { return false }
        if held.isVerified || held.vote.isSigned(in: instance, by: validators) {
            entry?.isVerified = true
            return true
        }
        if let source = held.source { outcome.liars.append(source) }
        entry = nil
        return false
    }

    /// Reports two votes of one kind, the first of which is checked.
    private func convict(
        _ first: Vote, _ second: Vote, from source: Source?, _ isVerified: Bool,
        _ round: inout Round, _ outcome: inout Outcome
    ) {
        let place = place(first.kind, first.index)
        guard !round.convicted.contains(place) else { return }
        guard isVerified || second.isSigned(in: instance, by: validators) else {
            if let source { outcome.liars.append(source) }
            return
        }
        guard let evidence = Evidence(first, second) else { return }
        round.convicted.insert(place)
        outcome.evidence = evidence
    }

    /// Looks for a nullify beside a finalize (E2).
    private func contrast(_ vote: Vote, _ round: inout Round, _ outcome: inout Outcome) {
        let other: Vote.Kind = vote.kind == .nullify ? .finalize : .nullify
        let rival = place(other, vote.index)
        let mark = place(.nullify, vote.index)
        guard vote.kind != .notarize, let held = round.entries[rival]?.vote,
            !round.convicted.contains(mark), check(&round.entries[rival], &outcome),
            check(&round.entries[place(vote.kind, vote.index)], &outcome)
        else { return }
        round.convicted.insert(mark)
        outcome.evidence = Evidence(held, vote)
    }

    /// Makes the certificate if the checked votes that say the same are a quorum.
    private func complete(_ vote: Vote, _ round: inout Round, _ outcome: inout Outcome) {
        func agreeing(_ round: Round) -> [Vote] {
            (0..<validators.count).compactMap { index in
                let held = round.entries[place(vote.kind, index)]?.vote
                return held?.proposal == vote.proposal ? held : nil
            }
        }
        func isQuorum(_ votes: [Vote]) -> Bool {
            validators.isQuorum(validators.power(of: votes.map(\.index)))
        }
        guard isQuorum(agreeing(round)) else { return }
        for candidate in agreeing(round) {
            _ = check(&round.entries[place(vote.kind, candidate.index)], &outcome)
        }
        let votes = agreeing(round)
        if isQuorum(votes) { outcome.certificate = Certificate(votes) }
    }
}
