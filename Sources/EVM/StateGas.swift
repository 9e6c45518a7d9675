/// What it costs to add to the state, in gas (EIP-8037): the more gas blocks have, the more.
public struct StatePrices: Hashable, Sendable {
    /// What one byte costs.
    private let byte: Int64

    /// How many bytes the state should grow by in a year: a hundred gigabytes.
    private static let yearlyGrowth: UInt64 = 100 << 30
    /// How many blocks there are in a year.
    private static let yearlyBlocks: UInt64 = 2_628_000

    /// The prices in a block with a gas limit, of which half should be used.
    ///
    /// They go in steps: of the sum with an offset only the five highest bits count.
    public init(gasLimit: UInt64) {
        // The upper half of the product is less than the divisor, whatever the limit is.
        let growth = 2 * StatePrices.yearlyGrowth
        let (whole, rest) = growth.dividingFullWidth(
            gasLimit.multipliedFullWidth(by: StatePrices.yearlyBlocks))
        let sum = min(whole, 1 << 32) + (rest > 0 ? 1 : 0) + 9578
        let shift = UInt64(max(0, 64 - sum.leadingZeroBitCount - 5))
        byte = max(Int64((sum >> shift) << shift) - 9578, 1)
    }

    /// A new account.
    public var account: Int64 { 112 * byte }
    /// A slot that held nothing.
    public var slot: Int64 { 32 * byte }
    /// The mark of a delegation (EIP-7702).
    public var delegation: Int64 { 23 * byte }
    /// Code of a length.
    public func code(_ count: Int) -> Int64 { byte * Int64(count) }
}

/// The gas of a transaction that pays for what it adds to the state (EIP-8037).
///
/// It is taken from a reservoir of its own first, then from the gas of the frame that adds. What a
/// frame that fails had added is no more, so all of it comes back to the reservoir; but what was
/// given back in the frame is then forfeited, as refunds are.
public struct StateGas: Hashable, Sendable {
    /// What is left of what was set apart.
    public var reservoir: Int64 = 0
    /// What was charged so far, less what came back.
    public var used: Int64 = 0
    /// What came back so far.
    private var returned: Int64 = 0
    /// What had come back in frames that failed.
    public private(set) var forfeited: Int64 = 0

    /// What was charged and came back at some point.
    struct Mark {
        var used: Int64 = 0
        var returned: Int64 = 0
    }

    /// Where it stands.
    var mark: Mark { Mark(used: used, returned: returned) }

    /// Whether what did not come to be is paid all the same, unless a caller's frame goes on.
    ///
    /// So the rules were before April 2026; the tests of execution witnesses still hold to it.
    public let paysForFailure: Bool

    /// Creates state gas of which nothing is used.
    public init(reservoir: Int64 = 0, paysForFailure: Bool = false) {
        self.reservoir = reservoir
        self.paysForFailure = paysForFailure
    }

    /// Takes a price from the reservoir and then from gas; false if both do not suffice.
    mutating func charge(_ price: Int64, _ gas: inout Int64) -> Bool {
        let spilled = max(0, price - reservoir)
        guard gas >= spilled else { return false }
        gas -= spilled
        reservoir -= price - spilled
        used += price
        return true
    }

    /// Gives back to the reservoir what was charged for a state that did not come to be.
    public mutating func giveBack(_ price: Int64) {
        reservoir += price
        used -= price
        returned += price
    }

    /// Gives back all that was charged since a frame began; the outermost forfeits nothing.
    mutating func rollBack(to mark: Mark, isOutermost: Bool) {
        if paysForFailure, isOutermost { return }
        let restored = reservoir + used - mark.used
        let lost = isOutermost ? 0 : min(restored, returned - mark.returned)
        forfeited += lost
        reservoir = restored - lost
        (used, returned) = (mark.used, mark.returned)
    }
}
