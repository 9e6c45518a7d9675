import Crypto
import Encoding
public import Identifiers
public import Primitives

// The instructions that begin other frames. Each answers with what the loop does next: `nil` to go
// on, because the call is over already or could not be made.

extension Interpreter {
    /// CALL, CALLCODE, DELEGATECALL and STATICCALL.
    func callInstruction(_ frame: Frame, _ kind: Opcode) -> Exit? {
        let top = frame.top
        let requested = top[-1]
        let target = Address(top[-2])
        let hasValue = kind == .call || kind == .callcode
        let value = hasValue ? top[-3] : .zero
        let rest = hasValue ? top - 3 : top - 2
        frame.top = rest - 4
        if kind == .call, frame.isStatic, !value.isZero { return stop(frame, .staticViolation) }
        guard let input = frame.range(rest[-1], rest[-2], &frame.gas),
            let output = frame.range(rest[-3], rest[-4], &frame.gas)
        else { return stop(frame, .outOfGas) }

        var cost = schedule.call
        if revision >= .berlin, host.warm(target) { cost += schedule.coldAccount }
        if !value.isZero { cost += GasSchedule.callValue }
        frame.gas -= cost
        // Nothing is looked at that is not paid (EIP-7928).
        guard frame.gas >= 0, let code = resolve(target, frame),
            kind != .call || !createsAccount(target, value) || payForAccount(frame)
        else { return stop(frame, .outOfGas) }

        var gas = allButOne64th(frame.gas)
        if requested.w1 | requested.w2 | requested.w3 == 0, requested.w0 < UInt64(gas) {
            gas = Int64(requested.w0)
        } else if revision < .tangerineWhistle, requested != UInt256(UInt64(gas)) {
            return stop(frame, .outOfGas)
        }
        frame.gas -= gas
        if !value.isZero { gas += GasSchedule.callStipend }
        guard depth < Interpreter.depthLimit,
            value.isZero || host.balance(frame.address) >= value
        else {
            return decline(frame, gas, kind, target, value, frame.bytes(input))
        }
        let keepsContext = kind == .delegatecall
        let call = Call(
            code: code, codeAddress: target,
            address: hasOwnContext(kind) ? target : frame.address,
            caller: keepsContext ? frame.caller : frame.address,
            value: keepsContext ? frame.value : value, transfers: hasOwnContext(kind),
            input: frame.bytes(input), gas: gas,
            isStatic: frame.isStatic || kind == .staticcall, target: output, kind: kind)
        return proceed(self.call(call), frame, created: nil, target: output)
    }

    /// Whether the callee works on its own account, not on the caller's.
    private func hasOwnContext(_ kind: Opcode) -> Bool { kind == .call || kind == .staticcall }

    /// Whether a call would bring an account into being, which costs more.
    private func createsAccount(_ target: Address, _ value: UInt256) -> Bool {
        // EIP-161: since Spurious Dragon only a payment to an empty account does.
        guard revision >= .spuriousDragon else { return !host.exists(target) }
        return !value.isZero && host.isEmpty(target)
    }

    /// Charges for an account that comes into being (EIP-8037 since Amsterdam).
    private func payForAccount(_ frame: Frame) -> Bool {
        frame.gas -= schedule.newAccount
        return frame.gas >= 0
            && (revision < .amsterdam || stateGas.charge(statePrices.account, &frame.gas))
    }

    /// Gives back what an account cost that a creation did not bring into being (EIP-8037).
    func giveBackAccount() {
        guard revision >= .amsterdam, !stateGas.paysForFailure else { return }
        stateGas.giveBack(statePrices.account)
    }

    /// The code to run, through a delegation, which is paid like an access (EIP-7702).
    private func resolve(_ target: Address, _ frame: Frame) -> Code? {
        let code = host.code(target)
        guard revision >= .prague, let delegate = code.delegate else { return code }
        frame.gas -= schedule.sload + (host.warm(delegate) ? schedule.coldAccount : 0)
        return frame.gas >= 0 ? host.code(delegate) : nil
    }

    /// The most gas that a frame may hand on (EIP-150).
    private func allButOne64th(_ gas: Int64) -> Int64 {
        revision >= .tangerineWhistle ? gas - gas / 64 : gas
    }

    /// Gives back the gas of a call that cannot be made, and says so with a zero.
    private func decline(
        _ frame: Frame, _ gas: Int64, _ kind: Opcode, _ target: Address, _ value: UInt256,
        _ input: UnsafeRawBufferPointer
    ) -> Exit? {
        if tracer != nil {
            let halt: Halt =
                depth >= Interpreter.depthLimit
                ? .callDepth
                : host.nonce(frame.address) == .max ? .nonceOverflow : .insufficientBalance
            trace(
                kind, sender: frame.address, recipient: target, value: value, input: input,
                gas: gas, endingIn: Outcome(status: .failed(halt), gasLeft: gas, output: []))
        }
        frame.gas += gas
        returnData = []
        frame.top.pointee = .zero
        frame.top += 1
        return nil
    }

    private func proceed(
        _ step: Opening, _ frame: Frame, created: Address?, target: Range<Int>
    ) -> Exit? {
        switch step {
        case .entered:
            returnData = []
            return .entered
        case .done(let outcome):
            if created != nil, !outcome.succeeded { giveBackAccount() }
            deliver(outcome, created: created, target: target, to: frame)
            return nil
        }
    }

    /// CREATE and CREATE2 (EIP-1014).
    func createInstruction(_ frame: Frame, _ kind: Opcode) -> Exit? {
        if frame.isStatic { return stop(frame, .staticViolation) }
        let top = frame.top
        let value = top[-1]
        let salt = kind == .create2 ? top[-4] : .zero
        frame.top = kind == .create2 ? top - 4 : top - 3
        guard let range = frame.range(top[-2], top[-3], &frame.gas) else {
            return stop(frame, .outOfGas)
        }
        if revision >= .shanghai, range.count > Interpreter.initcodeLimit(revision) {
            return stop(frame, .outOfGas)
        }
        let words = Int64((range.count + 31) / 32)
        frame.gas -= words * schedule.initcodeWord
        if kind == .create2 { frame.gas -= words * GasSchedule.keccakWord }
        guard frame.gas >= 0,
            revision < .amsterdam || stateGas.charge(statePrices.account, &frame.gas)
        else { return stop(frame, .outOfGas) }

        let gas = allButOne64th(frame.gas)
        frame.gas -= gas
        let nonce = host.nonce(frame.address)
        guard depth < Interpreter.depthLimit, host.balance(frame.address) >= value, nonce < .max
        else {
            giveBackAccount()
            return decline(frame, gas, kind, .zero, value, frame.bytes(range))
        }
        let initcode = frame.bytes(range)
        let address =
            kind == .create2
            ? Address.created(by: frame.address, salt: salt, initcodeHash: keccak256(initcode))
            : Address.created(by: frame.address, nonce: nonce)
        host.incrementNonce(frame.address)
        if revision >= .berlin { _ = host.warm(address) }
        let step = create(
            address, by: frame.address, value: value,
            code: Code(RawSpan(_unsafeBytes: initcode), hash: .zero), gas: gas, kind: kind)
        return proceed(step, frame, created: address, target: 0..<0)
    }

    /// SELFDESTRUCT (EIP-6780).
    func selfdestructInstruction(_ frame: Frame) -> Exit {
        if frame.isStatic { return stop(frame, .staticViolation) }
        let beneficiary = Address(frame.top[-1])
        frame.top -= 1
        frame.gas -= schedule.selfdestruct
        // EIP-2929: a warm beneficiary costs nothing more.
        if revision >= .berlin, host.warm(beneficiary) { frame.gas -= 2600 }
        guard frame.gas >= 0 else { return stop(frame, .outOfGas) }
        let pays = !host.balance(frame.address).isZero
        let creates =
            revision >= .spuriousDragon
            ? pays && host.isEmpty(beneficiary)
            : revision >= .tangerineWhistle && !host.exists(beneficiary)
        guard !creates || payForAccount(frame) else { return stop(frame, .outOfGas) }
        if tracer != nil {
            trace(
                .selfdestruct, sender: frame.address, recipient: beneficiary,
                value: host.balance(frame.address),
                input: UnsafeRawBufferPointer(start: nil, count: 0), gas: 0,
                endingIn: Outcome(status: .success, gasLeft: 0, output: []))
        }
        if host.selfDestruct(frame.address, payingTo: beneficiary) {
            host.refund(schedule.selfdestructRefund)
        }
        return .success
    }
}

extension Address {
    /// The address of the contract that an account creates at a nonce.
    public static func created(by creator: Address, nonce: UInt64) -> Address {
        Address(keccak256(RLP.encode(.list([.bytes(creator.bytes), .number(nonce)]))))
    }

    /// The address of the contract that an account creates with a salt (EIP-1014).
    public static func created(by creator: Address, salt: UInt256, initcodeHash: Hash32) -> Address
    {
        Address(keccak256([0xff] + creator.bytes + salt.bytes + initcodeHash.bytes))
    }
}
