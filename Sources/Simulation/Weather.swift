public import Primitives

/// Which faults a run has, how often and how bad; all chances are in 65,536ths.
public struct Weather: Hashable, Sendable {
    /// Nanoseconds a byte is under way at least.
    public var latency: UInt64 = 200_000
    /// Nanoseconds by which the way may take longer.
    public var jitter: UInt64 = 300_000
    /// Bytes a second on each link.
    public var bandwidth: UInt64 = 100_000_000
    /// Nanoseconds a sync takes, at least and by chance more.
    public var sync: UInt64 = 500_000
    /// Nanoseconds a job takes, at least and by chance more.
    public var job: UInt64 = 500_000
    /// How often bytes are lost and sent again, later by a fifth of a second to two seconds.
    public var stallChance: UInt64 = 0
    /// How often bytes arrive in two parts.
    public var splitChance: UInt64 = 0
    /// Seconds between two resets of some link; zero for never.
    public var resetInterval: UInt64 = 0
    /// Seconds between two partitions; zero for never.
    public var partitionInterval: UInt64 = 0
    /// Seconds between two moments from which all links of some node crawl; zero for never.
    public var clogInterval: UInt64 = 0
    /// Seconds between two crashes of some node; zero for never.
    public var crashInterval: UInt64 = 0
    /// Seconds between two moments from which some node's disk is full; zero for never.
    public var fullInterval: UInt64 = 0
    /// How often one bit of a node's log is turned over while it is down.
    public var rotChance: UInt64 = 0
    /// The most nodes that are down, have a full disk or are impaired at a time.
    public var downLimit = 0
    /// By how many millionths a clock may run fast or slow.
    public var drift: UInt64 = 0
    /// By how many milliseconds a wall clock may be wrong.
    public var skew: UInt64 = 0

    /// Fair weather: a fast network, and no fault at all.
    public static let calm = Weather()

    /// Creates fair weather.
    public init() {}

    /// Draws the weather of a run: first which faults there are at all, then how bad they are.
    ///
    /// No more than `downLimit` nodes fail at a time, so that a quorum is left.
    public init(from chance: inout Random, downLimit: Int) {
        func draw(_ range: ClosedRange<UInt64>) -> UInt64 {
            UInt64.random(in: range, using: &chance)
        }
        let faults = chance.next()
        func has(_ number: UInt64) -> Bool { faults >> number & 1 == 1 }

        latency = has(0) ? draw(5_000_000...80_000_000) : draw(100_000...5_000_000)
        jitter = has(1) ? draw(1_000_000...150_000_000) : latency / 4
        bandwidth = has(2) ? draw(500_000...4_000_000) : 100_000_000
        sync = has(3) ? draw(5_000_000...60_000_000) : draw(200_000...5_000_000)
        job = has(4) ? draw(2_000_000...40_000_000) : draw(100_000...2_000_000)
        stallChance = has(5) ? draw(20...1_500) : 0
        splitChance = has(6) ? draw(500...20_000) : 0
        resetInterval = has(7) ? draw(2...30) : 0
        partitionInterval = has(8) ? draw(10...60) : 0
        clogInterval = has(9) ? draw(10...60) : 0
        crashInterval = has(10) ? draw(5...40) : 0
        drift = has(11) ? draw(10...2_000) : 0
        skew = has(12) ? draw(10...2_000) : 0
        fullInterval = has(13) ? draw(5...40) : 0
        rotChance = has(14) ? draw(8_000...65_536) : 0
        self.downLimit = downLimit
    }
}
