import Crypto
public import Primitives

/// One run of the protocol: a chain and an epoch of it (SPEC §0).
///
/// Everything that is signed names its instance, so no vote means anything elsewhere.
public struct Instance: Hashable, Sendable {
    /// The chain's number (EIP-155).
    public let chainID: UInt64
    /// The hash of the chain's first block.
    public let genesisHash: Hash32
    /// The epoch, from 1.
    public let epoch: UInt64

    /// Creates an instance.
    public init(chainID: UInt64, genesisHash: Hash32, epoch: UInt64 = 1) {
        self.chainID = chainID
        self.genesisHash = genesisHash
        self.epoch = epoch
    }

    /// Names a proposal (SPEC §1, ProposalId): what is voted on is a proposal, not a block.
    public func proposalID(view: UInt64, parent: Hash32, value: Hash32) -> Hash32 {
        digest("MARTLET-PROPOSAL-1", [word(view), parent, value])
    }

    /// The proposal everything in the first epoch descends from: view 0, final by definition.
    public var genesisID: Hash32 { proposalID(view: 0, parent: .zero, value: genesisHash) }

    /// What a vote signs (SPEC §1, Vote).
    public func voteDigest(_ kind: Vote.Kind, view: UInt64, proposal: Hash32) -> Hash32 {
        digest("MARTLET-VOTE-1", [word(view), word(UInt64(kind.rawValue)), proposal])
    }

    /// What a validator's status signs: its view, its height, and the nonce it answers.
    func statusDigest(view: UInt64, height: UInt64, nonce: Hash32) -> Hash32 {
        digest("MARTLET-STATUS-1", [word(view), word(height), nonce])
    }

    /// What a validator's question for statuses signs: its view, and the nonce to be answered.
    func statusRequestDigest(view: UInt64, nonce: Hash32) -> Hash32 {
        digest("MARTLET-STATUS-REQUEST-1", [word(view), nonce])
    }

    private func word(_ number: UInt64) -> Hash32 { Hash32(a: 0, b: 0, c: 0, d: number) }

    /// The Keccak-256 of `abi.encode(tag, chainId, genesisHash, epoch, fields…)`, tag a string.
    private func digest(_ tag: String, _ fields: [Hash32]) -> Hash32 {
        let words = [word(chainID), genesisHash, word(epoch)] + fields
        var bytes = word(UInt64(32 * (words.count + 1))).bytes
        for word in words { bytes += word.bytes }
        let text = Array(tag.utf8)
        bytes += word(UInt64(text.count)).bytes + text
        bytes += [UInt8](repeating: 0, count: (32 - text.count % 32) % 32)
        return keccak256(bytes)
    }
}
