import Primitives

// The steps that leave their work to the interpreter, which does it for both ways to run code.

// A step whose own frame on the native stack is pointed into cannot end with a jump, so whatever may
// do that stands in a function of its own that is not inlined.

/// Runs an instruction that must know the gas to the unit.
///
/// It sees the gas as if only what ran were charged; if it leaves less than what was charged
/// ahead, the run cannot come to its end, and the loop over bytes finds out where it fails.
@inline(__always)
func exactly(
    _ place: Place, _ top: Top, _ gas: Int64, _ context: Bench,
    _ body: (Interpreter, Frame) -> Exit?
) -> Exit {
    let (exit, left, after) = apart(place, top, gas, context, body)
    if let exit { return leave(exit, place, context) }
    if left < 0 {
        return handOver(place.pointee.high, after, left &+ Int64(place.pointee.low), context)
    }
    return go(place + 1, after, left, context)
}

@inline(never)
private func apart(
    _ place: Place, _ top: Top, _ gas: Int64, _ context: Bench,
    _ body: (Interpreter, Frame) -> Exit?
) -> (Exit?, Int64, Top) {
    let rest = Int64(place.pointee.low)
    return context.withFrame { frame, interpreter in
        frame.top = top
        frame.gas = gas &+ rest
        return (body(interpreter, frame), frame.gas &- rest, frame.top)
    }
}

/// Leaves the steps, for good or until the call is over that the frame began.
@inline(never)
private func leave(_ exit: Exit, _ place: Place, _ context: Bench) -> Exit {
    context.withFrame { frame, _ in frame.place = place }
    return exit
}

/// Puts a word on the stack that the interpreter knows.
@inline(__always)
func ask(
    _ place: Place, _ top: Top, _ gas: Int64, _ context: Bench,
    _ body: (Interpreter, Frame, UInt256) -> UInt256
) -> Exit {
    put(answer(.zero, context, body), place, top, gas, context)
}

/// What the interpreter answers to a word.
@inline(never)
func answer(
    _ word: UInt256, _ context: Bench, _ body: (Interpreter, Frame, UInt256) -> UInt256
) -> UInt256 {
    context.withFrame { body($1, $0, word) }
}

/// Writes a transient slot; false if nothing may be written.
@inline(never)
func storeTransient(_ key: UInt256, _ value: UInt256, _ context: Bench) -> Bool {
    context.withFrame { frame, interpreter in
        if frame.isStatic { return false }
        interpreter.host.storeTransient(frame.address, key, value)
        return true
    }
}
