/// Everything that a peer could make grow, and where it ends.
public enum Limits {
    /// Validators in a set; bounds bitmaps and certificates.
    public static let validators = 128
    /// Bytes of a value.
    public static let value = 4 << 20
    /// Bytes of a whole message.
    public static let message = 8 << 20
    /// Nullifications in a proposal: the views it may pass over.
    public static let gap = 4_096
    /// Bytes of a proposal's certificates, encoded.
    public static let justification = 3 << 20
    /// How far ahead of its own view a node listens to votes.
    public static let viewsAhead: UInt64 = 64
    /// How many views below the last final one votes are kept, as evidence.
    public static let viewsBehind: UInt64 = 8
    /// Views named in one request for certificates.
    public static let requestedViews = 1_024
    /// Certificates in one reply.
    public static let repliedCertificates = 512
    /// Proposals asked for by name in one request.
    public static let requestedProposals = 16
    /// Blocks of history asked for and answered at once.
    public static let historyBlocks = 64
    /// Links that may follow the blocks of a reply up to a finalization.
    public static let historyLinks = 1_024
    /// Bytes of values in one reply, beyond the first.
    public static let historyBytes = 2 << 20
    /// Reads of the history for peers that may be under way.
    public static let recalls = 32
    /// Final blocks that may wait for the ledger before more are asked for.
    public static let syncBacklog = 128
    /// Peers that are remembered.
    public static let peers = 1_024
    /// Final blocks kept in memory for peers that are only a little late.
    public static let recentBlocks = 4
    /// Bytes of log that are not worth rewriting: a dozen full blocks, read in a moment at start.
    ///
    /// A rewriting makes the disk wait for all else that is being written, and votes wait for it.
    public static let logSize = 8 << 20
}
