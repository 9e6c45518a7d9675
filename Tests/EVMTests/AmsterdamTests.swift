import EVM
import Identifiers
import Primitives
import Testing

@Suite("Amsterdam, a preview") struct AmsterdamTests {
    @Test(
        "the price of state grows in steps with the gas limit, as EIP-8037's table says",
        arguments: [
            (gasLimit: UInt64(60_000_000), byte: Int64(662)), (100_000_000, 1174),
            (200_000_000, 2198), (300_000_000, 3222), (5000, 1),
        ])
    func prices(gasLimit: UInt64, byte: Int64) {
        let prices = StatePrices(gasLimit: gasLimit)
        #expect(prices.code(1) == byte)
        #expect(prices.account == 112 * byte)
        #expect(prices.slot == 32 * byte)
        #expect(prices.delegation == 23 * byte)
    }

    @Test("prices of a block with all the gas there can be do not overflow")
    func greatestPrices() {
        #expect(StatePrices(gasLimit: .max).account > 0)
    }

    /// Runs code that leaves numbers on the stack, and returns the words that it stores from there.
    private func run(_ code: [UInt8], _ revision: Revision, _ engine: Engine) -> Outcome {
        let host = MemoryHost()
        let target = Address(UInt256(0xc0de))
        host.world.codes[target] = code
        let interpreter = Interpreter(
            revision: revision, environment: Environment(), host: host, engine: engine)
        return interpreter.run(
            Message(sender: .zero, recipient: target, gas: 1_000_000))
    }

    /// Stores the topmost word and returns it.
    private static let answer: [UInt8] = [0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3]

    @Test("DUPN, SWAPN and EXCHANGE reach as deep as their byte says", arguments: Engine.allCases)
    func depths(engine: Engine) {
        let row: [UInt8] = (1...20).flatMap { [0x60, $0] }
        // The deepest that one byte each reach: 17 is 0x80, and 1 with 2 is 0x8e.
        let cases: [(reach: [UInt8], top: UInt64)] = [
            ([0xe6, 0x80], 4), ([0xe7, 0x80], 3), ([0xe8, 0x8e, 0x50], 18),
        ]
        for (reach, top) in cases {
            let outcome = run(row + reach + Self.answer, .amsterdam, engine)
            #expect(outcome.output == UInt256(top).bytes, "\(reach)")
        }
        let short = run([0x60, 1, 0xe6, 0x80], .amsterdam, engine)
        #expect(short.status == .failed(.stackUnderflow))
        let meaningless = run(row + [0xe6, 0x5b], .amsterdam, engine)
        #expect(meaningless.status == .failed(.undefinedInstruction))
    }

    @Test(
        "before Amsterdam its instructions mean nothing",
        arguments: [UInt8(0x4b), 0xe6, 0xe7, 0xe8])
    func earlier(byte: UInt8) {
        let outcome = run([byte, 0x80], .latest, .plain)
        #expect(outcome.status == .failed(.undefinedInstruction))
    }
}
