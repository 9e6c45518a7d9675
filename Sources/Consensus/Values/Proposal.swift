import Crypto
public import Primitives

/// What consensus decides: bytes, and the hash that names them; it reads neither.
public struct Value: Hashable, Sendable {
    /// The name.
    public let hash: Hash32
    /// The bytes.
    public let bytes: [UInt8]

    /// Creates a value.
    public init(hash: Hash32, bytes: [UInt8]) {
        self.hash = hash
        self.bytes = bytes
    }
}

/// Why a proposal may stand where it stands (SPEC R3): its parent's certificate, and a
/// nullification for every view between.
public struct Justification: Hashable, Sendable {
    /// The notarization, or the finalization, of the parent; `nil` where that is the genesis.
    public let parent: Certificate?
    /// One nullification for each view passed over, ascending.
    public let gaps: [Certificate]

    /// Creates a justification.
    public init(parent: Certificate?, gaps: [Certificate]) {
        self.parent = parent
        self.gaps = gaps
    }

    /// What a block commits to in its extra data (SPEC §1, Block).
    public var commitment: Hash32 { keccak256(encoded) }

    /// The view of the parent.
    var parentView: UInt64 { parent?.view ?? 0 }

    /// Whether the kinds and views are those a proposal of this view must show; proves nothing.
    func isShaped(view: UInt64, parent id: Hash32, genesis: Hash32) -> Bool {
        guard parentView < view, gaps.count <= Limits.gap else { return false }
        if let parent {
            guard parent.kind != .nullify, parent.proposal == id else { return false }
        } else {
            guard id == genesis else { return false }
        }
        guard UInt64(gaps.count) == view - parentView - 1 else { return false }
        return gaps.enumerated().allSatisfy {
            $1.kind == .nullify && $1.view == parentView + 1 + UInt64($0)
        }
    }
}

/// A value put into its place: what blocks are kept, sent and linked as.
public struct ProposedValue: Hashable, Sendable {
    /// The view it was proposed in.
    public let view: UInt64
    /// The proposal it stands on.
    public let parent: Hash32
    /// The value.
    public let value: Value
    /// The justification it was proposed with, encoded.
    public let justification: [UInt8]

    /// Creates a proposed value.
    public init(view: UInt64, parent: Hash32, value: Value, justification: [UInt8]) {
        self.view = view
        self.parent = parent
        self.value = value
        self.justification = justification
    }

    /// What names the proposal, without the value's bytes.
    var link: ProposalLink { ProposalLink(view: view, parent: parent, value: value.hash) }
}

/// What a proposal's name is the hash of, but for the instance.
public struct ProposalLink: Hashable, Sendable {
    /// The view.
    public let view: UInt64
    /// The proposal it stands on.
    public let parent: Hash32
    /// The hash of the value.
    public let value: Hash32

    /// Creates a link.
    public init(view: UInt64, parent: Hash32, value: Hash32) {
        self.view = view
        self.parent = parent
        self.value = value
    }

    /// The proposal's name.
    public func id(in instance: Instance) -> Hash32 {
        instance.proposalID(view: view, parent: parent, value: value)
    }
}

/// A leader's message: a value, its place, its justification and the leader's own vote for it.
public struct Proposal: Hashable, Sendable {
    /// The epoch.
    public let epoch: UInt64
    /// The value and its place.
    public let proposed: ProposedValue
    /// The certificates; ``ProposedValue/justification`` is their encoding.
    public let justification: Justification
    /// The leader's notarize vote, so that two proposals in a view convict it.
    public let vote: Vote

    /// Creates a proposal.
    public init(
        epoch: UInt64, view: UInt64, parent: Hash32, value: Value, justification: Justification,
        vote: Vote
    ) {
        self.epoch = epoch
        self.proposed = ProposedValue(
            view: view, parent: parent, value: value, justification: justification.encoded)
        self.justification = justification
        self.vote = vote
    }
}
