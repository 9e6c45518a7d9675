import Node
import Primitives
import Testing

@Suite struct BlockBudgetTests {
    private func note(_ gas: UInt64, milliseconds: UInt64, in budget: inout BlockBudget) {
        let end = Instant(nanoseconds: milliseconds * 1_000_000)
        budget.note(gas: gas, since: .start, at: end)
    }

    @Test("before any block is known, and on a fast machine, blocks may be full")
    func full() {
        var budget = BlockBudget()
        #expect(budget.gas(limit: 200_000_000) == 200_000_000)
        note(60_000_000, milliseconds: 0, in: &budget)
        note(60_000_000, milliseconds: 10, in: &budget)
        #expect(budget.gas(limit: 200_000_000) == 200_000_000)
    }

    @Test("blocks that took long make the next ones smaller, and quick ones greater again")
    func slow() {
        var budget = BlockBudget()
        for _ in 0..<8 { note(100_000_000, milliseconds: 500, in: &budget) }
        #expect(budget.gas(limit: 200_000_000) == 50_000_000)
        for _ in 0..<8 { note(50_000_000, milliseconds: 100, in: &budget) }
        #expect(budget.gas(limit: 200_000_000) == 125_000_000)
    }

    @Test("what is nearly empty tells nothing, and something is always allowed")
    func bounds() {
        var budget = BlockBudget()
        note(21_000, milliseconds: 900, in: &budget)
        #expect(budget.gas(limit: 200_000_000) == 200_000_000)
        note(2_000_000, milliseconds: 60_000, in: &budget)
        #expect(budget.gas(limit: 200_000_000) == BlockBudget.least)
        #expect(budget.gas(limit: 5_000_000) == 5_000_000)
    }
}
