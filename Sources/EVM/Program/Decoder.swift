import Primitives

/// Turns code into a ``Program`` in one pass, and a look at what jumps forward.
struct Decoder {
    /// A block whose run has not ended yet.
    private struct Open {
        let block: UnsafeMutablePointer<Block>
        let counter: Int
        let place: Int
        /// The gas and the height of the stack from the beginning of the run to here.
        let gas: Int
        let height: Int
        /// The most that its instructions up to the next block take, and that they leave, both
        /// counted from the beginning of the run.
        var need: Int
        var peak: Int
    }

    private let code: UnsafePointer<UInt8>
    private let count: Int
    private let targets: UnsafePointer<UInt8>
    private let entries: UnsafePointer<StepTable.Entry>
    private let changes: UnsafePointer<Int16>
    private let rows = StepSet.rows
    private let instructions: UnsafeMutablePointer<Instruction>
    private let blocks: UnsafeMutablePointer<Block>
    private let landings: UnsafeMutablePointer<UInt16>
    private let numbers: UnsafeMutablePointer<UInt256>

    private(set) var instructionCount = 0
    private var blockCount = 0
    private var numberCount = 0
    /// The blocks of the run that is being decoded.
    private var run: [Open] = []
    private var gas = 0
    private var height = 0
    /// The last instruction of the run that must know the gas, and of the code that jumps forward.
    ///
    /// Each of them holds the place of the one before, plus one, in its immediate.
    private var exact = 0
    private var forward = 0

    /// The last instruction, if one that may stand first in a pair, and its immediate.
    private var lastPlain: (kind: StepSet.Plain, immediate: UInt64)?

    init(
        _ code: Code, _ steps: StepTable, _ instructions: UnsafeMutablePointer<Instruction>,
        _ blocks: UnsafeMutablePointer<Block>, _ landings: UnsafeMutablePointer<UInt16>,
        _ numbers: UnsafeMutablePointer<UInt256>
    ) {
        self.code = UnsafePointer(code.start)
        count = code.count
        targets = UnsafePointer(code.targets)
        entries = UnsafePointer(steps.entries)
        changes = UnsafePointer(steps.changes)
        self.instructions = instructions
        self.blocks = blocks
        self.landings = landings
        self.numbers = numbers
    }

    /// Decodes all of it.
    mutating func decode() {
        var counter = 0
        open(blocks, at: 0)
        blockCount = 1
        while counter < count {
            if run.isEmpty { counter = skip(from: counter) }
            guard counter < count else { break }
            counter = decodeOne(at: counter)
        }
        if !run.isEmpty {
            emit(StepSet.stop)
            close()
        }
        resolve()
    }

    /// The next jump target: nothing between an end and that can ever run.
    private func skip(from start: Int) -> Int {
        var counter = start
        while counter < count, code[counter] != 0x5b { counter += width(at: counter) }
        return counter
    }

    private func width(at counter: Int) -> Int {
        let byte = code[counter]
        return byte >= 0x60 && byte <= 0x7f ? Int(byte) - 0x5e : 1
    }

    /// Decodes an instruction and what is fused with it; returns where the next begins.
    private mutating func decodeOne(at counter: Int) -> Int {
        let byte = code[counter]
        let opcode = unsafeBitCast(byte, to: Opcode.self)
        if opcode == .jumpdest {
            landings[counter] = UInt16(truncatingIfNeeded: blockCount)
            open(blocks + blockCount, at: counter)
            blockCount += 1
        }
        guard entries[Int(byte)].least != .max else {
            emit(StepSet.undefined)
            close()
            return counter + 1
        }
        account(opcode)
        switch opcode {
        case .jumpdest: return counter + 1
        case .push0: return push(UInt256.zero, next: counter + 1)
        case .push1, .push2, .push3, .push4, .push5, .push6, .push7, .push8, .push9, .push10,
            .push11, .push12, .push13, .push14, .push15, .push16, .push17, .push18, .push19,
            .push20, .push21, .push22, .push23, .push24, .push25, .push26, .push27, .push28,
            .push29, .push30, .push31, .push32:
            let width = Int(byte) - 0x5f
            return push(loadLong(code + counter + 1, width), next: counter + 1 + width)
        case .pc: return push(UInt256(UInt64(counter)), next: counter + 1)
        case .codesize: return push(UInt256(UInt64(count)), next: counter + 1)
        case .dup1, .dup2, .dup3, .dup4, .dup5, .dup6, .dup7, .dup8, .dup9, .dup10, .dup11,
            .dup12, .dup13, .dup14, .dup15, .dup16:
            return duplicate(UInt64(byte) - 0x7f, next: counter + 1)
        case .swap1, .swap2, .swap3, .swap4, .swap5, .swap6, .swap7, .swap8, .swap9, .swap10,
            .swap11, .swap12, .swap13, .swap14, .swap15, .swap16:
            return swap(UInt64(byte) - 0x8f, next: counter + 1)
        default: return other(opcode, at: counter)
        }
    }

    /// Notes what an instruction costs, takes and leaves.
    private mutating func account(_ opcode: Opcode) {
        let last = run.count - 1
        let entry = entries[Int(opcode.rawValue)]
        gas += Int(entry.gas)
        run[last].need = max(run[last].need, Int(entry.least) - height)
        height += Int(changes[Int(opcode.rawValue)])
        run[last].peak = max(run[last].peak, height)
    }

    /// The instruction at a place, if it is one that can be fused with what stands before it.
    private func opcode(at counter: Int) -> Opcode? {
        guard counter < count, entries[Int(code[counter])].least != .max else { return nil }
        return unsafeBitCast(code[counter], to: Opcode.self)
    }

    /// A push, and what takes the number.
    private mutating func push(_ number: UInt256, next: Int) -> Int {
        guard let small = number.asUInt64 else {
            numbers[numberCount] = number
            let immediate = UInt64(UInt(bitPattern: numbers + numberCount))
            numberCount += 1
            if let opcode = opcode(at: next), let step = rows[Int(opcode.rawValue)].pushedLong {
                account(opcode)
                emit(step, immediate)
                return next + 1
            }
            emit(StepSet.pushLong, immediate)
            return next
        }
        guard let opcode = opcode(at: next) else {
            emitPlain(.push, small)
            return next
        }
        if opcode == .jump || opcode == .jumpi, let end = jump(opcode, to: small, next) {
            return end
        }
        if let step = rows[Int(opcode.rawValue)].pushed {
            account(opcode)
            emit(step, small)
            return next + 1
        }
        if small <= UInt64(UInt32.max), let step = rows[Int(opcode.rawValue)].pushedOffset {
            account(opcode)
            emit(step, small | UInt64(next) << 32)
            return next + 1
        }
        emitPlain(.push, small)
        return next
    }

    /// A jump to a place that the code names; `nil` if it is none.
    private mutating func jump(
        _ opcode: Opcode, to target: UInt64, _ counter: Int
    ) -> Int? {
        guard isTarget(target) else { return nil }
        account(opcode)
        emitJump(opcode == .jump ? StepSet.jumpTo : StepSet.jumpToIf, target)
        close()
        if opcode == .jumpi { openNext(at: counter + 1) }
        return counter + 1
    }

    private func isTarget(_ place: UInt64) -> Bool {
        place < UInt64(count) && targets[Int(place >> 3)] & (1 << UInt8(place & 7)) != 0
    }

    private mutating func emitJump(_ step: Step, _ target: UInt64) {
        let landing = landings[Int(target)]
        if landing != 0 {
            emit(step, UInt64(UInt(bitPattern: blocks + Int(landing))))
        } else {
            emit(step, target << 32 | UInt64(forward))
            forward = instructionCount
        }
    }

    /// A copy of a word, and what takes it.
    private mutating func duplicate(_ depth: UInt64, next: Int) -> Int {
        if let opcode = opcode(at: next), let step = rows[Int(opcode.rawValue)].duplicated {
            account(opcode)
            emit(step, depth)
            return next + 1
        }
        emitPlain(.duplicate, depth)
        return next
    }

    /// An exchange, and what comes after it.
    private mutating func swap(_ depth: UInt64, next: Int) -> Int {
        if let opcode = opcode(at: next) {
            if opcode == .pop {
                account(opcode)
                emit(StepSet.swapPop, depth)
                return next + 1
            }
            if depth == 1, let step = rows[Int(opcode.rawValue)].swapped {
                account(opcode)
                emit(step)
                return next + 1
            }
        }
        emit(depth == 1 ? StepSet.swapOne : StepSet.swap, depth)
        return next
    }

    /// Any other instruction.
    private mutating func other(_ opcode: Opcode, at counter: Int) -> Int {
        let next = counter + 1
        if opcode == .pop {
            emitPlain(.pop, 0)
            return next
        }
        if let step = rows[Int(opcode.rawValue)].branching, let end = branch(step, at: next) {
            return end
        }
        let row = rows[Int(opcode.rawValue)]
        switch row.kind {
        case .plain: emit(row.plain)
        case .memory: emit(row.plain, UInt64(counter) << 32)
        case .exact: emitExact(row.plain, next: next)
        case .end:
            emitExact(row.plain, next: next)
            close()
        case .fork:
            emit(row.plain)
            close()
            openNext(at: next)
        }
        return next
    }

    /// A comparison of which the outcome is jumped by; `nil` if it is not.
    private mutating func branch(_ steps: StepSet.Branch, at counter: Int) -> Int? {
        var (place, step) = (counter, steps.whenTrue)
        if code[place] == 0x15 {
            (place, step) = (place + 1, steps.whenFalse)
        }
        let byte = code[place]
        guard byte >= 0x60, byte <= 0x62, place < count else { return nil }
        let width = Int(byte) - 0x5f
        let target = loadShort(code + place + 1, width)
        guard code[place + 1 + width] == 0x57, place + 1 + width < count, isTarget(target) else {
            return nil
        }
        var index = counter
        while index <= place + 1 + width {
            account(unsafeBitCast(code[index], to: Opcode.self))
            index += self.width(at: index)
        }
        emitJump(step, target)
        close()
        openNext(at: index)
        return index
    }

    /// Emits a push, a copy or a POP, which are run two at a time where they can be.
    private mutating func emitPlain(_ kind: StepSet.Plain, _ immediate: UInt64) {
        let fits = immediate <= UInt64(UInt32.max)
        if let last = lastPlain, fits, let step = StepSet.pair(last.kind, kind) {
            instructions[instructionCount - 1] = Instruction(
                step: step, immediate: last.immediate | immediate << 32)
            lastPlain = nil
            return
        }
        emit(StepSet.step(kind), immediate)
        lastPlain = fits ? (kind, immediate) : nil
    }

    private mutating func emit(_ step: Step, _ immediate: UInt64 = 0) {
        (instructions + instructionCount).initialize(
            to: Instruction(step: step, immediate: immediate))
        instructionCount += 1
        lastPlain = nil
    }

    /// An instruction that must know the gas to the unit: it is told what was charged ahead.
    private mutating func emitExact(_ step: Step, next: Int) {
        // Until the run ends it holds the gas so far in place of the counter, and the one before.
        emit(step, UInt64(gas) << 32 | UInt64(exact))
        exact = instructionCount
        exactCounters.append(UInt32(next))
    }

    /// The counters after the exact instructions of this run.
    private var exactCounters: [UInt32] = []

    private mutating func open(_ block: UnsafeMutablePointer<Block>, at counter: Int) {
        lastPlain = nil
        run.append(
            Open(
                block: block, counter: counter, place: instructionCount, gas: gas, height: height,
                need: -height, peak: height))
    }

    /// Opens the block after a conditional jump, which stands in the stream itself.
    private mutating func openNext(at counter: Int) {
        let block = UnsafeMutableRawPointer(instructions + instructionCount)
            .assumingMemoryBound(to: Block.self)
        instructionCount += 1
        open(block, at: counter)
    }

    /// Ends the run: now it is known what each of its blocks costs.
    private mutating func close() {
        var (need, peak) = (Int.min, Int.min)
        for open in run.reversed() {
            (need, peak) = (max(need, open.need), max(peak, open.peak))
            let least = max(0, need + open.height)
            let most = Block.stackLimit - (peak - open.height)
            let fits = least <= most
            open.block.initialize(
                to: Block(
                    gas: UInt32(truncatingIfNeeded: gas - open.gas),
                    least: fits ? UInt16(truncatingIfNeeded: least) : .max,
                    range: fits ? UInt16(truncatingIfNeeded: most - least) : 0,
                    counter: UInt32(truncatingIfNeeded: open.counter),
                    place: UInt32(truncatingIfNeeded: open.place)))
        }
        while exact != 0, let counter = exactCounters.popLast() {
            let place = instructions + (exact - 1)
            exact = Int(place.pointee.low)
            let rest = gas - place.pointee.high
            place.pointee.immediate = UInt64(counter) << 32 | UInt64(rest)
        }
        run.removeAll(keepingCapacity: true)
        (gas, height) = (0, 0)
    }

    /// Tells the jumps forward where they lead.
    private mutating func resolve() {
        while forward != 0 {
            let place = instructions + (forward - 1)
            forward = Int(place.pointee.low)
            let block = blocks + Int(landings[place.pointee.high])
            place.pointee.immediate = UInt64(UInt(bitPattern: block))
        }
    }
}
