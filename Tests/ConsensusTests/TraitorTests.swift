import Consensus
import Primitives
import Testing

@Suite struct TraitorTests {
    @Test("one of four is two at once (Twins)", arguments: seeds(from: 10_000, 8))
    func twin(seed: UInt64) throws {
        var plan = Village.Plan()
        plan.byzantine = [3: .twin]
        try Campaign(plan: plan).run(seed)
    }

    @Test("one of four lies by hand", arguments: seeds(from: 11_000, 8))
    func liar(seed: UInt64) throws {
        var plan = Village.Plan()
        plan.byzantine = [3: .liar]
        let checker = try Campaign(plan: plan).run(seed)
        #expect(checker.convicted == [3])
    }

    @Test("two of seven lie or are twins", arguments: seeds(from: 12_000, 2))
    func two(seed: UInt64) throws {
        var plan = Village.Plan()
        plan.validators = 7
        plan.byzantine = [1: .liar, 6: seed % 2 == 0 ? .twin : .liar]
        try Campaign(plan: plan).run(seed)
    }

    @Test("one of four only nullifies", arguments: seeds(from: 13_000, 2))
    func nuller(seed: UInt64) throws {
        var plan = Village.Plan()
        plan.byzantine = [0: .nuller]
        try Campaign(plan: plan).run(seed)
    }
}
