extension Yamux {
    /// The bounds of one connection's streams.
    public enum Limits {
        /// The window that both sides begin with (yamux specification, flow control).
        public static let firstWindow: UInt32 = 256 * 1_024
        /// The greatest window that is opened to the other side.
        public static let window: UInt32 = 1_024 * 1_024
        /// A window that is used up in less than this time is made greater.
        public static let growth = Duration.seconds(1)
        /// The most streams that the other side may have open.
        public static let inbound = 256
        /// The most streams that this side may have open.
        public static let outbound = 256
        /// The most bytes of data in one frame that is written.
        public static let frame = 65_507 - 12
        /// How many acts of each cheap kind the other side may do at once.
        public static let burst = 512
        /// How many it may do each second, in the long run.
        public static let rate = 256
        /// How many identifiers that were jumped over are remembered.
        public static let skipped = 64
    }
}
