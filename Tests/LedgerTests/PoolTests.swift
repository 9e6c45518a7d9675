import EVM
import Identifiers
import Ledger
import Primitives
import Testing

/// Accounts by address, as the pool reads them.
struct AccountsView: StateView {
    var accounts: [Address: Account] = [:]
    var codes: [Hash32: [UInt8]] = [:]

    func account(_ address: Address) -> Account? { accounts[address] }
    func storage(_ address: Address, _ slot: UInt256) -> UInt256 { .zero }
    func code(_ hash: Hash32) -> [UInt8] { codes[hash] ?? [] }
    func hasStorage(_ address: Address) -> Bool { false }
}

@Suite struct PoolTests {
    private let rules = ChainRules(chainID: 7)

    private var head: Header {
        var header = Header()
        header.gasLimit = 30_000_000
        header.baseFeePerGas = 1000
        return header
    }

    private func view(
        _ senders: Range<UInt64>, balance: UInt256 = 1_000_000_000_000
    ) -> AccountsView {
        var view = AccountsView()
        for sender in senders {
            view.accounts[person(sender)] = Account(nonce: 0, balance: balance)
        }
        return view
    }

    private func person(_ number: UInt64) -> Address { Address(UInt256(number + 1)) }

    private func payment(
        from sender: UInt64, nonce: UInt64, fee: UInt64 = 2000, tip: UInt64 = 10,
        value: UInt256 = 1, gas: UInt64 = 21_000, data: [UInt8] = []
    ) -> SignedTransaction {
        var transaction = Transaction(
            chainID: 7, nonce: nonce, maxPriorityFeePerGas: UInt256(tip),
            maxFeePerGas: UInt256(fee), gasLimit: gas, to: .zero, value: value, data: data)
        // The signature is not looked at here; it makes the hashes of two senders differ.
        transaction.r = UInt256(sender)
        return SignedTransaction(transaction, sender: person(sender))
    }

    private func header(_ number: UInt64) -> Header {
        var header = head
        header.number = number
        return header
    }

    private func select(_ pool: Pool, gas: UInt64 = 30_000_000) -> [SignedTransaction] {
        pool.select(baseFee: 1000, gas: gas, bytes: 1 << 20)
    }

    @Test("the best paying come first, each sender's in the order of nonces")
    func order() throws {
        var pool = Pool(rules: rules, head: head)
        let view = view(0..<3)
        let cheapThenDear = [
            payment(from: 0, nonce: 0, tip: 5), payment(from: 0, nonce: 1, tip: 900),
        ]
        let middle = payment(from: 1, nonce: 0, tip: 50)
        let low = payment(from: 2, nonce: 0, tip: 1)
        for transaction in [cheapThenDear[1], low, cheapThenDear[0], middle] {
            _ = try pool.admit(transaction, on: view)
        }
        #expect(select(pool) == [middle, cheapThenDear[0], cheapThenDear[1], low])
        #expect(select(pool, gas: 50_000) == [middle, cheapThenDear[0]])
        // What does not pay the base fee waits.
        #expect(pool.select(baseFee: 2001, gas: 1 << 30, bytes: 1 << 20).isEmpty)
    }

    @Test("what has a gap before it waits until the gap is closed")
    func gaps() throws {
        var pool = Pool(rules: rules, head: head)
        let view = view(0..<1)
        let later = try pool.admit(payment(from: 0, nonce: 2), on: view)
        #expect(later.executable.isEmpty)
        #expect(select(pool).isEmpty)
        _ = try pool.admit(payment(from: 0, nonce: 0), on: view)
        #expect(pool.nextNonce(of: person(0)) == 1)
        let closing = try pool.admit(payment(from: 0, nonce: 1), on: view)
        #expect(closing.executable.map(\.transaction.nonce) == [1, 2])
        #expect(pool.nextNonce(of: person(0)) == 3)
        #expect(select(pool).map(\.transaction.nonce) == [0, 1, 2])
    }

    @Test("a replacement must pay a tenth more of both fees")
    func replacement() throws {
        var pool = Pool(rules: rules, head: head)
        let view = view(0..<1)
        let first = payment(from: 0, nonce: 0, fee: 2000, tip: 100)
        _ = try pool.admit(first, on: view)
        #expect(throws: PoolRejection.alreadyKnown) { try pool.admit(first, on: view) }
        for (fee, tip) in [(2199, 110), (2200, 109), (2000, 100)] as [(UInt64, UInt64)] {
            #expect(throws: PoolRejection.replacementUnderpriced) {
                try pool.admit(
                    payment(from: 0, nonce: 0, fee: fee, tip: tip, value: 2), on: view)
            }
        }
        let second = payment(from: 0, nonce: 0, fee: 2200, tip: 110)
        #expect(try pool.admit(second, on: view).replaced == first.hash)
        #expect(pool.count == 1)
        #expect(select(pool) == [second])
    }

    @Test("a full pool puts out what is worth least, and refuses what is worth no more")
    func full() throws {
        var limits = Pool.Limits()
        limits.count = 4
        var pool = Pool(rules: rules, head: head, limits: limits)
        let view = view(0..<9)
        for sender in 0..<4 as Range<UInt64> {
            _ = try pool.admit(payment(from: sender, nonce: 0, tip: 10 + sender), on: view)
        }
        #expect(throws: PoolRejection.underpriced(found: 10, needed: 11)) {
            try pool.admit(payment(from: 5, nonce: 0, tip: 10), on: view)
        }
        let refusal = PoolRejection.underpriced(found: 10, needed: 11)
        #expect(pool.refusal(of: payment(from: 5, nonce: 0, tip: 10).encoded) == refusal)
        #expect(pool.refusal(of: payment(from: 5, nonce: 0, tip: 11).encoded) == nil)
        let evicted = try pool.admit(payment(from: 6, nonce: 0, tip: 50), on: view).evicted
        #expect(evicted == [payment(from: 0, nonce: 0, tip: 10).hash])
        #expect(pool.count == 4)
        #expect(!pool.contains(evicted[0]))
        // Nobody makes room for the own row's end by losing its middle.
        #expect(throws: PoolRejection.full) {
            try pool.admit(payment(from: 1, nonce: 1, tip: 90), on: view)
        }
    }

    @Test("each refusal at the door has its reason, in the words that wallets know")
    func reasons() {
        var pool = Pool(rules: rules, head: head)
        let view = view(0..<2, balance: 42_000_001)
        func refused(_ transaction: SignedTransaction) -> String {
            do throws(PoolRejection) {
                _ = try pool.admit(transaction, on: view)
                return ""
            } catch {
                return error.description
            }
        }
        #expect(refused(payment(from: 0, nonce: 0, gas: 20_999)).hasPrefix("intrinsic gas too low"))
        #expect(
            refused(payment(from: 0, nonce: 0, gas: 30_000_001)).hasPrefix(
                "exceeds block gas limit"))
        #expect(
            refused(payment(from: 0, nonce: 0, gas: 16_777_217))
                .hasPrefix("transaction gas limit too high"))
        #expect(
            refused(payment(from: 0, nonce: 0, value: 42_000_000)).hasPrefix(
                "insufficient funds for gas * price + value"))
        #expect(
            refused(payment(from: 0, nonce: 0, tip: 2001))
                == "max priority fee per gas higher than max fee per gas")
        #expect(refused(payment(from: 0, nonce: 64)).hasPrefix("nonce too high"))
        let large = [UInt8](repeating: 0, count: 140_000)
        #expect(refused(payment(from: 0, nonce: 0, data: large)).hasPrefix("oversized data"))
        #expect(refused(payment(from: 0, nonce: 0)) == "")
        // Two that one balance cannot pay for both.
        #expect(refused(payment(from: 0, nonce: 1)).hasPrefix("insufficient funds"))
        var other = Transaction(chainID: 8, nonce: 0, gasPrice: 2000, gasLimit: 21_000, to: .zero)
        #expect(
            refused(SignedTransaction(other, sender: person(1)))
                .hasPrefix("invalid sender: invalid chain id for signer"))
        // A legacy transaction for any chain is welcome.
        other.chainID = nil
        #expect(refused(SignedTransaction(other, sender: person(1))) == "")
    }

    @Test("a sender that is a contract is refused, one with a delegation is not")
    func contracts() throws {
        var pool = Pool(rules: rules, head: head)
        var view = view(0..<2)
        view.accounts[person(0)]?.codeHash = .zero
        view.codes[.zero] = [0x60, 0x00]
        #expect(throws: PoolRejection.invalid(.senderIsContract)) {
            try pool.admit(payment(from: 0, nonce: 0), on: view)
        }
        view.codes[.zero] = [0xef, 0x01, 0x00] + [UInt8](repeating: 1, count: 20)
        #expect(try pool.admit(payment(from: 0, nonce: 0), on: view).executable.count == 1)
    }

    @Test("a final block takes out what it holds, what it outdates and what can no longer be paid")
    func advance() throws {
        var pool = Pool(rules: rules, head: head)
        var view = view(0..<2)
        for nonce in 0..<4 as Range<UInt64> {
            _ = try pool.admit(payment(from: 0, nonce: nonce), on: view)
        }
        _ = try pool.admit(payment(from: 1, nonce: 0), on: view)
        view.accounts[person(0)] = Account(nonce: 2, balance: 42_000_001)
        let changed = [person(0), person(7)]
        #expect(pool.advance(to: header(1), changing: changed, state: view).isEmpty)
        #expect(pool.transactions(of: person(0)).entries.map(\.transaction.nonce) == [2])
        #expect(pool.count == 2)
        #expect(throws: PoolRejection.invalid(.nonceTooLow(found: 1, expected: 2))) {
            try pool.admit(payment(from: 0, nonce: 1), on: view)
        }
    }

    @Test("what a block's transfers drain of its balance goes, whoever sent them")
    func drained() throws {
        var pool = Pool(rules: rules, head: head)
        var view = view(0..<2)
        _ = try pool.admit(payment(from: 0, nonce: 0), on: view)
        view.accounts[person(0)] = Account(nonce: 0, balance: 7)
        _ = pool.advance(to: header(1), changing: [person(0)], state: view)
        #expect(pool.count == 0 && !pool.hasExecutable)
    }

    @Test("what does not pay the base fee does not ask for a block")
    func tooCheap() throws {
        var pool = Pool(rules: rules, head: head)
        let view = view(0..<2)
        _ = try pool.admit(payment(from: 0, nonce: 0, fee: 300), on: view)
        #expect(!pool.hasExecutable)
        _ = try pool.admit(payment(from: 1, nonce: 0, fee: 2000), on: view)
        #expect(pool.hasExecutable)
    }

    @Test("a final block that closes a gap frees what waited after it")
    func freed() throws {
        var pool = Pool(rules: rules, head: head)
        var view = view(0..<1)
        for nonce in [2, 3, 5] as [UInt64] {
            let admission = try pool.admit(payment(from: 0, nonce: nonce), on: view)
            #expect(admission.executable.isEmpty)
        }
        view.accounts[person(0)]?.nonce = 2
        let freed = pool.advance(to: header(1), changing: [person(0)], state: view)
        #expect(freed.map(\.transaction.nonce) == [2, 3])
        #expect(pool.executableCount == 2)
    }

    @Test("when other rules begin, what they refuse goes")
    func otherRules() throws {
        let forks = [
            ChainRules.Fork(.prague, .block(0)), ChainRules.Fork(.osaka, .time(100)),
        ]
        let rules = ChainRules(chainID: 7, forks: forks)
        var pool = Pool(rules: rules, head: head)
        let view = view(0..<1, balance: 1 << 60)
        _ = try pool.admit(payment(from: 0, nonce: 0, gas: 20_000_000), on: view)
        var header = header(1)
        header.timestamp = 100
        _ = pool.advance(to: header, changing: [], state: view)
        #expect(pool.count == 0)
    }

    @Test("counts, bytes and order hold through random traffic", arguments: 0..<40)
    func random(seed: UInt64) throws {
        var random = Random(seed: seed)
        var limits = Pool.Limits()
        limits.count = 30
        limits.perAccount = 8
        var pool = Pool(rules: rules, head: head, limits: limits)
        var view = view(0..<8, balance: 400_000_000)
        for step in 0..<300 {
            let sender = UInt64.random(in: 0..<8, using: &random)
            let base = view.accounts[person(sender)]?.nonce ?? 0
            _ = try? pool.admit(
                payment(
                    from: sender, nonce: base + UInt64.random(in: 0..<9, using: &random),
                    fee: UInt64.random(in: 900...4000, using: &random),
                    tip: UInt64.random(in: 0...900, using: &random)), on: view)
            if step % 10 == 9 {
                let mined = select(pool, gas: 100_000)
                for transaction in mined {
                    let sender = transaction.sender
                    let nonce = transaction.transaction.nonce
                    #expect(view.accounts[sender]?.nonce == nonce, "seed \(seed)")
                    view.accounts[sender] = Account(nonce: nonce + 1, balance: 400_000_000)
                }
                _ = pool.advance(
                    to: header(UInt64(step)), changing: mined.map(\.sender), state: view)
            }
            let all = pool.senders.flatMap { pool.transactions(of: $0).entries }
            #expect(all.count == pool.count && pool.count <= 30, "seed \(seed)")
            #expect(all.reduce(0) { $0 + $1.encoded.count } == pool.bytes, "seed \(seed)")
            #expect(all.allSatisfy { pool.contains($0.hash) }, "seed \(seed)")
            let executable = pool.senders.reduce(0) {
                $0 + pool.transactions(of: $1).executable
            }
            #expect(executable == pool.executableCount, "seed \(seed)")
            // No sender's nonce is there twice.
            #expect(
                Set(all.map { [$0.sender.word, UInt256($0.transaction.nonce)] }).count
                    == all.count, "seed \(seed)")
        }
    }

    @Test("a filter knows what came lately, and forgets in the end")
    func seen() {
        var filter = SeenFilter(limit: 10)
        func hash(_ number: UInt64) -> Hash32 { UInt256(number).hash }
        let first = (0..<10).map { filter.insert(hash($0)) }
        let again = filter.insert(hash(0))
        let later = (10..<30).map { filter.insert(hash($0)) }
        let anew = filter.insert(hash(0))
        #expect((first + later).allSatisfy { $0 })
        #expect(!again)
        #expect(anew)
        #expect(filter.contains(hash(29)))
    }
}
