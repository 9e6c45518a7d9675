import Primitives

// The steps that work on words of the stack alone.

@inline(__always)
func plain<Op: Operator>(
    _ op: Op.Type, _ place: Place, _ top: Top, _ gas: Int64, _ context: Bench
) -> Exit {
    top[-2] = Op.apply(top[-1], top[-2])
    return go(place + 1, top - 1, gas, context)
}

@inline(__always)
func pushed<Op: Operator>(
    _ op: Op.Type, _ place: Place, _ top: Top, _ gas: Int64, _ context: Bench
) -> Exit {
    top[-1] = Op.apply(UInt256(place.pointee.immediate), top[-1])
    return go(place + 1, top, gas, context)
}

@inline(__always)
func pushedLong<Op: Operator>(
    _ op: Op.Type, _ place: Place, _ top: Top, _ gas: Int64, _ context: Bench
) -> Exit {
    top[-1] = Op.apply(number(place), top[-1])
    return go(place + 1, top, gas, context)
}

@inline(__always)
func duplicated<Op: Operator>(
    _ op: Op.Type, _ place: Place, _ top: Top, _ gas: Int64, _ context: Bench
) -> Exit {
    top[-1] = Op.apply((top - Int(place.pointee.immediate)).pointee, top[-1])
    return go(place + 1, top, gas, context)
}

/// The number that an immediate points to.
@inline(__always)
func number(_ place: Place) -> UInt256 {
    let address = UInt(truncatingIfNeeded: place.pointee.immediate)
    return UnsafePointer<UInt256>(bitPattern: address).unsafelyUnwrapped.pointee
}

/// Puts a word on the stack.
@inline(__always)
func put(
    _ word: UInt256, _ place: Place, _ top: Top, _ gas: Int64, _ context: Bench
) -> Exit {
    top.pointee = word
    return go(place + 1, top + 1, gas, context)
}
