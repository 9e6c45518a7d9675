internal import Primitives

/// Allows an act so many times at once, and so many times each second in the long run.
struct Budget: Sendable {
    private let burst: UInt64
    private let interval: UInt64
    private var used: UInt64 = 0
    private var since: UInt64

    /// Creates a budget that is full.
    init(burst: Int, rate: Int, at now: Instant) {
        self.burst = UInt64(burst)
        interval = 1_000_000_000 / UInt64(rate)
        since = now.nanoseconds
    }

    /// Takes one act, or several, from the budget; `false` if it is used up.
    mutating func spend(_ count: Int = 1, at now: Instant) -> Bool {
        let refill = (now.nanoseconds - min(since, now.nanoseconds)) / interval
        since += refill * interval
        used -= min(used, refill)
        guard UInt64(count) <= burst - used else { return false }
        used += UInt64(count)
        return true
    }
}
