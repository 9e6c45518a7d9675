extension Connection {
    /// The bounds of one connection.
    public enum Limits {
        /// How long all agreements up to the first stream may take.
        public static let handshake = Duration.seconds(10)
        /// How long the agreement on a stream's protocol may take.
        public static let negotiation = Duration.seconds(10)
        /// How many bytes are given to the driver before it has written those before.
        public static let inFlight = 1_024 * 1_024
        /// How many bytes may wait for a peer that does not read; with more it is cut.
        public static let backlog = 16 * 1_024 * 1_024
        /// How long bytes may wait with none of them leaving before the peer is cut.
        public static let stall = Duration.seconds(15)
    }
}
