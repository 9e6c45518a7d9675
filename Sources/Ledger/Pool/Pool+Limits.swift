public import Primitives

extension Pool {
    /// What a pool takes in at most, and at least asks for.
    public struct Limits: Hashable, Sendable {
        /// How many transactions there may be.
        public var count = 20_000
        /// How many bytes they may have together.
        public var bytes = 32 << 20
        /// How many bytes one may have.
        public var transactionBytes = 128 << 10
        /// How many of one sender there may be; also how far ahead its nonces may be.
        public var perAccount = 64
        /// The least that must go to a block's maker, per gas.
        public var minimumTip: UInt256 = 0
        /// By how many hundredths a replacement must pay more.
        public var replacementPercent: UInt64 = 10
        /// Whether it takes transactions with blobs: only where somebody spreads and keeps these.
        public var takesBlobs = false
        /// For how many blocks a transaction may wait.
        public var lifetime: UInt64 = 10_800

        /// Creates the limits of a node among strangers.
        public init() {}
    }
}
