import Glibc
import Primitives

/// The two clocks of the machine.
struct Clock: Sendable {
    private let start: UInt64

    /// Starts a node's monotonic clock at zero.
    init() {
        start = Self.nanoseconds(of: CLOCK_BOOTTIME)
    }

    /// The time since the start, sleep of the machine included.
    var now: Instant {
        Instant(nanoseconds: Self.nanoseconds(of: CLOCK_BOOTTIME) &- start)
    }

    /// The wall clock in milliseconds of Unix time.
    static var unixMilliseconds: UInt64 {
        nanoseconds(of: CLOCK_REALTIME) / 1_000_000
    }

    private static func nanoseconds(of clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
