import Primitives

/// The steps that instructions are decoded to, by opcode.
struct StepSet {
    /// All that an opcode may be decoded to.
    struct Row: Sendable {
        /// Its step where nothing is fused.
        var plain: Step
        /// How it stands among the others.
        var kind = Kind.plain
        /// Fused with a push of up to eight bytes before it, and of more.
        var pushed: Step?
        var pushedLong: Step?
        /// Fused with a push of up to four bytes, where the immediate holds also the counter.
        var pushedOffset: Step?
        /// Fused with a DUP before it, and with SWAP1.
        var duplicated: Step?
        var swapped: Step?
        /// Fused with a conditional jump to a place in the code after it.
        var branching: Branch?

        init(_ kind: Kind = .plain, plain: Step) {
            self.plain = plain
            self.kind = kind
        }

        init(plain: Step, pushed: Step, long: Step, duplicated: Step) {
            self.plain = plain
            self.pushed = pushed
            pushedLong = long
            self.duplicated = duplicated
        }
    }

    /// How an instruction stands among the others.
    enum Kind: Sendable {
        /// It costs what it costs.
        case plain
        /// It may extend the memory: its immediate holds its counter in the upper half.
        case memory
        /// It must know the gas to the unit: its immediate holds what is charged for those after it
        /// in the lower half, and the counter after it in the upper.
        case exact
        /// The same, and nothing runs on after it.
        case end
        /// Two ways lead on from it.
        case fork

        /// Whether a run of instructions that is charged as one ends with it.
        var endsRun: Bool { self == .end || self == .fork }
    }

    /// A comparison fused with the jump, after which ISZERO may stand or not.
    struct Branch: Sendable {
        let whenTrue: Step
        let whenFalse: Step
    }

    private var rows = [Row](repeating: Row(plain: StepSet.undefined), count: 256)

    subscript(opcode: Opcode) -> Row {
        get { rows[Int(opcode.rawValue)] }
        set { rows[Int(opcode.rawValue)] = newValue }
    }

    /// The rows, by opcode.
    static let rows: [Row] = {
        var set = StepSet()
        set.setOperators()
        set.setWords()
        set.setMemory()
        set.setJumps()
        set.setQuestions()
        set.setState()
        set.setHost()
        return set.rows
    }()
}
