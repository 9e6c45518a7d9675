import EVM
import Identifiers
import Ledger
import Primitives
import Testing

@Suite struct JournalTests {
    private static let accounts = (1...6).map { Address(a: 0, b: 0, c: 0x1000 + UInt32($0)) }

    private func state() -> MemoryState {
        MemoryState(
            Self.accounts.prefix(4).enumerated().map { index, address in
                Allocation(
                    address: address, nonce: 1, balance: 1000, code: [UInt8(index)],
                    storage: [1: 5, 2: 6])
            })
    }

    /// Does something to the journal that a transaction could do.
    private func act(_ journal: Journal, _ random: inout Random) {
        func pick() -> Address { Self.accounts[Int(random.next() % 6)] }
        let (one, other) = (pick(), pick())
        let slot = UInt256(random.next() % 3)
        switch random.next() % 10 {
        case 0: _ = journal.warm(one)
        case 1: _ = journal.load(one, slot)
        case 2, 3:
            // Only code writes, and only an account that is there has code.
            guard journal.exists(one) else { return }
            _ = journal.prepareStore(one, slot)
            journal.store(one, slot, UInt256(random.next() % 3))
        case 4: journal.storeTransient(one, slot, 7)
        case 5: if journal.balance(one) >= 3 { journal.transfer(3, from: one, to: other) }
        case 6: journal.incrementNonce(one)
        case 7: journal.setCode(one, [1, 2, UInt8(random.next() % 4)])
        case 8: _ = journal.selfDestruct(one, payingTo: other)
        default:
            journal.log(one, topics: [], data: [1])
            journal.refund(4800)
        }
    }

    @Test("a rollback leaves nothing of what came after the checkpoint", arguments: 1...200)
    func rollback(seed: UInt64) {
        for revision in [Revision.homestead, .byzantium, .osaka] {
            var random = Random(seed: seed)
            let journal = Journal(view: state(), revision: revision)
            let twin = Journal(view: state(), revision: revision)
            for _ in 0..<20 { act(journal, &random) }
            random = Random(seed: seed)
            for _ in 0..<20 { act(twin, &random) }
            let checkpoint = journal.checkpoint()
            for _ in 0..<30 { act(journal, &random) }
            journal.rollback(to: checkpoint)
            #expect(journal.diff() == twin.diff(), "seed \(seed)")
            #expect(journal.refund == twin.refund)
            #expect(journal.logs == twin.logs)
            for address in Self.accounts {
                #expect(journal.warm(address) == twin.warm(address), "seed \(seed)")
                #expect(journal.loadTransient(address, 1) == twin.loadTransient(address, 1))
            }
            // And the transaction ends alike.
            #expect(journal.endTransaction() == twin.endTransaction())
            #expect(journal.diff() == twin.diff(), "seed \(seed)")
        }
    }

    @Test(
        "the diff of a journal makes of the state what the journal says it is", arguments: 1...100)
    func diff(seed: UInt64) {
        var random = Random(seed: seed)
        var state = state()
        let journal = Journal(view: state, revision: .osaka)
        for _ in 0..<5 {
            for _ in 0..<15 { act(journal, &random) }
            journal.endTransaction()
        }
        state.apply(journal.diff())
        for address in Self.accounts {
            #expect(state.account(address) != nil || !journal.exists(address))
            #expect(state.account(address)?.balance ?? 0 == journal.balance(address))
            #expect(state.account(address)?.nonce ?? 0 == journal.nonce(address))
            for slot in 0..<3 {
                let value = journal.load(address, UInt256(slot)).value
                #expect(state.storage(address, UInt256(slot)) == value, "seed \(seed)")
            }
        }
    }

    @Test("a contract made and destroyed in one transaction leaves no storage behind (EIP-6780)")
    func selfDestruct() {
        let journal = Journal(view: MemoryState(), revision: .osaka)
        let address = Self.accounts[0]
        journal.createContract(address)
        _ = journal.prepareStore(address, 1)
        journal.store(address, 1, 9)
        #expect(journal.selfDestruct(address, payingTo: Self.accounts[1]))
        #expect(journal.load(address, 1).value == 9)
        journal.endTransaction()
        #expect(!journal.exists(address))
        #expect(journal.load(address, 1).value == 0)
        #expect(journal.diff().changes.isEmpty)
    }

    @Test("an empty account that was touched goes, since Spurious Dragon (EIP-161)")
    func emptyAccounts() {
        let empty = Self.accounts[5]
        let state = MemoryState([Allocation(address: empty)])
        for (revision, isThere) in [(Revision.homestead, true), (.spuriousDragon, false)] {
            let journal = Journal(view: state, revision: revision)
            journal.credit(empty, 0)
            journal.endTransaction()
            #expect(journal.exists(empty) == isThere)
        }
    }
}
