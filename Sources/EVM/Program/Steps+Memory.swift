import Primitives

// The steps that read and write memory, which may have to grow for them.

/// Makes memory reach thirty-two bytes, or so many, from an offset on; the gas that is left.
@inline(__always)
private func reach(
    _ offset: UInt256, _ count: UInt64, _ gas: Int64, _ context: Bench
) -> Int64 {
    if offset.w1 | offset.w2 | offset.w3 | offset.w0 >> 40 != 0 { return -1 }
    let end = offset.w0 &+ count
    if end <= context.pointee.memorySize { return gas }
    return grow(end, gas, context)
}

@inline(never)
private func grow(_ end: UInt64, _ gas: Int64, _ context: Bench) -> Int64 {
    context.withFrame { frame, _ in frame.grown(to: end, gas: gas) }
}

/// Has the loop over bytes try an instruction again for which the gas does not suffice.
///
/// It is known of the block only what all of it costs: what of that is still to come is counted
/// here, in a time that the frame has paid for and with which it ends.
@inline(never)
private func retry(_ place: Place, _ top: Top, _ gas: Int64, _ context: Bench) -> Exit {
    let counter = place.pointee.high
    let rest = context.withFrame { frame, interpreter in
        interpreter.steps.gasOfRun(frame.code, from: counter)
    }
    return handOver(counter, top, gas &+ rest, context)
}

@inline(__always)
func mload(_ offset: UInt256, _ place: Place, _ top: Top, _ gas: Int64, _ context: Bench) -> Exit {
    let left = reach(offset, 32, gas, context)
    if left < 0 {
        // What a fused push puts there the loop over bytes expects there.
        top[-1] = offset
        return retry(place, top, gas, context)
    }
    top[-1] = loadWord(context.pointee.memory + Int(truncatingIfNeeded: offset.w0))
    return go(place + 1, top, left, context)
}

@inline(__always)
func mstore(
    _ offset: UInt256, _ value: UInt256, taking count: Int, _ place: Place, _ top: Top,
    _ gas: Int64, _ context: Bench
) -> Exit {
    let left = reach(offset, 32, gas, context)
    if left < 0 { return retryStore(offset, value, taking: count, place, top, gas, context) }
    storeWord(value, context.pointee.memory + Int(truncatingIfNeeded: offset.w0))
    return go(place + 1, top - count, left, context)
}

@inline(never)
private func retryStore(
    _ offset: UInt256, _ value: UInt256, taking count: Int, _ place: Place, _ top: Top,
    _ gas: Int64, _ context: Bench
) -> Exit {
    let bottom = top - count
    (bottom[0], bottom[1]) = (value, offset)
    return retry(place, bottom + 2, gas, context)
}

@inline(__always)
func mstore8(_ place: Place, _ top: Top, _ gas: Int64, _ context: Bench) -> Exit {
    let offset = top[-1]
    let left = reach(offset, 1, gas, context)
    if left < 0 { return retry(place, top, gas, context) }
    context.pointee.memory.storeBytes(
        of: UInt8(truncatingIfNeeded: top[-2].w0),
        toByteOffset: Int(truncatingIfNeeded: offset.w0), as: UInt8.self)
    return go(place + 1, top - 2, left, context)
}
