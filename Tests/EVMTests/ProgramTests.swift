import EVM
import Encoding
import Identifiers
import Primitives
import Testing

/// Decoded programs against the loop over bytes: whatever the code, the same must come of it.
@Suite struct ProgramTests {
    private static let caller = Address(a: 0, b: 2, c: 0)
    private static let contracts = [Address(a: 0, b: 0, c: 0x101), Address(a: 0, b: 0, c: 0x102)]

    /// All that can be seen of a run.
    private struct Seen: Equatable {
        let outcome: Outcome
        let world: MemoryHost.World
        let noted: [[UInt8]]
    }

    private func see(
        _ codes: [[UInt8]], _ engine: Engine, gas: Int64, revision: Revision = .latest
    ) -> Seen {
        let host = MemoryHost()
        for (address, code) in zip(Self.contracts, codes) {
            host.world.codes[address] = code
            host.world.balances[address] = 5
        }
        var environment = Environment()
        environment.number = 9
        environment.blobHashes = [.zero, Hash32(a: 1, b: 2, c: 3, d: 4)]
        let interpreter = Interpreter(
            revision: revision, environment: environment, host: host, engine: engine)
        let outcome = interpreter.run(
            Message(
                sender: Self.caller, recipient: Self.contracts[0], input: [UInt8](1...77), gas: gas)
        )
        return Seen(outcome: outcome, world: host.world, noted: host.noted)
    }

    @Test("a program leads to what its bytes lead to", arguments: 0..<40)
    func anyProgram(part: UInt64) {
        for seed in part * 40..<(part + 1) * 40 {
            let codes = [
                AnyProgram(seed: seed, length: 40 + Int(seed % 300)).code,
                AnyProgram(seed: seed + 1_000_000, length: 60).code,
            ]
            let revision = Revision.allCases[Int(seed) % Revision.allCases.count]
            for revision in [revision, .latest] {
                let whole = see(codes, .plain, gas: 150_000, revision: revision)
                for engine in [Engine.decoded, .tiered] {
                    let seen = see(codes, engine, gas: 150_000, revision: revision)
                    #expect(seen == whole, "seed \(seed), \(revision), \(engine)")
                }
                // Gas that ends within a block.
                var random = Random(seed: seed)
                for _ in 0..<6 {
                    let gas = Int64(random.next() % UInt64(max(1, 150_001 - whole.outcome.gasLeft)))
                    let plain = see(codes, .plain, gas: gas, revision: revision)
                    let decoded = see(codes, .decoded, gas: gas, revision: revision)
                    #expect(decoded == plain, "seed \(seed), \(revision), gas \(gas)")
                }
            }
        }
    }

    @Test(
        "every amount of gas leads to the same",
        arguments: [
            // Memory that grows, GAS and SSTORE within one block.
            "5a5f52602051505a600155600254505a61100051505f5f20505a60205260406000f3",
            // A loop with a call of a contract that answers with what gas it saw.
            "60055b80156023575f5f5f5f5f610102617530f1505a60205260016020019003600256",
            // Jump targets in a row, entered in their middle.
            "6007565b5b5b5b5b5b5b5b5a5f5260016003576000fd",
        ])
    func everyGas(code: String) throws {
        let codes = [try Hex.decode(code), try Hex.decode("5a5f5260205ff3")]
        for gas in Int64(0)...3_000 {
            #expect(see(codes, .decoded, gas: gas) == see(codes, .plain, gas: gas), "gas \(gas)")
        }
        for gas in stride(from: Int64(3_000), to: 120_000, by: 977) {
            #expect(see(codes, .decoded, gas: gas) == see(codes, .plain, gas: gas), "gas \(gas)")
        }
    }

    @Test("heights of the stack are judged at the entry of a block as in its middle")
    func heights() {
        for height in 1015...1024 {
            // DUPs that overflow in the middle of a block, after a jump and at the beginning.
            let code =
                [UInt8](repeating: 0x5f, count: height) + [0x5b, 0x58, 0x80, 0x81, 0x5a, 0x50]
                + [UInt8](repeating: 0x50, count: height)
            for gas in [Int64(100_000), 2_100] {
                #expect(
                    see([code], .decoded, gas: gas) == see([code], .plain, gas: gas), "\(height)")
            }
        }
    }

    /// In a release build each step is a jump to the next; a lost one would overflow the stack.
    @Test("every step leaves the native stack as it was")
    func steps() {
        #if DEBUG
        let steps: Int64 = 100_000
        #else
        let steps: Int64 = 20_000_000
        #endif
        for byte in UInt8(0x01)...0xa4 {
            guard let traits = Opcode(rawValue: byte)?.traits, traits.since <= .latest,
                byte != 0x56, byte != 0x57, byte != 0x5b
            else { continue }
            // Numbers for it to take, itself, and POPs for what it leaves, again and again.
            let taken = traits.taken
            let given = traits.given
            var code: [UInt8] = [0x5b]
            for round in 0..<4 where round < 3 || byte != 0x3e {
                code += [UInt8](repeating: round == 3 ? 0x36 : 0x5f, count: taken)
                code.append(byte)
                if byte >= 0x60, byte <= 0x7f {
                    code += [UInt8](repeating: 1, count: Int(byte) - 0x5f)
                }
                code += [UInt8](repeating: 0x50, count: given)
            }
            code += [0x60, 0, 0x56]
            let seen = see([code], .decoded, gas: steps)
            // A store stops a little before all gas is gone (EIP-2200).
            let halt: Halt = byte == Opcode.sstore.rawValue ? .storeSentry : .outOfGas
            #expect(seen.outcome.status == .failed(halt), "\(byte)")
        }
    }
}
