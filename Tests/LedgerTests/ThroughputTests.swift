import Foundation
import Identifiers
import Ledger
import Primitives
import Testing

/// Times of blocks full of payments, told only when asked for: `MARTLET_BENCH=1`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MARTLET_BENCH"] != nil))
struct ThroughputTests {
    @Test("blocks of 2,500 payments among 50,000 accounts: built, judged, made final, admitted")
    func payments() throws {
        let count: UInt64 = 50_000
        func person(_ number: UInt64) -> Address { Address(UInt256(number &* 0x9e37_79b9 + 1)) }
        var header = Header()
        header.gasLimit = 60_000_000
        header.baseFeePerGas = 1000
        let genesis = Genesis(
            rules: ChainRules(chainID: 7), header: header,
            accounts: (0..<count).map { Allocation(address: person($0), balance: UInt256(1 << 60)) }
                + Genesis.systemContracts,
            validators: [GenesisValidator(address: .zero, publicKey: [], feeAddress: .zero)])
        let clock = ContinuousClock()
        let disk = MemoryDisk()
        var chain: Chain?
        print(
            "genesis",
            try clock.measure {
                let opened = try Chain.open(disk, genesis: genesis)
                chain = opened.chain
                disk.commit(opened.writes)
                chain?.committed(opened.chain.genesisHash)
            })
        var ledger = try #require(chain)
        var pool = Pool(rules: genesis.rules, head: ledger.head)
        for round in 0..<6 as Range<UInt64> {
            let transactions = (0..<2500 as Range<UInt64>).map { index in
                let sender = (index &* 17 &+ round &* 2500) % count
                var transaction = Transaction(
                    chainID: 7, nonce: 0, maxPriorityFeePerGas: UInt256(index),
                    maxFeePerGas: 1_000_000, gasLimit: 21_000,
                    to: person((index &* 7919 &+ round) % count), value: 5)
                transaction.nonce = ledger.view.state.account(person(sender))?.nonce ?? 0
                transaction.r = UInt256(sender)
                return SignedTransaction(transaction, sender: person(sender))
            }
            let admitting = clock.measure {
                let state = ledger.view.state
                for transaction in transactions { _ = try? pool.admit(transaction, on: state) }
            }
            var selected: [SignedTransaction] = []
            let selecting = clock.measure {
                selected = pool.select(
                    on: ledger.view, baseFee: ledger.head.nextBaseFee, gas: 60_000_000,
                    bytes: 4 << 20)
            }
            let view = ledger.view
            var built: BuiltBlock?
            let building = try clock.measure {
                built = try view.build(
                    selected,
                    BlockAttributes(
                        timestamp: view.head.timestamp + 1, beneficiary: person(0),
                        gasLimit: 60_000_000))
            }
            let block = try #require(built?.overlay.block)
            #expect(block.transactions.count == 2500)
            let encoded = block.encoded
            var senders: [Hash32: Address] = [:]
            for transaction in block.transactions { senders[transaction.hash] = transaction.sender }
            let decoding = try clock.measure { _ = try Block(decoding: encoded) { senders[$0] } }
            var overlay: Overlay?
            let judging = try clock.measure { overlay = try view.validate(block) }
            try ledger.insert(try #require(overlay))
            var writes = 0
            let finalizing = try clock.measure {
                let result = try ledger.finalize(block.hash)
                writes = result.writes.count
                disk.commit(result.writes)
                ledger.committed(block.hash)
            }
            let advancing = clock.measure { pool.advance(to: block, state: ledger.view.state) }
            print(
                "block \(block.number): admit \(admitting) select \(selecting) build \(building)",
                "decode \(decoding) judge \(judging) finalize \(finalizing) (\(writes) writes)",
                "advance \(advancing) left \(pool.count)")
        }
    }
}
