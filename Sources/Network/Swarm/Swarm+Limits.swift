extension Swarm {
    /// The bounds of the whole swarm.
    public enum Limits {
        /// The most links, those included that have not proved a name yet.
        public static let links = 96
        /// The most links that have not proved a name yet.
        public static let handshakes = 32
        /// The most links from one address, loopback excepted.
        public static let linksPerHost = 8
        /// How many bytes may wait for a peer before content is no longer sent to it.
        public static let crowded = 4 * 1_024 * 1_024
        /// How many bytes may wait for a peer before messages for it alone are queued.
        public static let busy = 1_024 * 1_024
        /// The most streams of one protocol that a peer may have open, requests excepted.
        public static let streams = 4
        /// Two links to one peer that began within this time were made at the same time.
        public static let simultaneous = Duration.seconds(5)
        /// Time between two questions for more peers.
        public static let exchange = Duration.seconds(30)
        /// How many addresses one answer about peers holds.
        public static let addresses = 64
        /// With fewer peers than this, those that were heard of are dialled.
        public static let wanted = 24
        /// The most bytes of one answer about peers.
        public static let exchangeBytes = 16 * 1_024
    }
}
