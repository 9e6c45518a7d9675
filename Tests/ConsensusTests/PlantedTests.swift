import Consensus
import Primitives
import Testing

@Suite struct PlantedTests {
    @Test("a lowered quorum is found")
    func lowered() throws {
        var plan = Village.Plan()
        plan.validators = 7
        plan.byzantine = [6: .twin]
        plan.fault = .quorumLowered
        let seed = try Campaign(plan: plan).firstBroken(0..<20)
        #expect(seed != nil)
        print("lowered quorum found at seed", seed ?? .max)
    }

    @Test("votes that do not wait for the disk are found")
    func volatile() throws {
        var plan = Village.Plan()
        plan.crashesPerWrite = 50
        plan.fault = .volatileVotes
        let seed = try Campaign(plan: plan).firstBroken(0..<60)
        #expect(seed != nil)
        print("volatile votes found at seed", seed ?? .max)
    }

    @Test("finalizing what was nullified is found")
    func both() throws {
        var plan = Village.Plan()
        plan.fault = .nullifyAndFinalize
        let seed = try Campaign(plan: plan).firstBroken(0..<5)
        #expect(seed != nil)
        print("nullify and finalize found at seed", seed ?? .max)
    }
}
