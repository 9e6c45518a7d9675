import Crypto
import Primitives

/// The only holder of the key: signs nothing that could convict its owner (SPEC W1).
///
/// It refuses a second vote of a kind in a view, finalize together with nullify, every view
/// below its floor, and every vote and status while it is locked. What it signed once it gives again.
struct SignerGuard: Sendable {
    /// The owner's place in the set.
    let index: Int
    /// The lowest view it still signs in.
    private(set) var floor: UInt64 = 1
    /// Whether it signs nothing at all: on probation (W4), or after an alarm.
    var isLocked = false

    private let instance: Instance
    private let key: Secp256k1.SecretKey
    private let isCareless: Bool
    private var signed: [UInt64: [Vote.Kind: Vote]] = [:]

    init(_ key: Secp256k1.SecretKey, index: Int, in instance: Instance, fault: Fault?) {
        self.key = key
        self.index = index
        self.instance = instance
        isCareless = fault == .nullifyAndFinalize
    }

    /// What it signed of this kind in a view that is not settled.
    func vote(_ kind: Vote.Kind, in view: UInt64) -> Vote? { signed[view]?[kind] }

    /// Signs a vote, or gives the one signed before; `nil` where it must not.
    mutating func sign(_ kind: Vote.Kind, view: UInt64, proposal: Hash32 = .zero) -> Vote? {
        guard !isLocked, view >= floor else { return nil }
        if let earlier = vote(kind, in: view) {
            return earlier.proposal == proposal ? earlier : nil
        }
        if kind == .nullify, vote(.finalize, in: view) != nil, !isCareless { return nil }
        if kind == .finalize, vote(.nullify, in: view) != nil, !isCareless { return nil }
        if kind == .notarize, vote(.nullify, in: view) != nil { return nil }
        let digest = instance.voteDigest(kind, view: view, proposal: proposal)
        let vote = Vote(
            kind: kind, epoch: instance.epoch, view: view, proposal: proposal, index: index,
            signature: VoteSignature(digest, with: key))
        signed[view, default: [:]][kind] = vote
        return vote
    }

    /// Signs a status: no vote, and so never refused but while locked.
    func sign(statusIn view: UInt64, height: UInt64, nonce: Hash32) -> Status.Signer? {
        guard !isLocked else { return nil }
        let digest = instance.statusDigest(view: view, height: height, nonce: nonce)
        return Status.Signer(index: index, signature: VoteSignature(digest, with: key))
    }

    /// Signs a question where everybody stands: it says nothing of the past, and is never refused.
    func sign(statusRequestIn view: UInt64, nonce: Hash32) -> Status.Signer {
        let digest = instance.statusRequestDigest(view: view, nonce: nonce)
        return Status.Signer(index: index, signature: VoteSignature(digest, with: key))
    }

    /// Takes back a vote that the log remembers.
    mutating func restore(_ vote: Vote) {
        guard vote.view >= floor else { return }
        signed[vote.view, default: [:]][vote.kind] = vote
    }

    /// Gives up all views below one for ever.
    mutating func raise(to view: UInt64) {
        guard view > floor else { return }
        floor = view
        signed = signed.filter { $0.key >= view }
    }

    /// All it signed in views at or above the floor, in order.
    var votes: [Vote] {
        signed.values.flatMap(\.values).sorted { ($0.view, $0.kind) < ($1.view, $1.kind) }
    }
}
