import Consensus
import Primitives
import Testing

@Suite struct StormTests {
    @Test("four honest validators in fair weather make blocks")
    func fairWeather() throws {
        var plan = Village.Plan()
        plan.storm = 0
        plan.end = 60
        var village = try Village(seed: 1, plan)
        try village.run()
        #expect(village.checker.heights.values.min() ?? 0 > 20)
    }

    @Test("after loss, partitions and crashes a block is final within 15 Δ", arguments: 0..<40)
    func storms(seed: UInt64) throws {
        var village = try Village(seed: seed, Village.Plan())
        try village.run()
        let first = village.checker.firstAfterStorm.map { Double($0) / Double(Village.tick) } ?? -1
        let low = village.checker.heights.values.min() ?? 0
        #expect(first >= 0 && first < 15)
        #expect(low > Int(village.checker.heightsAtStormEnd) + 5)
    }
}
