import Consensus
import Primitives
import Testing

@Suite struct StormTests {
    @Test("in fair weather a block takes two delays, and nobody is nullified")
    func fairWeather() throws {
        var plan = Village.Plan()
        plan.storm = 0
        plan.end = 60
        let checker = try Campaign(plan: plan, progress: 45).run(1)
        #expect(checker.nullified.isEmpty)
    }

    @Test(
        "after loss, partitions and crashes a block is final within 15 Δ",
        arguments: seeds(from: 0, 10))
    func storm(seed: UInt64) throws {
        try Campaign().run(seed)
    }

    @Test("seven validators weather the same storms", arguments: seeds(from: 1000, 3))
    func seven(seed: UInt64) throws {
        var plan = Village.Plan()
        plan.validators = 7
        plan.followers = 1
        try Campaign(plan: plan).run(seed)
    }

    @Test("two of seven may be gone for good", arguments: seeds(from: 2000, 2))
    func twoGone(seed: UInt64) throws {
        var plan = Village.Plan()
        plan.validators = 7
        plan.dead = [2, 5]
        plan.storm = 20
        plan.end = 120
        plan.crashes = 0
        try Campaign(plan: plan).run(seed)
    }

    @Test("three of seven gone, and nothing is final, nor wrong")
    func threeGone() throws {
        var plan = Village.Plan()
        plan.validators = 7
        plan.dead = [1, 2, 5]
        plan.storm = 0
        plan.end = 60
        var village = try Village(seed: 1, plan)
        try village.run()
        #expect(village.checker.final.isEmpty)
    }

    @Test("of five, four are a quorum", arguments: seeds(from: 3000, 2))
    func five(seed: UInt64) throws {
        var plan = Village.Plan()
        plan.validators = 5
        plan.dead = [4]
        plan.crashes = 2
        try Campaign(plan: plan).run(seed)
        plan.dead = [3, 4]
        plan.storm = 0
        plan.end = 40
        var village = try Village(seed: seed, plan)
        try village.run()
        #expect(village.checker.final.isEmpty)
    }

    @Test(
        "powers need not be equal, and the mighty lead more often", arguments: seeds(from: 4000, 2))
    func powers(seed: UInt64) throws {
        var plan = Village.Plan()
        plan.validators = 5
        plan.powers = [5, 4, 3, 2, 2]
        let checker = try Campaign(plan: plan).run(seed)
        #expect(checker.leaderViews[0] ?? 0 > checker.leaderViews[4] ?? 0)
    }

    @Test("clocks may run 5 % apart", arguments: seeds(from: 5000, 2))
    func skew(seed: UInt64) throws {
        var plan = Village.Plan()
        plan.skew = 50
        try Campaign(plan: plan).run(seed)
    }

    @Test("where Δ may grow twentyfold, the bound is in grown Δ", arguments: seeds(from: 8000, 3))
    func growth(seed: UInt64) throws {
        var plan = Village.Plan()
        plan.growth = 20
        plan.end = 260
        try Campaign(plan: plan, bound: 15 * 5).run(seed)
    }

    @Test("a paced chain keeps its interval", arguments: seeds(from: 6000, 2))
    func paced(seed: UInt64) throws {
        var plan = Village.Plan()
        plan.storm = 20
        plan.end = 120
        plan.idleInterval = Village.delay * 4
        let checker = try Campaign(plan: plan, bound: 20).run(seed)
        #expect(checker.final.count < 120 / 4 + 5)
    }

    @Test("delays of the network do not add up: a block each interval")
    func cadence() throws {
        var plan = Village.Plan()
        plan.storm = 0
        plan.end = 203
        plan.blockInterval = Village.delay * 10
        plan.idleInterval = Village.delay * 10
        let checker = try Campaign(plan: plan).run(1)
        #expect((19...20).contains(checker.final.count), "\(checker.final.count) in 20 intervals")
    }

    @Test("a node that was away catches up, whatever was missed", arguments: seeds(from: 7000, 2))
    func away(seed: UInt64) throws {
        var plan = Village.Plan()
        plan.validators = 4
        plan.followers = 1
        plan.storm = 0
        plan.end = 220
        plan.away = (node: seed % 2 == 0 ? 1 : 4, from: 5, to: 200)
        let checker = try Campaign(plan: plan).run(seed)
        let heights = checker.heights.values
        #expect(heights.max() ?? 0 > 100)
        #expect((heights.max() ?? 0) - (heights.min() ?? 0) < 6, "heights \(heights)")
    }

    @Test("equal seeds make equal runs, other seeds others")
    func digests() throws {
        func digest(_ seed: UInt64) throws -> UInt64 {
            var village = try Village(seed: seed, Village.Plan())
            try village.run()
            return village.digest
        }
        let first = try digest(3)
        #expect(try digest(3) == first)
        #expect(try digest(4) != first)
    }
}
