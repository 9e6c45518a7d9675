public import Primitives

/// Everything nodes say to each other (SPEC §1); docs/protocols/consensus.md has the bytes.
public enum Message: Hashable, Sendable {
    /// A validator's vote.
    case vote(Vote)
    /// A quorum's votes.
    case certificate(Certificate)
    /// A leader's proposal.
    case proposal(Proposal)
    /// Where a node stands.
    case status(Status)
    /// A question where everybody stands, to be answered with its nonce (W4).
    case statusRequest(StatusRequest)
    /// A question for certificates (R9).
    case certificateRequest(CertificateRequest)
    /// Certificates that were asked for.
    case certificateReply([Certificate])
    /// A question for proposals that are not final yet.
    case blockRequest(BlockRequest)
    /// Proposals that were asked for.
    case blockReply([ProposedValue])
    /// A question for final blocks by height.
    case historyRequest(HistoryRequest)
    /// Final blocks that were asked for.
    case historyReply(HistoryReply)
}

/// Where a node stands; sent every two seconds and on connecting (SPEC §1).
public struct Status: Hashable, Sendable {
    /// The epoch.
    public let epoch: UInt64
    /// The view the node is in.
    public let view: UInt64
    /// The height of its last final block.
    public let height: UInt64
    /// What proves its view; `nil` in view 1.
    public let entry: Certificate?
    /// The highest finalization it holds.
    public let finalization: Certificate?
    /// The nonce this answers; zero where nobody asked.
    public let nonce: Hash32
    /// Who says so; `nil` for a node without a vote.
    public let signer: Signer?

    /// A validator's name under a status, or under a question for one.
    public struct Signer: Hashable, Sendable {
        /// Its place in the set.
        public let index: Int
        /// Its signature over what it says.
        public let signature: VoteSignature

        fileprivate func isValid(of digest: Hash32, by validators: Validators) -> Bool {
            validators.members.indices.contains(index)
                && signature.isValid(of: digest, by: validators.members[index].key)
        }
    }

    /// Whether the signature is the validator's.
    func isSigned(in instance: Instance, by validators: Validators) -> Bool {
        let digest = instance.statusDigest(view: view, height: height, nonce: nonce)
        return signer?.isValid(of: digest, by: validators) ?? false
    }
}

/// A question where everybody stands, from a validator that lost its log (W4).
///
/// It is signed, so that it can be passed on to validators with no link to its author.
public struct StatusRequest: Hashable, Sendable {
    /// The epoch.
    public let epoch: UInt64
    /// The view its author is in: an older question does not take the place of a newer one.
    public let view: UInt64
    /// What the answers must carry, so that old ones do not count.
    public let nonce: Hash32
    /// Who asks.
    public let signer: Status.Signer

    /// Whether the signature is the validator's.
    func isSigned(in instance: Instance, by validators: Validators) -> Bool {
        let digest = instance.statusRequestDigest(view: view, nonce: nonce)
        return signer.isValid(of: digest, by: validators)
    }
}

/// A question for every certificate held of some views (R9).
public struct CertificateRequest: Hashable, Sendable {
    /// The epoch.
    public let epoch: UInt64
    /// The views, ascending.
    public let views: [UInt64]
}

/// A question for proposals by their names.
public struct BlockRequest: Hashable, Sendable {
    /// The epoch.
    public let epoch: UInt64
    /// The names.
    public let proposals: [Hash32]
}

/// A question for final blocks by height (SPEC §7.2).
public struct HistoryRequest: Hashable, Sendable {
    /// The epoch.
    public let epoch: UInt64
    /// The first height wanted.
    public let height: UInt64
    /// How many at most.
    public let count: Int
}

/// Final blocks in order of height, linked to a finalization (SPEC §7.2).
///
/// Each names its parent's proposal, the last link's name is in the finalization: so one
/// certificate proves them all. Where no block of the reply has a finalization of its own, links
/// without values go on to one that has.
public struct HistoryReply: Hashable, Sendable {
    /// The height of the first.
    public let height: UInt64
    /// The blocks; none where the peer has none of them.
    public let blocks: [ProposedValue]
    /// What links the last block to the finalization.
    public let links: [ProposalLink]
    /// The finalization of the last link, or of the last block; `nil` in an empty reply.
    public let finalization: Certificate?
}
