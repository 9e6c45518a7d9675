import EVM
import Identifiers
import Ledger
import Primitives
import Testing

@Suite struct ExecutorTests {
    private static let sender = Address(a: 0, b: 0, c: 0x1000)
    private static let payee = Address(a: 0, b: 0, c: 0x2000)
    private static let maker = Address(a: 0, b: 0, c: 0x3000)
    private static let ether: UInt256 = 1_000_000_000_000_000_000

    private func environment(_ revision: Revision = .osaka) -> BlockEnvironment {
        BlockEnvironment(
            rules: ChainRules(chainID: 7, revision: revision), number: 1, timestamp: 1,
            coinbase: Self.maker, gasLimit: 1_000_000, baseFee: 5)
    }

    private var state: MemoryState {
        MemoryState([Allocation(address: Self.sender, nonce: 3, balance: Self.ether)])
    }

    private func payment(_ change: (inout Transaction) -> Void = { _ in }) -> SignedTransaction {
        var transaction = Transaction(
            chainID: 7, nonce: 3, maxPriorityFeePerGas: 2, maxFeePerGas: 10, gasLimit: 21000,
            to: Self.payee, value: 100)
        change(&transaction)
        return SignedTransaction(transaction, sender: Self.sender)
    }

    @Test("a payment moves its value, burns the base fee and pays the maker")
    func payment() throws {
        let executor = Executor(environment(), on: state)
        let executed = try executor.execute(payment())
        #expect(executed.gasUsed == 21000)
        #expect(executed.gasPrice == 7)
        #expect(executor.journal.balance(Self.payee) == 100)
        #expect(executor.journal.balance(Self.maker) == 42000)
        #expect(executor.journal.balance(Self.sender) == Self.ether &- 100 &- 147_000)
        #expect(executor.journal.nonce(Self.sender) == 4)
        #expect(executor.gasUsed == 21000)
    }

    @Test(
        "a sender with a delegation sends since Prague; before, its code is that of a contract",
        arguments: [Revision.london, .cancun, .prague, .osaka])
    func delegation(_ revision: Revision) {
        let state = MemoryState([
            Allocation(
                address: Self.sender, nonce: 3, balance: Self.ether,
                code: [0xef, 0x01, 0x00] + [UInt8](repeating: 1, count: 20))
        ])
        let executor = Executor(environment(revision), on: state)
        let refusal: InvalidTransaction?
        do throws(InvalidTransaction) {
            _ = try executor.execute(payment())
            refusal = nil
        } catch {
            refusal = error
        }
        #expect(refusal == (revision >= .prague ? nil : .senderIsContract))
    }

    @Test("a transaction that cannot be part of the block is refused by name, and changes nothing")
    func refused() {
        let cases: [(InvalidTransaction, (inout Transaction) -> Void)] = [
            (.wrongChain(found: 8, expected: 7), { $0.chainID = 8 }),
            (.nonceTooLow(found: 2, expected: 3), { $0.nonce = 2 }),
            (.nonceTooHigh(found: 4, expected: 3), { $0.nonce = 4 }),
            (.priorityAboveFee, { $0.maxPriorityFeePerGas = 11 }),
            (
                .feeBelowBaseFee(found: 4, baseFee: 5),
                {
                    $0.maxFeePerGas = 4
                    $0.maxPriorityFeePerGas = 0
                }
            ),
            (.intrinsicGas(found: 20999, needed: 21000), { $0.gasLimit = 20999 }),
            (.gasLimitAboveBlock(found: 1_000_001, left: 1_000_000), { $0.gasLimit = 1_000_001 }),
            (
                .floorGas(found: 21017, needed: 21040),
                {
                    $0.gasLimit = 21017
                    $0.data = [1]
                }
            ),
            (.noAuthorizations, { $0.kind = .setCode }),
            (.noBlobs, { $0.kind = .blob }),
            (
                .initcodeTooLong(found: 49153, limit: 49152),
                {
                    $0.to = nil
                    $0.gasLimit = 900_000
                    $0.data = [UInt8](repeating: 0, count: 49153)
                }
            ),
            (
                .insufficientFunds(
                    found: Self.ether, needed: Self.ether &+ 210_000), { $0.value = Self.ether }
            ),
        ]
        let executor = Executor(environment(), on: state)
        for (reason, change) in cases {
            #expect(throws: reason) { try executor.execute(payment(change)) }
        }
        #expect(executor.journal.diff().changes.isEmpty)
        #expect(executor.gasUsed == 0)
    }

    @Test("a kind is refused before the revision that brought it")
    func kinds() {
        let executor = Executor(environment(.istanbul), on: state)
        for kind in [Transaction.Kind.accessList, .dynamicFee, .blob, .setCode] {
            #expect(throws: InvalidTransaction.kindNotActive(kind)) {
                try executor.execute(payment { $0.kind = kind })
            }
        }
    }

    @Test("more gas than any transaction may use is refused since Osaka (EIP-7825)")
    func gasCap() {
        var environment = environment()
        environment.gasLimit = 1 << 30
        let executor = Executor(environment, on: state)
        #expect(throws: InvalidTransaction.gasLimitAboveCap(found: 1 << 25, cap: 1 << 24)) {
            try executor.execute(payment { $0.gasLimit = 1 << 25 })
        }
    }

    @Test("the price of blobs rises with the excess, as EIP-4844 shows")
    func blobFees() {
        #expect(BlobParameters.cancun.baseFee(excess: 0) == 1)
        #expect(BlobParameters.cancun.baseFee(excess: 2_314_057) == 1)
        #expect(BlobParameters.cancun.baseFee(excess: 2_314_058) == 2)
        #expect(BlobParameters.cancun.baseFee(excess: 10 << 20) == 23)
        #expect(BlobParameters.cancun.baseFee(excess: .max) == .max)
    }
}
