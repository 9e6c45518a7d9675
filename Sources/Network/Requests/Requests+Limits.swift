extension Requests {
    /// The bounds of requests and responses.
    public enum Limits {
        /// The longest request.
        public static let request = 1_024 * 1_024
        /// The longest response.
        public static let response = 16 * 1_024 * 1_024
        /// How long a response may take.
        public static let timeout = Duration.seconds(10)
        /// How long a request may take to arrive and to be answered.
        public static let patience = Duration.seconds(30)
        /// How many requests of ours one peer may have open.
        public static let outgoingPerPeer = 64
        /// How many requests one peer may have open with us.
        public static let incomingPerPeer = 64
        /// How many requests all peers together may have open with us.
        public static let incoming = 512
    }
}
