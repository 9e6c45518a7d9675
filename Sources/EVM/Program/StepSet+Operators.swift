import Primitives

extension StepSet {
    /// What takes two words and leaves one.
    mutating func setOperators() {
        self[.add] = Row(
            plain: { EVM.plain(Add.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(Add.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(Add.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(Add.self, $0, $1, $2, $3) })
        self[.add].swapped = { EVM.plain(Add.self, $0, $1, $2, $3) }
        self[.mul] = Row(
            plain: { EVM.plain(Multiply.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(Multiply.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(Multiply.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(Multiply.self, $0, $1, $2, $3) })
        self[.mul].swapped = { EVM.plain(Multiply.self, $0, $1, $2, $3) }
        self[.sub] = Row(
            plain: { EVM.plain(Subtract.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(Subtract.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(Subtract.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(Subtract.self, $0, $1, $2, $3) })
        self[.sub].swapped = { EVM.plain(SubtractSwapped.self, $0, $1, $2, $3) }
        self[.div] = Row(
            plain: { EVM.plain(Divide.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(Divide.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(Divide.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(Divide.self, $0, $1, $2, $3) })
        self[.div].swapped = { EVM.plain(DivideSwapped.self, $0, $1, $2, $3) }
        self[.sdiv] = Row(
            plain: { EVM.plain(DivideSigned.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(DivideSigned.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(DivideSigned.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(DivideSigned.self, $0, $1, $2, $3) })
        self[.mod] = Row(
            plain: { EVM.plain(Remainder.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(Remainder.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(Remainder.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(Remainder.self, $0, $1, $2, $3) })
        self[.smod] = Row(
            plain: { EVM.plain(RemainderSigned.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(RemainderSigned.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(RemainderSigned.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(RemainderSigned.self, $0, $1, $2, $3) })
        self[.signextend] = Row(
            plain: { EVM.plain(SignExtend.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(SignExtend.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(SignExtend.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(SignExtend.self, $0, $1, $2, $3) })
        self[.lt] = Row(
            plain: { EVM.plain(Less.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(Less.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(Less.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(Less.self, $0, $1, $2, $3) })
        self[.lt].swapped = { EVM.plain(Greater.self, $0, $1, $2, $3) }
        self[.lt].branching = Branch(
            whenTrue: { EVM.branch(Less.self, true, $0, $1, $2, $3) },
            whenFalse: { EVM.branch(Less.self, false, $0, $1, $2, $3) })
        self[.gt] = Row(
            plain: { EVM.plain(Greater.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(Greater.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(Greater.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(Greater.self, $0, $1, $2, $3) })
        self[.gt].swapped = { EVM.plain(Less.self, $0, $1, $2, $3) }
        self[.gt].branching = Branch(
            whenTrue: { EVM.branch(Greater.self, true, $0, $1, $2, $3) },
            whenFalse: { EVM.branch(Greater.self, false, $0, $1, $2, $3) })
        self[.slt] = Row(
            plain: { EVM.plain(LessSigned.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(LessSigned.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(LessSigned.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(LessSigned.self, $0, $1, $2, $3) })
        self[.slt].swapped = { EVM.plain(GreaterSigned.self, $0, $1, $2, $3) }
        self[.slt].branching = Branch(
            whenTrue: { EVM.branch(LessSigned.self, true, $0, $1, $2, $3) },
            whenFalse: { EVM.branch(LessSigned.self, false, $0, $1, $2, $3) })
        self[.sgt] = Row(
            plain: { EVM.plain(GreaterSigned.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(GreaterSigned.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(GreaterSigned.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(GreaterSigned.self, $0, $1, $2, $3) })
        self[.sgt].swapped = { EVM.plain(LessSigned.self, $0, $1, $2, $3) }
        self[.sgt].branching = Branch(
            whenTrue: { EVM.branch(GreaterSigned.self, true, $0, $1, $2, $3) },
            whenFalse: { EVM.branch(GreaterSigned.self, false, $0, $1, $2, $3) })
        self[.eq] = Row(
            plain: { EVM.plain(Equal.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(Equal.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(Equal.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(Equal.self, $0, $1, $2, $3) })
        self[.eq].swapped = { EVM.plain(Equal.self, $0, $1, $2, $3) }
        self[.eq].branching = Branch(
            whenTrue: { EVM.branch(Equal.self, true, $0, $1, $2, $3) },
            whenFalse: { EVM.branch(Equal.self, false, $0, $1, $2, $3) })
        self[.and] = Row(
            plain: { EVM.plain(And.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(And.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(And.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(And.self, $0, $1, $2, $3) })
        self[.and].swapped = { EVM.plain(And.self, $0, $1, $2, $3) }
        self[.or] = Row(
            plain: { EVM.plain(Or.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(Or.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(Or.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(Or.self, $0, $1, $2, $3) })
        self[.or].swapped = { EVM.plain(Or.self, $0, $1, $2, $3) }
        self[.xor] = Row(
            plain: { EVM.plain(Xor.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(Xor.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(Xor.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(Xor.self, $0, $1, $2, $3) })
        self[.xor].swapped = { EVM.plain(Xor.self, $0, $1, $2, $3) }
        self[.byte] = Row(
            plain: { EVM.plain(ByteAt.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(ByteAt.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(ByteAt.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(ByteAt.self, $0, $1, $2, $3) })
        self[.shl] = Row(
            plain: { EVM.plain(ShiftLeft.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(ShiftLeft.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(ShiftLeft.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(ShiftLeft.self, $0, $1, $2, $3) })
        self[.shr] = Row(
            plain: { EVM.plain(ShiftRight.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(ShiftRight.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(ShiftRight.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(ShiftRight.self, $0, $1, $2, $3) })
        self[.sar] = Row(
            plain: { EVM.plain(ShiftRightSigned.self, $0, $1, $2, $3) },
            pushed: { EVM.pushed(ShiftRightSigned.self, $0, $1, $2, $3) },
            long: { EVM.pushedLong(ShiftRightSigned.self, $0, $1, $2, $3) },
            duplicated: { EVM.duplicated(ShiftRightSigned.self, $0, $1, $2, $3) })
    }
}
