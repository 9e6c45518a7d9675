import Primitives

extension StepSet {
    /// What reads and writes memory, input and code.
    mutating func setMemory() {
        self[.mload] = Row(.memory) { mload($1[-1], $0, $1, $2, $3) }
        self[.mload].pushedOffset = { mload(UInt256($0.pointee.low), $0, $1 + 1, $2, $3) }
        self[.mstore] = Row(.memory) { mstore($1[-1], $1[-2], taking: 2, $0, $1, $2, $3) }
        self[.mstore].pushedOffset = {
            mstore(UInt256($0.pointee.low), $1[-1], taking: 1, $0, $1, $2, $3)
        }
        self[.mstore8] = Row(.memory) { mstore8($0, $1, $2, $3) }
        self[.msize] = Row { put(UInt256($3.pointee.memorySize), $0, $1, $2, $3) }
        self[.calldataload] = Row {
            $1[-1] = inputWord($3, $1[-1])
            return go($0 + 1, $1, $2, $3)
        }
        self[.calldataload].pushed = {
            put(inputWord($3, UInt256($0.pointee.immediate)), $0, $1, $2, $3)
        }
        self[.calldatasize] = Row { put(UInt256($3.pointee.inputCount), $0, $1, $2, $3) }
        self[.calldatacopy] = Row(.exact) {
            exactly($0, $1, $2, $3) {
                $0.copyInstruction($1, from: $1.input) ? nil : $0.stop($1, .outOfGas)
            }
        }
        self[.codecopy] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.codecopyInstruction($1) ? nil : $0.stop($1, .outOfGas) }
        }
    }
}

/// CALLDATALOAD: thirty-two bytes, zeros beyond the end.
@inline(__always)
private func inputWord(_ context: Bench, _ offset: UInt256) -> UInt256 {
    let count = context.pointee.inputCount
    guard offset.w1 | offset.w2 | offset.w3 == 0, offset.w0 < count,
        let base = context.pointee.input
    else { return .zero }
    let bytes = base + Int(truncatingIfNeeded: offset.w0)
    return count &- offset.w0 >= 32 ? loadWord(bytes) : loadPart(bytes, Int(count &- offset.w0))
}
