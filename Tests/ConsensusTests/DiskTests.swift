import Consensus
import Primitives
import Testing

@Suite struct DiskTests {
    @Test(
        "a crash at a write to the log harms nobody, whichever it is", arguments: seeds(from: 1, 12)
    )
    func everyWrite(number: UInt64) throws {
        var plan = Village.Plan()
        plan.storm = 30
        plan.end = 80
        plan.crashes = 2
        plan.crashAtWrite = (node: 1, write: 3 * Int(number))
        try Campaign(plan: plan).run(number)
    }

    @Test("crashes at one write in twenty harm nobody", arguments: seeds(from: 14_000, 6))
    func oftenAtWrites(seed: UInt64) throws {
        var plan = Village.Plan()
        plan.crashes = 0
        plan.crashesPerWrite = 50
        try Campaign(plan: plan).run(seed)
    }

    @Test(
        "a lost or damaged log means probation, and then signing again",
        arguments: seeds(from: 15_000, 4))
    func damage(seed: UInt64) throws {
        var plan = Village.Plan()
        plan.validators = 7
        plan.damaged = [0, 1]
        plan.crashes = 14
        try Campaign(plan: plan).run(seed)
    }
}
