import Identifiers
import Primitives

/// Whether the loop tells a tracer of its steps: two loops are made of one text.
private protocol LoopMode {
    static var isTraced: Bool { get }
}

private enum Untraced: LoopMode {
    static var isTraced: Bool { false }
}

private enum Traced: LoopMode {
    static var isTraced: Bool { true }
}

extension Interpreter {
    /// Runs a frame until it ends or calls.
    func runPlain(_ frame: Frame) -> Exit { loop(frame, Untraced.self) }

    /// Runs a frame until it ends or calls, and tells the tracer of every step.
    @inline(never)
    func runTraced(_ frame: Frame) -> Exit { loop(frame, Traced.self) }

    /// The loop itself: one switch over bytes.
    ///
    /// Where it stands (counter, top of the stack, gas) is in local variables that nothing
    /// captures, hence in registers; they are carried to the frame and back around what is done
    /// elsewhere. Heights of the stack and fixed prices are checked by the table before the switch,
    /// so no case needs to: a pointer `top[-n]` is within the stack by the opcode's traits.
    @inline(__always)
    private func loop<Mode: LoopMode>(_ frame: Frame, _ mode: Mode.Type) -> Exit {
        var counter = frame.counter
        var top = frame.top
        var gas = frame.gas
        let entries = UnsafePointer(steps.entries)
        let bottom = Int(bitPattern: frame.stack)
        let code = UnsafePointer(frame.code.start)
        let codeCount = UInt64(frame.code.count)
        let targets = UnsafePointer(frame.code.targets)
        var patience = Mode.isTraced ? .max : frame.code.patience
        var mark = gas
        defer { if !Mode.isTraced { frame.code.patience = patience } }

        while true {
            let byte = counter.pointee
            let entry = entries[Int(byte)]
            let height = UInt16(truncatingIfNeeded: Int(bitPattern: top) &- bottom)
            if Mode.isTraced {
                frame.save(counter, top, gas)
                trace(frame, byte)
            }
            gas &-= Int64(entry.gas)
            if height &- entry.least > entry.range || gas < 0 {
                return refuse(frame, byte, height: Int(height) / 32)
            }
            counter += 1
            switch unsafeBitCast(byte, to: Opcode.self) {
            case .stop:
                frame.save(counter, top, gas)
                return .success

            case .add:
                top[-2] = top[-1] &+ top[-2]
                top -= 1
            case .mul:
                top[-2] = top[-1] &* top[-2]
                top -= 1
            case .sub:
                top[-2] = top[-1] &- top[-2]
                top -= 1
            case .div:
                top[-2] = top[-2].isZero ? .zero : top[-1] / top[-2]
                top -= 1
            case .sdiv:
                top[-2] = top[-1].dividedSigned(by: top[-2])
                top -= 1
            case .mod:
                top[-2] = top[-2].isZero ? .zero : top[-1] % top[-2]
                top -= 1
            case .smod:
                top[-2] = top[-1].remainderSigned(by: top[-2])
                top -= 1
            case .addmod:
                top[-3] = top[-1].adding(top[-2], modulo: top[-3])
                top -= 2
            case .mulmod:
                top[-3] = top[-1].multiplied(by: top[-2], modulo: top[-3])
                top -= 2
            case .exp:
                frame.save(counter, top, gas)
                guard expInstruction(frame) else { return stop(frame, .outOfGas) }
                (top, gas) = frame.position
            case .signextend:
                top[-2] = top[-2].signExtended(fromByte: top[-1].asInt ?? 32)
                top -= 1
            case .lt:
                top[-2] = word(top[-1] < top[-2])
                top -= 1
            case .gt:
                top[-2] = word(top[-2] < top[-1])
                top -= 1
            case .slt:
                top[-2] = word(top[-1].isLessSigned(than: top[-2]))
                top -= 1
            case .sgt:
                top[-2] = word(top[-2].isLessSigned(than: top[-1]))
                top -= 1
            case .eq:
                top[-2] = word(top[-1] == top[-2])
                top -= 1
            case .iszero:
                top[-1] = word(top[-1].isZero)
            case .and:
                top[-2] = top[-1] & top[-2]
                top -= 1
            case .or:
                top[-2] = top[-1] | top[-2]
                top -= 1
            case .xor:
                top[-2] = top[-1] ^ top[-2]
                top -= 1
            case .not:
                top[-1] = ~top[-1]
            case .byte:
                top[-2] = UInt256(UInt64(top[-2].byte(at: top[-1].asInt ?? 32)))
                top -= 1
            case .shl:
                top[-2] = top[-2] << (top[-1].asInt ?? 256)
                top -= 1
            case .shr:
                top[-2] = top[-2] >> (top[-1].asInt ?? 256)
                top -= 1
            case .sar:
                top[-2] = top[-2].shiftedRightArithmetically(by: top[-1].asInt ?? 256)
                top -= 1
            case .clz:
                top[-1] = UInt256(UInt64(truncatingIfNeeded: top[-1].leadingZeroBitCount))
            case .keccak256:
                frame.save(counter, top, gas)
                guard keccakInstruction(frame) else { return stop(frame, .outOfGas) }
                (top, gas) = frame.position
            case .address:
                top.pointee = frame.address.word
                top += 1
            case .balance:
                frame.save(counter, top, gas)
                guard balanceInstruction(frame) else { return stop(frame, .outOfGas) }
                (top, gas) = frame.position
            case .origin:
                top.pointee = environment.origin.word
                top += 1
            case .caller:
                top.pointee = frame.caller.word
                top += 1
            case .callvalue:
                top.pointee = frame.value
                top += 1
            case .calldataload:
                top[-1] = inputWord(frame.input, top[-1])
            case .calldatasize:
                top.pointee = UInt256(UInt64(frame.input.count))
                top += 1
            case .calldatacopy:
                frame.save(counter, top, gas)
                guard copyInstruction(frame, from: frame.input) else {
                    return stop(frame, .outOfGas)
                }
                (top, gas) = frame.position
            case .codesize:
                top.pointee = UInt256(UInt64(frame.code.count))
                top += 1
            case .codecopy:
                frame.save(counter, top, gas)
                guard codecopyInstruction(frame) else { return stop(frame, .outOfGas) }
                (top, gas) = frame.position
            case .gasprice:
                top.pointee = environment.gasPrice
                top += 1
            case .extcodesize:
                frame.save(counter, top, gas)
                guard extcodesizeInstruction(frame) else { return stop(frame, .outOfGas) }
                (top, gas) = frame.position
            case .extcodecopy:
                frame.save(counter, top, gas)
                guard extcodecopyInstruction(frame) else { return stop(frame, .outOfGas) }
                (top, gas) = frame.position
            case .returndatasize:
                top.pointee = UInt256(UInt64(returnData.count))
                top += 1
            case .returndatacopy:
                frame.save(counter, top, gas)
                if let exit = returndatacopyInstruction(frame) { return exit }
                (top, gas) = frame.position
            case .extcodehash:
                frame.save(counter, top, gas)
                guard extcodehashInstruction(frame) else { return stop(frame, .outOfGas) }
                (top, gas) = frame.position
            case .blockhash:
                top[-1] = blockHash(top[-1])
            case .coinbase:
                top.pointee = environment.coinbase.word
                top += 1
            case .timestamp:
                top.pointee = UInt256(environment.timestamp)
                top += 1
            case .number:
                top.pointee = UInt256(environment.number)
                top += 1
            case .prevrandao:
                top.pointee = environment.prevRandao
                top += 1
            case .gaslimit:
                top.pointee = UInt256(environment.gasLimit)
                top += 1
            case .chainid:
                top.pointee = UInt256(environment.chainID)
                top += 1
            case .selfbalance:
                top.pointee = host.balance(frame.address)
                top += 1
            case .basefee:
                top.pointee = environment.baseFee
                top += 1
            case .blobhash:
                top[-1] = blobHash(top[-1])
            case .blobbasefee:
                top.pointee = environment.blobBaseFee
                top += 1
            case .slotnum:
                top.pointee = UInt256(environment.slotNumber)
                top += 1
            case .pop:
                top -= 1
            case .mload:
                let offset = top[-1]
                if offset.w1 | offset.w2 | offset.w3 | offset.w0 >> 40 != 0 {
                    return stop(frame, .outOfGas)
                }
                let end = offset.w0 + 32
                if end > frame.memorySize {
                    gas = frame.grown(to: end, gas: gas)
                    if gas < 0 { return stop(frame, .outOfGas) }
                }
                top[-1] = loadWord(frame.memory + Int(offset.w0))
            case .mstore:
                let offset = top[-1]
                if offset.w1 | offset.w2 | offset.w3 | offset.w0 >> 40 != 0 {
                    return stop(frame, .outOfGas)
                }
                let end = offset.w0 + 32
                if end > frame.memorySize {
                    gas = frame.grown(to: end, gas: gas)
                    if gas < 0 { return stop(frame, .outOfGas) }
                }
                storeWord(top[-2], frame.memory + Int(offset.w0))
                top -= 2
            case .mstore8:
                let offset = top[-1]
                if offset.w1 | offset.w2 | offset.w3 | offset.w0 >> 40 != 0 {
                    return stop(frame, .outOfGas)
                }
                if offset.w0 >= frame.memorySize {
                    gas = frame.grown(to: offset.w0 + 1, gas: gas)
                    if gas < 0 { return stop(frame, .outOfGas) }
                }
                frame.memory.storeBytes(
                    of: UInt8(truncatingIfNeeded: top[-2].w0), toByteOffset: Int(offset.w0),
                    as: UInt8.self)
                top -= 2
            case .sload:
                frame.save(counter, top, gas)
                guard sloadInstruction(frame) else { return stop(frame, .outOfGas) }
                gas = frame.gas
            case .sstore:
                frame.save(counter, top, gas)
                if let exit = sstoreInstruction(frame) { return exit }
                (top, gas) = frame.position
            case .jump:
                let offset = top[-1]
                guard offset.w1 | offset.w2 | offset.w3 == 0, offset.w0 < codeCount,
                    targets[Int(offset.w0 >> 3)] & (1 << UInt8(offset.w0 & 7)) != 0
                else {
                    return stop(frame, .invalidJump)
                }
                top -= 1
                counter = code + Int(offset.w0)
                patience &-= mark &- gas
                mark = gas
                if patience <= 0 {
                    frame.save(counter, top, gas)
                    return .warmed
                }
            case .jumpi:
                let offset = top[-1]
                let isTaken = !top[-2].isZero
                top -= 2
                if isTaken {
                    guard offset.w1 | offset.w2 | offset.w3 == 0, offset.w0 < codeCount,
                        targets[Int(offset.w0 >> 3)] & (1 << UInt8(offset.w0 & 7)) != 0
                    else {
                        return stop(frame, .invalidJump)
                    }
                    counter = code + Int(offset.w0)
                    patience &-= mark &- gas
                    mark = gas
                    if patience <= 0 {
                        frame.save(counter, top, gas)
                        return .warmed
                    }
                }
            case .pc:
                top.pointee = UInt256(UInt64(counter - code - 1))
                top += 1
            case .msize:
                top.pointee = UInt256(frame.memorySize)
                top += 1
            case .gas:
                top.pointee = UInt256(UInt64(gas))
                top += 1
            case .jumpdest:
                continue
            case .tload:
                top[-1] = host.loadTransient(frame.address, top[-1])
            case .tstore:
                if frame.isStatic { return stop(frame, .staticViolation) }
                host.storeTransient(frame.address, top[-1], top[-2])
                top -= 2
            case .mcopy:
                frame.save(counter, top, gas)
                guard mcopyInstruction(frame) else { return stop(frame, .outOfGas) }
                (top, gas) = frame.position
            case .push0:
                top.pointee = .zero
                top += 1
            case .push1:
                top.pointee = UInt256(UInt64(counter[0]))
                top += 1
                counter += 1
            case .push2:
                top.pointee = UInt256(UInt64(counter[0]) << 8 | UInt64(counter[1]))
                top += 1
                counter += 2
            case .push3, .push4, .push5, .push6, .push7, .push8:
                let count = Int(byte) &- 0x5f
                top.pointee = UInt256(loadShort(counter, count))
                top += 1
                counter += count
            case .push9, .push10, .push11, .push12, .push13, .push14, .push15, .push16, .push17,
                .push18, .push19, .push20, .push21, .push22, .push23, .push24, .push25,
                .push26, .push27, .push28, .push29, .push30, .push31:
                let count = Int(byte) &- 0x5f
                top.pointee = loadLong(counter, count)
                top += 1
                counter += count
            case .push32:
                top.pointee = loadWord(UnsafeRawPointer(counter))
                top += 1
                counter += 32
            case .dup1, .dup2, .dup3, .dup4, .dup5, .dup6, .dup7, .dup8, .dup9, .dup10, .dup11,
                .dup12, .dup13, .dup14, .dup15, .dup16:
                top.pointee = (top - (Int(byte) &- 0x7f)).pointee
                top += 1
            case .swap1, .swap2, .swap3, .swap4, .swap5, .swap6, .swap7, .swap8, .swap9,
                .swap10, .swap11, .swap12, .swap13, .swap14, .swap15, .swap16:
                let other = top - (Int(byte) &- 0x8e)
                let word = top[-1]
                top[-1] = other.pointee
                other.pointee = word
            case .dupn, .swapn, .exchange:
                frame.save(counter, top, gas)
                let opcode = unsafeBitCast(byte, to: Opcode.self)
                if let exit = reachInstruction(frame, opcode) { return exit }
                counter = frame.counter
                top = frame.top
            case .log0, .log1, .log2, .log3, .log4:
                frame.save(counter, top, gas)
                if let exit = logInstruction(frame, topics: Int(byte) - 0xa0) { return exit }
                (top, gas) = frame.position
            case .create, .create2:
                frame.save(counter, top, gas)
                let kind = unsafeBitCast(byte, to: Opcode.self)
                if let exit = createInstruction(frame, kind) { return exit }
                (top, gas) = frame.position
            case .call, .callcode, .delegatecall, .staticcall:
                frame.save(counter, top, gas)
                let kind = unsafeBitCast(byte, to: Opcode.self)
                if let exit = callInstruction(frame, kind) { return exit }
                (top, gas) = frame.position
            case .return, .revert:
                frame.save(counter, top, gas)
                return returnInstruction(frame, byte == 0xf3 ? .success : .reverted)
            case .selfdestruct:
                frame.save(counter, top, gas)
                return selfdestructInstruction(frame)
            case .invalid:
                return stop(frame, .invalidInstruction)
            default:
                return stop(frame, .undefinedInstruction)
            }
        }
    }

    /// Says why a byte could not be run.
    @inline(never)
    private func refuse(_ frame: Frame, _ byte: UInt8, height: Int) -> Exit {
        guard let traits = Opcode(rawValue: byte)?.traits, revision >= traits.since else {
            return stop(frame, .undefinedInstruction)
        }
        if height < traits.taken { return stop(frame, .stackUnderflow) }
        if height + traits.given - traits.taken > 1024 { return stop(frame, .stackOverflow) }
        return stop(frame, .outOfGas)
    }

    @inline(never)
    private func trace(_ frame: Frame, _ byte: UInt8) {
        guard let tracer else { return }
        tracer.step(
            TracedStep(
                frame: frame, counter: frame.counter - UnsafePointer(frame.code.start),
                byte: byte, gas: frame.gas, depth: depth,
                height: frame.top - frame.stack, returnData: returnData,
                price: Int64(steps.entries[Int(byte)].gas)))
    }

    /// CALLDATALOAD: thirty-two bytes, zeros beyond the end.
    @inline(__always)
    private func inputWord(_ input: UnsafeRawBufferPointer, _ offset: UInt256) -> UInt256 {
        let count = UInt64(input.count)
        guard offset.w1 | offset.w2 | offset.w3 == 0, offset.w0 < count,
            let base = input.baseAddress
        else { return .zero }
        if count - offset.w0 >= 32 { return loadWord(base + Int(offset.w0)) }
        return loadPart(base + Int(offset.w0), input.count - Int(offset.w0))
    }
}
