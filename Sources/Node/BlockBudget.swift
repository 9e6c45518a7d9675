package import Primitives

/// How much gas the next block may use, so that it is executed in time.
///
/// A view ends without a block when building and judging take longer than the others wait. So a
/// machine that is slow, or has much else to do, makes smaller blocks instead of late ones: what
/// blocks took of late tells how much it can do.
package struct BlockBudget: Sendable {
    /// Within how many nanoseconds a block should be executed: half of Δ (SPEC R7).
    static let target: UInt64 = 250_000_000
    /// What is always allowed, however slow the machine was: a hundred payments, or one great call.
    package static let least: UInt64 = 17_000_000
    /// Blocks of less gas say little of what gas costs.
    static let telling: UInt64 = 1_000_000
    /// How many blocks are remembered.
    static let memory = 8

    private var blocks: [(gas: UInt64, nanoseconds: UInt64)] = []

    /// Creates a budget that knows of no block yet.
    package init() {}

    /// Notes what a block took to be built or judged, waiting included.
    package mutating func note(gas: UInt64, since start: Instant, at now: Instant) {
        guard gas >= BlockBudget.telling else { return }
        if blocks.count == BlockBudget.memory { blocks.removeFirst() }
        blocks.append((gas, now.nanoseconds &- start.nanoseconds))
    }

    /// The gas that the next block may use.
    package func gas(limit: UInt64) -> UInt64 {
        let gas = blocks.reduce(UInt256.zero) { $0 &+ UInt256($1.gas) }
        let time = blocks.reduce(UInt256.zero) { $0 &+ UInt256($1.nanoseconds) }
        guard !time.isZero else { return limit }
        let fitting = gas &* UInt256(BlockBudget.target) / time
        return min(limit, max(BlockBudget.least, fitting.asUInt64 ?? limit))
    }
}
