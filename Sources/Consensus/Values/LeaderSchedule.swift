/// Who leads which view: weighted round robin over the frozen set (SPEC §1, Leader).
///
/// Each view every member gains credit equal to its power, the richest leads and pays the whole
/// sum. The order repeats after as many views as the powers, divided by what they share, add up
/// to; so it is worked out once, as far as it was needed.
struct LeaderSchedule: Sendable {
    private let powers: [Int64]
    private let total: Int64
    private var credit: [Int64]
    private var order: [UInt16] = []
    private var isWhole = false

    /// Starts at view 1 of an epoch.
    init(_ validators: Validators) {
        let shared = validators.members.reduce(UInt64(0)) { Self.divisor($0, $1.power) }
        powers = validators.members.map { Int64($0.power / shared) }
        total = powers.reduce(0, +)
        credit = powers.map { _ in 0 }
    }

    /// The place of the member that leads a view, from view 1 on.
    mutating func leader(of view: UInt64) -> Int {
        precondition(view > 0, "view 0 is the genesis and has no leader")
        while !isWhole, UInt64(order.count) < view { step() }
        return Int(order[Int((view - 1) % UInt64(order.count))])
    }

    private mutating func step() {
        var richest = 0
        for index in powers.indices {
            credit[index] += powers[index]
            if credit[index] > credit[richest] { richest = index }
        }
        credit[richest] -= total
        order.append(UInt16(richest))
        isWhole = credit.allSatisfy { $0 == 0 }
    }

    private static func divisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
        right == 0 ? left : divisor(right, left % right)
    }
}
