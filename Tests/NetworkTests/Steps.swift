import Machine
import Primitives

extension Machine {
    /// Gives one input to a machine and returns what it asks for.
    mutating func step(_ input: Input, at now: Instant = .second) -> [Output] {
        var box = Outbox<Output>()
        handle(input, at: now, into: &box)
        return box.drain()
    }

    /// Wakes a machine and returns what it asks for.
    mutating func woken(at now: Instant) -> [Output] {
        var box = Outbox<Output>()
        wake(at: now, into: &box)
        return box.drain()
    }
}

extension Instant {
    /// A moment for tests that need no time.
    static let second = Instant(nanoseconds: 1_000_000_000)

    /// A moment so many milliseconds later.
    func later(_ milliseconds: Int) -> Instant { advanced(by: .milliseconds(milliseconds)) }
}

/// Bytes of chance that are always the same.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var random = Random(seed: seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
}
