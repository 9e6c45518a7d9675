import Primitives

// What the steps do. Each is inlined into the functions of ``StepSet`` that a program points to, and
// ends with the call of the next. Nothing may be left to do after that call, or it is no jump.

typealias Place = UnsafePointer<Instruction>
typealias Top = UnsafeMutablePointer<UInt256>
typealias Bench = UnsafeMutablePointer<Context>

/// Runs an instruction and all that follows it.
@inline(__always)
func go(_ place: Place, _ top: Top, _ gas: Int64, _ context: Bench) -> Exit {
    #if DEBUG
    // Without optimisation calls nest, so the next step is run by who runs the steps.
    context.pointee.next = (place, top, gas)
    return .stepped
    #else
    return place.pointee.step(place, top, gas, context)
    #endif
}

/// Enters a block: charges it, judges the height of the stack, and goes on at its beginning.
@inline(__always)
func enter(
    _ block: UnsafePointer<Block>, _ place: Place, _ top: Top, _ gas: Int64, _ context: Bench
) -> Exit {
    let left = gas &- Int64(block.pointee.gas)
    let bytes = UnsafeRawPointer(top) - UnsafeRawPointer(context.pointee.bottom)
    let height = UInt16(truncatingIfNeeded: bytes)
    if height &- block.pointee.least > block.pointee.range || left < 0 {
        return handOver(Int(block.pointee.counter), top, gas, context)
    }
    return go(place, top, left, context)
}

/// Enters a block that is jumped to.
@inline(__always)
func land(_ block: UnsafePointer<Block>, _ top: Top, _ gas: Int64, _ context: Bench) -> Exit {
    let instructions = context.pointee.instructions.unsafelyUnwrapped
    return enter(block, instructions + Int(block.pointee.place), top, gas, context)
}

/// Leaves the rest to the loop over bytes, which finds out why and where it fails.
@inline(never)
func handOver(_ counter: Int, _ top: Top, _ gas: Int64, _ context: Bench) -> Exit {
    context.withFrame { frame, _ in
        frame.place = nil
        frame.save(UnsafePointer(frame.code.start) + counter, top, gas)
    }
    return .handedOver
}

/// Stops the frame with the loss of its gas.
@inline(never)
func fail(_ halt: Halt, _ context: Bench) -> Exit {
    context.withFrame { frame, _ in frame.halt = halt }
    return .failed
}

/// Ends the frame with nothing to return.
@inline(__always)
func succeed(_ gas: Int64, _ context: Bench) -> Exit {
    context.withFrame { frame, _ in frame.gas = gas }
    return .success
}

extension UnsafeMutablePointer<Context> {
    /// Hands over the frame and its interpreter without counting references.
    @inline(__always)
    func withFrame<Result>(_ body: (Frame, Interpreter) -> Result) -> Result {
        pointee.frame.unsafelyUnwrapped._withUnsafeGuaranteedRef { frame in
            pointee.interpreter.unsafelyUnwrapped._withUnsafeGuaranteedRef { interpreter in
                body(frame, interpreter)
            }
        }
    }
}

/// The block that an immediate points to.
@inline(__always)
func block(_ place: Place) -> UnsafePointer<Block> {
    UnsafePointer(bitPattern: UInt(truncatingIfNeeded: place.pointee.immediate)).unsafelyUnwrapped
}

/// Jumps to the block that the code names if something holds, or goes on.
@inline(__always)
func branch(
    _ isTaken: Bool, _ place: Place, _ top: Top, _ gas: Int64, _ context: Bench
) -> Exit {
    if isTaken { return land(block(place), top, gas, context) }
    return enterNext(place, top, gas, context)
}

@inline(__always)
func branch<Op: Comparison>(
    _ op: Op.Type, _ expected: Bool, _ place: Place, _ top: Top, _ gas: Int64, _ context: Bench
) -> Exit {
    branch(Op.holds(top[-1], top[-2]) == expected, place, top - 2, gas, context)
}

/// Enters the block after a conditional jump, which stands in the stream.
@inline(__always)
func enterNext(_ place: Place, _ top: Top, _ gas: Int64, _ context: Bench) -> Exit {
    let block = UnsafeRawPointer(place + 1).assumingMemoryBound(to: Block.self)
    return enter(block, place + 2, top, gas, context)
}

/// Jumps to where the stack says.
@inline(__always)
func jump(
    _ target: UInt256, _ top: Top, _ gas: Int64, _ context: Bench
) -> Exit {
    guard target.w1 | target.w2 | target.w3 == 0, target.w0 < context.pointee.codeCount else {
        return fail(.invalidJump, context)
    }
    let landing = Int(context.pointee.landings.unsafelyUnwrapped[Int(target.w0)])
    guard landing != 0 else { return fail(.invalidJump, context) }
    return land(context.pointee.blocks.unsafelyUnwrapped + landing, top, gas, context)
}
