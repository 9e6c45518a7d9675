public import Primitives

/// A quorum of votes that are equal but for who signed them (SPEC §1).
///
/// The signatures are individual: a certificate convicts whoever lent itself to two of them.
public struct Certificate: Hashable, Sendable {
    /// What the votes say: a notarization, a nullification or a finalization.
    public let kind: Vote.Kind
    /// The epoch.
    public let epoch: UInt64
    /// The view.
    public let view: UInt64
    /// The proposal; zero for a nullification.
    public let proposal: Hash32
    /// The places of those who signed, ascending.
    public let signers: [Int]
    /// Their signatures, in the same order.
    public let signatures: [VoteSignature]

    /// Creates a certificate; `nil` unless signers ascend and there is one signature for each.
    public init?(
        kind: Vote.Kind, epoch: UInt64, view: UInt64, proposal: Hash32, signers: [Int],
        signatures: [VoteSignature]
    ) {
        guard signers.count == signatures.count, kind != .nullify || proposal.isZero,
            zip(signers, signers.dropFirst()).allSatisfy({ $0 < $1 }), (signers.first ?? 0) >= 0
        else { return nil }
        self.kind = kind
        self.epoch = epoch
        self.view = view
        self.proposal = proposal
        self.signers = signers
        self.signatures = signatures
    }

    /// Creates a certificate from votes that say the same; `nil` if they do not.
    public init?(_ votes: [Vote]) {
        let votes = votes.sorted { $0.index < $1.index }
        guard let first = votes.first,
            votes.allSatisfy({
                ($0.kind, $0.epoch, $0.view, $0.proposal)
                    == (first.kind, first.epoch, first.view, first.proposal)
            })
        else { return nil }
        self.init(
            kind: first.kind, epoch: first.epoch, view: first.view, proposal: first.proposal,
            signers: votes.map(\.index), signatures: votes.map(\.signature))
    }

    /// The votes it is made of.
    public var votes: [Vote] {
        zip(signers, signatures).map {
            Vote(
                kind: kind, epoch: epoch, view: view, proposal: proposal, index: $0,
                signature: $1)
        }
    }

    /// Whether its signers are a quorum, and every signature is theirs but for those known.
    public func isValid(
        in instance: Instance, by validators: Validators, known: (Vote) -> Bool = { _ in false }
    ) -> Bool {
        guard epoch == instance.epoch, view > 0, (signers.last ?? 0) < validators.count,
            validators.isQuorum(validators.power(of: signers))
        else { return false }
        return votes.allSatisfy { known($0) || $0.isSigned(in: instance, by: validators) }
    }
}
