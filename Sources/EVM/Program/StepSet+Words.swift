import Primitives

extension StepSet {
    // What no opcode stands for alone.

    static let push: Step = { put(UInt256($0.pointee.immediate), $0, $1, $2, $3) }
    static let pushLong: Step = { put(number($0), $0, $1, $2, $3) }
    static let duplicate: Step = {
        put(($1 - Int($0.pointee.immediate)).pointee, $0, $1, $2, $3)
    }
    static let pop: Step = { go($0 + 1, $1 - 1, $2, $3) }
    static let swapOne: Step = {
        let word = $1[-1]
        $1[-1] = $1[-2]
        $1[-2] = word
        return go($0 + 1, $1, $2, $3)
    }
    static let swap: Step = {
        let other = $1 - (Int($0.pointee.immediate) &+ 1)
        let word = $1[-1]
        $1[-1] = other.pointee
        other.pointee = word
        return go($0 + 1, $1, $2, $3)
    }
    /// SWAP and POP: the topmost word takes the place of one below.
    static let swapPop: Step = {
        ($1 - (Int($0.pointee.immediate) &+ 1)).pointee = $1[-1]
        return go($0 + 1, $1 - 1, $2, $3)
    }
    static let jumpTo: Step = { land(block($0), $1, $2, $3) }
    static let jumpToIf: Step = { branch(!$1[-1].isZero, $0, $1 - 1, $2, $3) }
    static let stop: Step = { succeed($2, $3) }
    static let undefined: Step = { fail(.undefinedInstruction, $3) }

    /// What works on words of the stack in other ways.
    mutating func setWords() {
        self[.addmod] = Row {
            $1[-3] = $1[-1].adding($1[-2], modulo: $1[-3])
            return go($0 + 1, $1 - 2, $2, $3)
        }
        self[.mulmod] = Row {
            $1[-3] = $1[-1].multiplied(by: $1[-2], modulo: $1[-3])
            return go($0 + 1, $1 - 2, $2, $3)
        }
        self[.iszero] = Row {
            $1[-1] = word($1[-1].isZero)
            return go($0 + 1, $1, $2, $3)
        }
        self[.iszero].branching = Branch(
            whenTrue: { branch($1[-1].isZero, $0, $1 - 1, $2, $3) },
            whenFalse: { branch(!$1[-1].isZero, $0, $1 - 1, $2, $3) })
        self[.not] = Row {
            $1[-1] = ~$1[-1]
            return go($0 + 1, $1, $2, $3)
        }
        self[.clz] = Row {
            $1[-1] = UInt256(UInt64(truncatingIfNeeded: $1[-1].leadingZeroBitCount))
            return go($0 + 1, $1, $2, $3)
        }
        self[.pop] = Row(plain: StepSet.pop)
    }

    /// What leads elsewhere, or nowhere.
    mutating func setJumps() {
        // The loop over bytes does these alone: a preview need not be fast (EIP-8024). It charges
        // them again.
        for opcode in [Opcode.dupn, .swapn, .exchange] {
            self[opcode] = Row(.end) {
                handOver($0.pointee.high &- 1, $1, $2 &+ Int64($0.pointee.low) &+ 3, $3)
            }
        }
        self[.jump] = Row(.end) { jump($1[-1], $1 - 1, $2, $3) }
        self[.jumpi] = Row(.fork) {
            if $1[-2].isZero { return enterNext($0, $1 - 2, $2, $3) }
            return jump($1[-1], $1 - 2, $2, $3)
        }
        self[.stop] = Row(.end, plain: StepSet.stop)
        self[.invalid] = Row(.end) { fail(.invalidInstruction, $3) }
        self[.return] = Row(.end) {
            exactly($0, $1, $2, $3) { $0.returnInstruction($1, .success) }
        }
        self[.revert] = Row(.end) {
            exactly($0, $1, $2, $3) { $0.returnInstruction($1, .reverted) }
        }
        self[.selfdestruct] = Row(.end) {
            exactly($0, $1, $2, $3) { $0.selfdestructInstruction($1) }
        }
    }
}
