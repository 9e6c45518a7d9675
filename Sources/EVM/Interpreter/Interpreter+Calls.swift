import Identifiers
import Primitives

/// All that a frame needs to know to begin.
struct Call {
    /// What it runs.
    let code: Code
    /// Where the code is from: a precompile is known by it.
    let codeAddress: Address
    /// Whose storage and balance it works on.
    let address: Address
    /// Who is its caller.
    let caller: Address
    /// What it believes to be paid.
    let value: UInt256
    /// Whether the value is moved.
    let transfers: Bool
    /// The input.
    let input: UnsafeRawBufferPointer
    /// The gas it may use.
    let gas: Int64
    /// Whether it may not change anything.
    let isStatic: Bool
    /// Where its output goes in its caller's memory.
    let target: Range<Int>
    /// The instruction.
    var kind = Opcode.call
}

extension Interpreter {
    /// Begins a call; a precompile, or an account without code, is over at once.
    func call(_ call: Call) -> Opening {
        let checkpoint = host.checkpoint()
        if call.transfers { host.transfer(call.value, from: call.caller, to: call.address) }
        let precompile = precompile(at: call.codeAddress)
        // A delegate call is made by the account that it works on, whoever called that.
        trace(
            call.kind, sender: call.kind == .delegatecall ? call.address : call.caller,
            recipient: call.codeAddress, value: call.value, input: call.input, gas: call.gas,
            isPrecompile: precompile != nil)
        if let precompile {
            let outcome = run(precompile, call)
            if !outcome.succeeded { host.rollback(to: checkpoint) }
            tracer?.exit(depth: depth + 1, outcome: outcome)
            return .done(outcome)
        }
        guard call.code.count > 0 else {
            let outcome = Outcome(status: .success, gasLeft: call.gas, output: [])
            tracer?.exit(depth: depth + 1, outcome: outcome)
            return .done(outcome)
        }
        let frame = push()
        frame.reset(call.code, gas: call.gas)
        frame.address = call.address
        frame.caller = call.caller
        frame.value = call.value
        frame.input = call.input
        frame.isStatic = call.isStatic
        frame.createsContract = false
        frame.checkpoint = checkpoint
        frame.stateGasBefore = stateGas.mark
        frame.target = call.target
        return .entered
    }

    private func precompile(at address: Address) -> Precompile? {
        if let precompiles { return precompiles[address] }
        // All of them have small addresses: most calls are settled here.
        guard address.a == 0, address.b == 0 else { return nil }
        return Precompile.at(address, in: revision)
    }

    private func run(_ precompile: Precompile, _ call: Call) -> Outcome {
        let gas = UInt64(max(0, call.gas))
        switch precompile.run(Array(call.input), gas: gas, revision: revision) {
        case .success(let output, let gasUsed):
            guard gasUsed <= gas else {
                return Outcome(status: .failed(.outOfGas), gasLeft: 0, output: [])
            }
            return Outcome(status: .success, gasLeft: Int64(gas - gasUsed), output: output)
        case .failure:
            let isShort = precompile.cost(Array(call.input), revision) > gas
            return Outcome(
                status: .failed(isShort ? .outOfGas : .precompile), gasLeft: 0, output: [])
        }
    }

    /// Begins the creation of a contract, whose address must be free (EIP-684, EIP-7610).
    func create(
        _ address: Address, by creator: Address, value: UInt256, code: Code, gas: Int64,
        kind: Opcode = .create
    ) -> Opening {
        guard host.nonce(address) == 0, host.codeHash(address) == Code.emptyHash,
            !host.hasStorage(address)
        else {
            let outcome = Outcome(status: .failed(.addressCollision), gasLeft: 0, output: [])
            trace(
                kind, sender: creator, recipient: address, value: value, input: code.buffer,
                gas: gas, endingIn: outcome)
            return .done(outcome)
        }
        let checkpoint = host.checkpoint()
        host.createContract(address)
        host.transfer(value, from: creator, to: address)
        trace(
            kind, sender: creator, recipient: address, value: value, input: code.buffer, gas: gas)
        let frame = push()
        frame.reset(code, gas: gas)
        frame.address = address
        frame.caller = creator
        frame.value = value
        frame.input = UnsafeRawBufferPointer(start: nil, count: 0)
        frame.isStatic = false
        frame.createsContract = true
        frame.checkpoint = checkpoint
        frame.stateGasBefore = stateGas.mark
        frame.target = 0..<0
        return .entered
    }

    /// Tells the tracer of a frame that begins, and that it is over if it has come to an end.
    func trace(
        _ kind: Opcode, sender: Address, recipient: Address, value: UInt256,
        input: UnsafeRawBufferPointer, gas: Int64, isPrecompile: Bool = false,
        endingIn outcome: Outcome? = nil
    ) {
        guard let tracer else { return }
        tracer.enter(
            TracedCall(
                kind: kind, depth: depth + 1, sender: sender, recipient: recipient, value: value,
                buffer: input, gas: gas, gasKept: callerGas, isPrecompile: isPrecompile))
        if let outcome { tracer.exit(depth: depth + 1, outcome: outcome) }
    }

    /// Settles a frame that ended: keeps the new code, or takes everything back.
    func finish(_ frame: Frame, _ exit: Exit) -> Outcome {
        switch exit {
        case .success where frame.createsContract:
            if let halt = deposit(frame) { return fail(frame, halt) }
            return Outcome(status: .success, gasLeft: frame.gas, output: Array(frame.output))
        case .success:
            return Outcome(status: .success, gasLeft: frame.gas, output: Array(frame.output))
        case .reverted:
            rollBack(frame)
            return Outcome(status: .reverted, gasLeft: frame.gas, output: Array(frame.output))
        default:
            return fail(frame, frame.halt)
        }
    }

    private func rollBack(_ frame: Frame) {
        host.rollback(to: frame.checkpoint)
        if revision >= .amsterdam {
            stateGas.rollBack(to: frame.stateGasBefore, isOutermost: depth == 0)
        }
    }

    private func fail(_ frame: Frame, _ halt: Halt) -> Outcome {
        rollBack(frame)
        return Outcome(status: .failed(halt), gasLeft: 0, output: [])
    }

    /// Gives a new contract the code that its initcode returned; says why not if it may not be.
    private func deposit(_ frame: Frame) -> Halt? {
        let code = frame.output
        if revision >= .london, code.first == 0xef { return .codeReserved }
        if revision >= .spuriousDragon, code.count > Interpreter.codeLimit(revision) {
            return .codeTooLong
        }
        let words = Int64((code.count + 31) / 32)
        let cost = schedule.codeByte * Int64(code.count) + schedule.codeWord * words
        guard frame.gas >= cost else {
            // In Frontier a contract that cannot pay is made without code (EIP-2).
            return revision < .homestead ? nil : .codeDeposit
        }
        frame.gas -= cost
        guard revision < .amsterdam || stateGas.charge(statePrices.code(code.count), &frame.gas)
        else { return .codeDeposit }
        host.setCode(frame.address, Array(code))
        return nil
    }

    /// Hands what a frame came to its caller.
    func deliver(_ outcome: Outcome, of frame: Frame, to caller: Frame) {
        let created = frame.createsContract ? frame.address : nil
        if created != nil, !outcome.succeeded { giveBackAccount() }
        deliver(outcome, created: created, target: frame.target, to: caller)
    }

    /// Hands what a call or creation came to its caller.
    func deliver(_ outcome: Outcome, created: Address?, target: Range<Int>, to caller: Frame) {
        caller.gas += outcome.gasLeft
        let succeeded = outcome.succeeded
        returnData = created != nil && succeeded ? [] : outcome.output
        caller.top.pointee = succeeded ? created?.word ?? .one : .zero
        caller.top += 1
        let count = min(target.count, outcome.output.count)
        guard count > 0 else { return }
        outcome.output.withUnsafeBytes { output in
            guard let base = output.baseAddress else { return }
            (caller.memory + target.lowerBound).copyMemory(from: base, byteCount: count)
        }
    }
}
