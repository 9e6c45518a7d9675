import Consensus
import Testing

/// Runs a plan under a seed and checks what every run must show.
struct Campaign {
    var plan = Village.Plan()
    /// Δ from the end of the storm to the next final block.
    var bound = 15.0
    /// Blocks that every honest node must have more than there were at the storm's end.
    var progress = 5

    @discardableResult
    func run(_ seed: UInt64) throws -> Checker {
        var village = try Village(seed: seed, plan)
        do {
            try village.run()
        } catch {
            Issue.record("seed \(seed): \(error)")
            return village.checker
        }
        let checker = village.checker
        let first = checker.firstAfterStorm.map { Double($0) / Double(Village.tick) }
        #expect((first ?? .infinity) <= bound, "seed \(seed): first block after the storm")
        let heights = village.houses.filter { $0.isHonest && $0.machine != nil }
            .map { checker.heights[$0.id] ?? 0 }
        let goal = Int(checker.heightsAtStormEnd) + progress
        #expect(heights.min() ?? 0 >= goal, "seed \(seed): heights \(heights), goal \(goal)")
        return checker
    }

    /// The first of some seeds whose run breaks a rule.
    func firstBroken(_ seeds: Range<UInt64>) throws -> UInt64? {
        for seed in seeds {
            var village = try Village(seed: seed, plan)
            do { try village.run() } catch { return seed }
        }
        return nil
    }
}
