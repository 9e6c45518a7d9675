import Primitives

// What takes two words and leaves one, as types, so that one text makes every form of each.

/// An instruction that takes two words from the stack and leaves one.
protocol Operator {
    /// The word it leaves for the topmost and the one below.
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256
}

enum Add: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 { top &+ next }
}

enum Multiply: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 { top &* next }
}

enum Subtract: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 { top &- next }
}

/// The operands of a subtraction exchanged.
enum SubtractSwapped: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 { next &- top }
}

enum Divide: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 {
        next.isZero ? .zero : top / next
    }
}

/// The operands of a division exchanged.
enum DivideSwapped: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 { Divide.apply(next, top) }
}

enum DivideSigned: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 { top.dividedSigned(by: next) }
}

enum Remainder: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 {
        next.isZero ? .zero : top % next
    }
}

enum RemainderSigned: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 { top.remainderSigned(by: next) }
}

enum SignExtend: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 {
        next.signExtended(fromByte: top.asInt ?? 32)
    }
}

enum And: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 { top & next }
}

enum Or: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 { top | next }
}

enum Xor: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 { top ^ next }
}

enum ByteAt: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 {
        UInt256(UInt64(next.byte(at: top.asInt ?? 32)))
    }
}

enum ShiftLeft: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 { next << (top.asInt ?? 256) }
}

enum ShiftRight: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 { next >> (top.asInt ?? 256) }
}

enum ShiftRightSigned: Operator {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 {
        next.shiftedRightArithmetically(by: top.asInt ?? 256)
    }
}

/// An instruction that takes two words from the stack and leaves whether something holds.
protocol Comparison: Operator {
    /// Whether it holds for the topmost word and the one below.
    static func holds(_ top: UInt256, _ next: UInt256) -> Bool
}

extension Comparison {
    @inline(__always)
    static func apply(_ top: UInt256, _ next: UInt256) -> UInt256 { word(holds(top, next)) }
}

enum Less: Comparison {
    @inline(__always)
    static func holds(_ top: UInt256, _ next: UInt256) -> Bool { top < next }
}

enum Greater: Comparison {
    @inline(__always)
    static func holds(_ top: UInt256, _ next: UInt256) -> Bool { next < top }
}

enum LessSigned: Comparison {
    @inline(__always)
    static func holds(_ top: UInt256, _ next: UInt256) -> Bool { top.isLessSigned(than: next) }
}

enum GreaterSigned: Comparison {
    @inline(__always)
    static func holds(_ top: UInt256, _ next: UInt256) -> Bool { next.isLessSigned(than: top) }
}

enum Equal: Comparison {
    @inline(__always)
    static func holds(_ top: UInt256, _ next: UInt256) -> Bool { top == next }
}
