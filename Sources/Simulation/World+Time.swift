import Machine
import Primitives

/// What the clocks of the nodes show.
extension World {
    private static var million: Int64 { 1_000_000 }

    /// The time on a node's own monotonic clock.
    func clock(of node: Int) -> Instant {
        let elapsed = time - homes[node].started
        let drift = homes[node].drift
        guard drift != 0 else { return Instant(nanoseconds: elapsed) }
        let scaled = UInt128(elapsed) * UInt128(Self.million + drift) / UInt128(Self.million)
        return Instant(nanoseconds: UInt64(scaled))
    }

    /// The time on a node's own wall clock, in milliseconds.
    func wallClock(of node: Int) -> UInt64 {
        UInt64(Int64(unixMilliseconds + time / 1_000_000) + homes[node].skew)
    }

    /// Sees to it that a node is woken when it wants to be.
    func scheduleWake(_ node: Int) {
        guard let deadline = homes[node].deadline else { return }
        let life = homes[node].life
        let drift = homes[node].drift
        var elapsed = deadline.nanoseconds
        if drift != 0 {
            // Rounded up: a node is never woken before its own clock says so.
            let rate = UInt128(Self.million + drift)
            elapsed = UInt64((UInt128(elapsed) * UInt128(Self.million) + rate - 1) / rate)
        }
        let due = homes[node].started &+ elapsed
        let wake = max(time, due)
        guard wake < homes[node].wakeTime else { return }
        homes[node].wakeTime = wake
        queue.add(.wake(life, at: wake), at: wake)
    }
}
