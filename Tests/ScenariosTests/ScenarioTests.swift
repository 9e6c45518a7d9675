import Node
import Scenarios
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
