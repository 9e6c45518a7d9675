import Crypto
public import Primitives

/// What one validator said about one view (SPEC §1).
public struct Vote: Hashable, Sendable {
    /// What can be said.
    public enum Kind: UInt8, CaseIterable, Comparable, Sendable {
        /// The proposal is justified and valid.
        case notarize = 1
        /// The view should end without a proposal.
        case nullify = 2
        /// The proposal is notarized and the view was not nullified.
        case finalize = 3

        /// Orders kinds by their number.
        public static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
    }

    /// What is said.
    public let kind: Kind
    /// The epoch.
    public let epoch: UInt64
    /// The view it is said about.
    public let view: UInt64
    /// The proposal; zero for nullify.
    public let proposal: Hash32
    /// The place of the validator in the epoch's set.
    public let index: Int
    /// Its signature over ``Instance/voteDigest(_:view:proposal:)``.
    public let signature: VoteSignature

    /// Creates a vote as it was received or signed.
    public init(
        kind: Kind, epoch: UInt64, view: UInt64, proposal: Hash32, index: Int,
        signature: VoteSignature
    ) {
        self.kind = kind
        self.epoch = epoch
        self.view = view
        self.proposal = proposal
        self.index = index
        self.signature = signature
    }

    /// Whether the signature is the validator's.
    public func isSigned(in instance: Instance, by validators: Validators) -> Bool {
        guard epoch == instance.epoch, validators.members.indices.contains(index) else {
            return false
        }
        let digest = instance.voteDigest(kind, view: view, proposal: proposal)
        return signature.isValid(of: digest, by: validators.members[index].key)
    }
}

/// A signature without its recovery id: 64 bytes, so that equal votes have equal bytes.
public struct VoteSignature: Hashable, Sendable {
    /// The nonce's point and the proof.
    public let r, s: Hash32

    /// Creates a signature from its parts.
    public init(r: Hash32, s: Hash32) {
        self.r = r
        self.s = s
    }

    /// Creates a signature from exactly 64 bytes; `nil` for any other count.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 64, let r = Hash32(Array(bytes[..<32])),
            let s = Hash32(Array(bytes[32...]))
        else { return nil }
        self.init(r: r, s: s)
    }

    /// The 64 bytes.
    public var bytes: [UInt8] { r.bytes + s.bytes }

    init(_ digest: Hash32, with key: Secp256k1.SecretKey) {
        let signature = Secp256k1.sign(digest, with: key)
        self.init(r: signature.r, s: signature.s)
    }

    func isValid(of digest: Hash32, by key: Secp256k1.PublicKey) -> Bool {
        guard let signature = Secp256k1.Signature(r: r, s: s, recoveryID: 0) else { return false }
        return Secp256k1.verify(signature, of: digest, by: key)
    }
}
