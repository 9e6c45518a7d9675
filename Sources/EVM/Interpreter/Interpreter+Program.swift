import Primitives

/// How an interpreter runs code.
public enum Engine: String, CaseIterable, Sendable {
    /// Byte by byte: simple, and what the other is measured by.
    case plain
    /// Decoded before it first runs.
    case decoded
    /// Byte by byte at first, and decoded once it proves to run long.
    case tiered
}

extension Engine: LosslessStringConvertible {
    /// The name, such as `tiered`.
    public var description: String { rawValue }

    /// Reads a name; `nil` if there is no such engine.
    public init?(_ description: String) { self.init(rawValue: description) }
}

extension Interpreter {
    /// Runs a frame until it ends or calls, in whichever way its code is ready for.
    func runUntraced(_ frame: Frame) -> Exit {
        if let place = frame.place { return settle(resume(frame, place), frame) }
        if engine != .plain, frame.counter == UnsafePointer(frame.code.start) {
            if engine == .decoded { decode(frame.code) }
            if let program = frame.code.program { return settle(enter(frame, program, 0), frame) }
        }
        return settle(runPlain(frame), frame)
    }

    /// Goes on where one way of running leaves a frame to the other.
    private func settle(_ exit: Exit, _ frame: Frame) -> Exit {
        var exit = exit
        while true {
            switch exit {
            case .handedOver: exit = runPlain(frame)
            case .warmed: exit = warmUp(frame)
            default: return exit
            }
        }
    }

    /// Goes on decoded at the jump target where the loop over bytes was left.
    private func warmUp(_ frame: Frame) -> Exit {
        frame.code.patience = .max
        if engine != .plain { decode(frame.code) }
        guard let program = frame.code.program else { return runPlain(frame) }
        let counter = frame.counter - UnsafePointer(frame.code.start)
        return enter(frame, program, Int(program.landings[counter]))
    }

    /// Decodes code if there is room for the program.
    private func decode(_ code: Code) {
        guard code.program == nil, code.count <= Program.codeLimit, programSpace > 0 else {
            return
        }
        let program = Program(code, steps)
        programSpace -= program.size
        code.program = program
    }

    /// Runs a program from the beginning of one of its blocks.
    private func enter(_ frame: Frame, _ program: Program, _ block: Int) -> Exit {
        let context = frame.context
        context.pointee.instructions = UnsafePointer(program.instructions)
        context.pointee.blocks = UnsafePointer(program.blocks)
        context.pointee.landings = UnsafePointer(program.landings)
        context.pointee.codeCount = UInt64(frame.code.count)
        context.pointee.input = frame.input.baseAddress
        context.pointee.inputCount = UInt64(frame.input.count)
        context.pointee.interpreter = Unmanaged.passUnretained(self)
        return run(
            land(UnsafePointer(program.blocks) + block, frame.top, frame.gas, context), frame)
    }

    /// Goes on after a call, with what it gave back less what is charged ahead.
    private func resume(_ frame: Frame, _ place: UnsafePointer<Instruction>) -> Exit {
        frame.place = nil
        let gas = frame.gas - Int64(place.pointee.low)
        guard gas >= 0 else {
            return handOver(place.pointee.high, frame.top, frame.gas, frame.context)
        }
        return run(go(place + 1, frame.top, gas, frame.context), frame)
    }

    /// Makes the steps one by one, where they do not call each other.
    @inline(__always)
    private func run(_ exit: Exit, _ frame: Frame) -> Exit {
        #if DEBUG
        var exit = exit
        while exit == .stepped, let (place, top, gas) = frame.context.pointee.next {
            exit = place.pointee.step(place, top, gas, frame.context)
        }
        #endif
        return exit
    }
}
