extension Multistream {
    /// The bounds of one agreement.
    public enum Limits {
        /// The longest line, newline included.
        public static let line = 1_024
        /// How many lines a listener answers, and a dialer reads.
        public static let lines = 16
    }
}
