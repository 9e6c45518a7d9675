import Crypto
import Identifiers
import Primitives

// The instructions that ask the host or copy bytes. Each answers false if the gas does not suffice,
// or with what the loop does next, `nil` to go on.

extension Interpreter {
    /// Stops a frame with the loss of its gas.
    func stop(_ frame: Frame, _ halt: Halt) -> Exit {
        frame.halt = halt
        return .failed
    }

    /// Charges for touching an account.
    private func touch(_ address: Address, _ frame: Frame, _ cost: Int64) -> Bool {
        frame.gas -= cost
        if revision >= .berlin, host.warm(address) { frame.gas -= schedule.coldAccount }
        return frame.gas >= 0
    }

    /// BALANCE.
    func balanceInstruction(_ frame: Frame) -> Bool {
        let address = Address(frame.top[-1])
        guard touch(address, frame, schedule.balance) else { return false }
        frame.top[-1] = host.balance(address)
        return true
    }

    /// EXTCODESIZE.
    func extcodesizeInstruction(_ frame: Frame) -> Bool {
        let address = Address(frame.top[-1])
        guard touch(address, frame, schedule.extcode) else { return false }
        frame.top[-1] = UInt256(UInt64(host.code(address).count))
        return true
    }

    /// EXTCODEHASH (EIP-1052): zero for an account that is empty or not there.
    func extcodehashInstruction(_ frame: Frame) -> Bool {
        let address = Address(frame.top[-1])
        guard touch(address, frame, schedule.extcodehash) else { return false }
        frame.top[-1] = host.isEmpty(address) ? .zero : UInt256(host.codeHash(address))
        return true
    }

    /// EXTCODECOPY.
    func extcodecopyInstruction(_ frame: Frame) -> Bool {
        let top = frame.top
        frame.top -= 4
        let address = Address(top[-1])
        guard let range = frame.range(top[-2], top[-4], &frame.gas) else { return false }
        frame.gas -= GasSchedule.copyWord * Int64((range.count + 31) / 32)
        guard touch(address, frame, schedule.extcode) else { return false }
        let code = host.code(address)
        frame.fill(
            range, from: UnsafeRawBufferPointer(start: code.start, count: code.count), at: top[-3])
        return true
    }

    /// CALLDATACOPY, and CODECOPY: what the source has, then zeros.
    func copyInstruction(_ frame: Frame, from source: UnsafeRawBufferPointer) -> Bool {
        let top = frame.top
        frame.top -= 3
        guard let range = frame.range(top[-1], top[-3], &frame.gas) else { return false }
        frame.gas -= GasSchedule.copyWord * Int64((range.count + 31) / 32)
        guard frame.gas >= 0 else { return false }
        frame.fill(range, from: source, at: top[-2])
        return true
    }

    /// CODECOPY.
    func codecopyInstruction(_ frame: Frame) -> Bool {
        let code = frame.code
        return copyInstruction(
            frame, from: UnsafeRawBufferPointer(start: code.start, count: code.count))
    }

    /// BLOBHASH (EIP-4844): zero beyond the last.
    func blobHash(_ index: UInt256) -> UInt256 {
        let (hashes, index) = (environment.blobHashes, index.asInt ?? .max)
        return index < hashes.count ? UInt256(hashes[index]) : .zero
    }

    /// RETURN and REVERT.
    func returnInstruction(_ frame: Frame, _ exit: Exit) -> Exit {
        guard let range = frame.range(frame.top[-1], frame.top[-2], &frame.gas) else {
            return stop(frame, .outOfGas)
        }
        frame.output = frame.bytes(range)
        return exit
    }

    /// RETURNDATACOPY (EIP-211): beyond the end is an error, even of nothing.
    func returndatacopyInstruction(_ frame: Frame) -> Exit? {
        let top = frame.top
        frame.top -= 3
        let (end, overflow) = top[-2].addingReportingOverflow(top[-3])
        guard !overflow, end <= UInt256(returnData.count) else {
            return stop(frame, .returnDataOverrun)
        }
        guard let range = frame.range(top[-1], top[-3], &frame.gas) else {
            return stop(frame, .outOfGas)
        }
        frame.gas -= GasSchedule.copyWord * Int64((range.count + 31) / 32)
        guard frame.gas >= 0 else { return stop(frame, .outOfGas) }
        returnData.withUnsafeBytes { frame.fill(range, from: $0, at: top[-2]) }
        return nil
    }

    /// MCOPY (EIP-5656).
    func mcopyInstruction(_ frame: Frame) -> Bool {
        let top = frame.top
        frame.top -= 3
        let count = top[-3]
        // Memory reaches the farther of the two ends.
        let reach = max(top[-1], top[-2])
        guard frame.range(reach, count, &frame.gas) != nil,
            let target = frame.range(top[-1], count, &frame.gas),
            let source = frame.range(top[-2], count, &frame.gas)
        else { return false }
        frame.gas -= GasSchedule.copyWord * Int64((target.count + 31) / 32)
        guard frame.gas >= 0 else { return false }
        (frame.memory + target.lowerBound).copyMemory(
            from: frame.memory + source.lowerBound, byteCount: target.count)
        return true
    }

    /// KECCAK256.
    func keccakInstruction(_ frame: Frame) -> Bool {
        let top = frame.top
        frame.top -= 1
        guard let range = frame.range(top[-1], top[-2], &frame.gas) else { return false }
        frame.gas -= GasSchedule.keccakWord * Int64((range.count + 31) / 32)
        guard frame.gas >= 0 else { return false }
        top[-2] = UInt256(keccak256(frame.bytes(range)))
        return true
    }

    /// EXP (EIP-160).
    func expInstruction(_ frame: Frame) -> Bool {
        let top = frame.top
        frame.top -= 1
        frame.gas -= schedule.expByte * Int64((top[-2].bitWidth + 7) / 8)
        guard frame.gas >= 0 else { return false }
        top[-2] = top[-1].power(top[-2])
        return true
    }

    /// LOG0 to LOG4.
    func logInstruction(_ frame: Frame, topics count: Int) -> Exit? {
        if frame.isStatic { return stop(frame, .staticViolation) }
        let top = frame.top
        frame.top -= 2 + count
        guard let range = frame.range(top[-1], top[-2], &frame.gas) else {
            return stop(frame, .outOfGas)
        }
        frame.gas -= GasSchedule.logByte * Int64(range.count)
        guard frame.gas >= 0 else { return stop(frame, .outOfGas) }
        let topics = (0..<count).map { top[-3 - $0].hash }
        let data = Array(frame.bytes(range))
        host.log(frame.address, topics: topics, data: data)
        tracer?.log(frame.address, topics: topics, data: data)
        return nil
    }

    /// BLOCKHASH: of the last 256 blocks; zero for any other.
    func blockHash(_ number: UInt256) -> UInt256 {
        guard let number = number.asUInt64, number < environment.number,
            environment.number - number <= 256
        else { return .zero }
        return UInt256(host.blockHash(number))
    }

    /// SLOAD (EIP-2929).
    @inline(__always)
    func sloadInstruction(_ frame: Frame) -> Bool {
        let (value, wasCold) = host.load(frame.address, frame.top[-1])
        frame.top[-1] = value
        frame.gas &-= schedule.sload + (wasCold ? schedule.coldSlotRead : 0)
        if frame.gas >= 0 { return true }
        host.retractLoad()
        return false
    }

    /// SSTORE (EIP-2200, EIP-2929, EIP-3529).
    func sstoreInstruction(_ frame: Frame) -> Exit? {
        if frame.isStatic { return stop(frame, .staticViolation) }
        if revision >= .istanbul, frame.gas <= GasSchedule.storeSentry {
            return stop(frame, .storeSentry)
        }
        let key = frame.top[-1]
        let value = frame.top[-2]
        frame.top -= 2
        let slot = host.prepareStore(frame.address, key)
        let isNet = revision >= .istanbul || revision == .constantinople
        let (cost, refund) = isNet ? netPrice(slot, value) : grossPrice(slot, value)
        frame.gas -= cost
        guard frame.gas >= 0, revision < .amsterdam || payForState(slot, value, frame) else {
            return stop(frame, .outOfGas)
        }
        if refund != 0 { host.refund(refund) }
        host.store(frame.address, key, value)
        return nil
    }

    /// Charges for a slot that comes into being, or gives back what it cost (EIP-8037).
    private func payForState(_ slot: SlotHistory, _ value: UInt256, _ frame: Frame) -> Bool {
        guard slot.original.isZero, slot.current.isZero != value.isZero else { return true }
        if slot.current.isZero { return stateGas.charge(statePrices.slot, &frame.gas) }
        if stateGas.paysForFailure {
            host.refund(statePrices.slot)
        } else {
            stateGas.giveBack(statePrices.slot)
        }
        return true
    }

    /// What writing a slot costs and gives back, by what it holds alone.
    private func grossPrice(_ slot: SlotHistory, _ value: UInt256) -> (Int64, Int64) {
        if slot.current.isZero {
            return (value.isZero ? GasSchedule.resetSlot : schedule.setSlot, 0)
        }
        return (GasSchedule.resetSlot, value.isZero ? schedule.clearRefund : 0)
    }

    /// What writing a slot costs and gives back, by what the transaction has done to it before.
    private func netPrice(_ slot: SlotHistory, _ value: UInt256) -> (Int64, Int64) {
        let cold = slot.wasCold ? schedule.coldSlotWrite : 0
        let (original, current) = (slot.original, slot.current)
        let reset = GasSchedule.resetSlot - schedule.coldSlotWrite
        if current == value { return (cold + schedule.sload, 0) }
        if original == current {
            if original.isZero { return (cold + schedule.setSlot, 0) }
            return (cold + reset, value.isZero ? schedule.clearRefund : 0)
        }
        var refund: Int64 = 0
        if !original.isZero {
            if current.isZero {
                refund -= schedule.clearRefund
            } else if value.isZero {
                refund += schedule.clearRefund
            }
        }
        if original == value {
            refund += (original.isZero ? schedule.setSlot : reset) - schedule.sload
        }
        return (cold + schedule.sload, refund)
    }
}
