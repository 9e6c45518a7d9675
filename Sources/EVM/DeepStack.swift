/// How deep DUPN, SWAPN and EXCHANGE reach, by the byte after them (EIP-8024).
///
/// Bytes that could be taken for JUMPDEST or a push mean nothing, so that the jump targets of no
/// code change.
enum DeepStack {
    /// The depth for DUPN and SWAPN, 17 to 235; `nil` for a byte without a meaning.
    static func depth(_ byte: UInt8) -> Int? {
        byte <= 90 || byte >= 128 ? Int(byte &+ 145) : nil
    }

    /// The two depths for EXCHANGE, the lesser first; `nil` for a byte without a meaning.
    static func pair(_ byte: UInt8) -> (Int, Int)? {
        guard byte <= 81 || byte >= 128 else { return nil }
        let (quotient, remainder) = Int(byte ^ 143).quotientAndRemainder(dividingBy: 16)
        return quotient < remainder
            ? (quotient + 1, remainder + 1) : (remainder + 1, 29 - quotient)
    }
}

extension Interpreter {
    /// DUPN, SWAPN and EXCHANGE, whose byte stands where the frame does (EIP-8024).
    @inline(never)
    func reachInstruction(_ frame: Frame, _ opcode: Opcode) -> Exit? {
        let byte = frame.counter.pointee
        frame.counter += 1
        let top = frame.top
        let height = top - frame.stack
        guard opcode != .exchange else {
            guard let (near, far) = DeepStack.pair(byte) else {
                return stop(frame, .undefinedInstruction)
            }
            guard height > far else { return stop(frame, .stackUnderflow) }
            swap(&top[-1 - near], &top[-1 - far])
            return nil
        }
        guard let depth = DeepStack.depth(byte) else {
            return stop(frame, .undefinedInstruction)
        }
        guard height >= (opcode == .dupn ? depth : depth + 1) else {
            return stop(frame, .stackUnderflow)
        }
        if opcode == .dupn {
            top.pointee = top[-depth]
            frame.top += 1
        } else {
            swap(&top[-1], &top[-1 - depth])
        }
        return nil
    }
}
