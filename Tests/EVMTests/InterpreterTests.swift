import EVM
import Encoding
import Identifiers
import Primitives
import Testing

@Suite struct InterpreterTests {
    private static let contract = Address(a: 0, b: 1, c: 0)
    private static let caller = Address(a: 0, b: 2, c: 0)

    private func run(
        _ code: [UInt8], gas: Int64 = 1_000_000, revision: Revision = .latest,
        input: [UInt8] = [], host: MemoryHost = MemoryHost(), tracer: (any Tracer)? = nil
    ) -> Outcome {
        host.world.codes[Self.contract] = code
        let start = host.world
        func run(_ engine: Engine) -> Outcome {
            host.world = start
            let interpreter = Interpreter(
                revision: revision, environment: Environment(), host: host, engine: engine)
            interpreter.tracer = tracer
            return interpreter.run(
                Message(sender: Self.caller, recipient: Self.contract, input: input, gas: gas))
        }
        let outcome = run(.plain)
        guard tracer == nil else { return outcome }
        #expect(run(.decoded) == outcome)
        return outcome
    }

    private func run(hex: String, gas: Int64 = 1_000_000) throws -> Outcome {
        run(try Hex.decode(hex), gas: gas)
    }

    @Test("every byte is the opcode in its place")
    func bytes() {
        for (place, opcode) in Opcode.allCases.enumerated() {
            #expect(Int(opcode.rawValue) == place)
            #expect(unsafeBitCast(UInt8(place), to: Opcode.self) == opcode)
        }
        #expect(Opcode.allCases.count == 256)
        #expect(Opcode.allCases.count { $0.traits != nil } == 154)
    }

    @Test("a sum is returned, and its gas is charged to the unit")
    func sum() throws {
        // PUSH1 2, PUSH1 3, ADD, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN
        let code = "60026003015f5260205ff3"
        let outcome = try run(hex: code)
        #expect(outcome.succeeded)
        #expect(outcome.output == UInt256(5).bytes)
        #expect(1_000_000 - outcome.gasLeft == 3 + 3 + 3 + 2 + 3 + 3 + 3 + 2)
        #expect(try run(hex: code, gas: 22).succeeded)
        #expect(try run(hex: code, gas: 21).status == .failed(.outOfGas))
    }

    @Test(
        "what is not allowed stops the frame and takes its gas",
        arguments: [
            ("01", Halt.stackUnderflow), ("0c", .undefinedInstruction),
            ("fe", .invalidInstruction), ("600056", .invalidJump),
            // A jump into what a push carries; the byte there reads 5b.
            ("600456605b", .invalidJump), ("5b5f600056", .stackOverflow),
            ("60015f5f3e", .returnDataOverrun), ("63ffffffff51", .outOfGas),
            ("7f" + String(repeating: "f", count: 64) + "51", .outOfGas),
        ])
    func halts(code: String, halt: Halt) throws {
        let outcome = try run(hex: code)
        #expect(outcome.status == .failed(halt))
        #expect(outcome.gasLeft == 0)
        #expect(outcome.output.isEmpty)
    }

    @Test("instructions of a later revision are undefined before")
    func revisions() {
        for opcode in Opcode.allCases {
            guard let since = opcode.traits?.since, since > .frontier else { continue }
            for revision in Revision.allCases where revision < since {
                let code = [UInt8](repeating: 0x5a, count: 10) + [opcode.rawValue]
                let outcome = run(code, revision: revision)
                #expect(outcome.status == .failed(.undefinedInstruction), "\(opcode)")
            }
        }
    }

    @Test("a contract may call itself 1,024 times over, and no deeper")
    func depth() throws {
        let host = MemoryHost()
        // One more in slot 0, then a call to oneself with all gas.
        let code = try Hex.decode("60015f54015f55" + "5f5f5f5f5f305af150")
        // Only 63 of 64 parts of the gas go on (EIP-150): much is needed at the top.
        let outcome = run(code, gas: 1 << 60, host: host)
        #expect(outcome.succeeded)
        #expect(host.world.slots[Self.contract]?[0] == 1025)
    }

    @Test("a frame that reverts takes back what it did, and keeps the rest of its gas")
    func rollback() throws {
        let host = MemoryHost()
        // LOG0 and SSTORE, then REVERT with four bytes.
        let code = try Hex.decode("5f5fa0" + "600160015560045ffd")
        let outcome = run(code, host: host)
        #expect(outcome.status == .reverted)
        #expect(outcome.output == [0, 0, 0, 0])
        #expect(outcome.gasLeft > 0)
        #expect(host.noted.isEmpty)
        #expect(host.world.slots[Self.contract] == nil)
    }

    @Test(
        "a static call cannot write", arguments: ["5f5f55", "5f5fa0", "5f5f5ff0", "5fff", "5f5f5d"])
    func staticCall(code: String) throws {
        let host = MemoryHost()
        let callee = Address(a: 0, b: 3, c: 0)
        host.world.codes[callee] = try Hex.decode(code)
        // STATICCALL the callee and return its answer.
        let outer = try Hex.decode("5f5f5f5f73") + callee.bytes + Hex.decode("5afa5f5260205ff3")
        let outcome = run(outer, host: host)
        #expect(outcome.output == UInt256.zero.bytes)
    }

    @Test("a tracer is told of every step, and changes none")
    func tracing() throws {
        final class Recorder: Tracer {
            var steps: [(opcode: Opcode, height: Int)] = []
            var frames = 0
            func enter(_ call: TracedCall) { frames += 1 }
            func step(_ step: TracedStep) { steps.append((step.opcode, step.height)) }
            func exit(depth: Int, outcome: Outcome) { frames -= 1 }
        }
        let code = try Hex.decode("60026003015f5260205ff3")
        let recorder = Recorder()
        let traced = run(code, tracer: recorder)
        let plain = run(code)
        #expect(traced.output == plain.output)
        #expect(traced.gasLeft == plain.gasLeft)
        let expected: [Opcode] = [.push1, .push1, .add, .push0, .mstore, .push1, .push0, .return]
        #expect(recorder.steps.map(\.opcode) == expected)
        #expect(recorder.steps.map(\.height) == [0, 1, 2, 1, 2, 0, 1, 2])
        #expect(recorder.frames == 0)
    }

    @Test("code of any bytes ends without a trap", arguments: 1...200)
    func anyCode(seed: UInt64) {
        var random = Random(seed: seed)
        let code = (0..<300).map { _ -> UInt8 in
            // Pushes are likely, or else nothing gets far.
            random.next() % 2 == 0
                ? UInt8(0x5f + random.next() % 8) : UInt8(truncatingIfNeeded: random.next())
        }
        for revision in [Revision.frontier, .byzantium, .berlin, .osaka] {
            let outcome = run(code, gas: 200_000, revision: revision, input: code)
            #expect(outcome.gasLeft >= 0 && outcome.gasLeft <= 200_000, "seed \(seed)")
        }
    }
}
