import Node
import Scenarios
import Simulation
import Testing

/// Whole networks of whole nodes, in virtual time.
@Suite struct ScenarioTests {
    private func outcome(seed: UInt64, fault: PlantedFault? = nil) throws -> Scenario.Outcome {
        var scenario = Scenario(seed: seed)
        scenario.seconds = 12
        scenario.fault = fault
        return try scenario.run()
    }

    @Test(
        "whatever the faults, nodes agree, nothing is lost or doubled, and all catch up",
        arguments: 1...200 as ClosedRange<UInt64>)
    func holds(seed: UInt64) throws {
        let outcome = try outcome(seed: seed)
        #expect(
            outcome.violations.isEmpty,
            "martlet simulate --seconds=12 --seed=\(seed): \(outcome.violations)")
    }

    @Test(
        "nodes whose disk is full stop and go on later; spoiled logs cost no vote twice, and heal",
        arguments: 1...6 as ClosedRange<UInt64>)
    func spoils(seed: UInt64) throws {
        var scenario = Scenario(seed: seed)
        scenario.seconds = 30
        var weather = Weather.calm
        weather.crashInterval = 4
        weather.rotChance = 32_768
        weather.fullInterval = 4
        scenario.weather = weather
        // A ring: nobody has a link to a quorum, so questions and answers are passed on (W4).
        scenario.reach = seed.isMultiple(of: 2) ? 2 : nil
        let outcome = try scenario.run()
        #expect(outcome.violations.isEmpty, "seed \(seed): \(outcome.violations)")
        #expect(outcome.twins > 0 || outcome.spoiledLogs > 0 && outcome.fullDisks > 0)
    }

    @Test("equal seeds give equal runs", arguments: [3, 11, 19] as [UInt64])
    func repeats(seed: UInt64) throws {
        #expect(try outcome(seed: seed) == outcome(seed: seed))
    }

    @Test("a quorum of four of seven is found out", arguments: 1...10 as ClosedRange<UInt64>)
    func planted(seed: UInt64) throws {
        let outcome = try outcome(seed: seed, fault: .quorum)
        #expect(!outcome.violations.isEmpty)
    }
}
