import Primitives

extension StepSet {
    /// What only moves words, and is made a pair with another such.
    enum Plain {
        case push, duplicate, pop
    }

    /// The step of one alone.
    static func step(_ kind: Plain) -> Step {
        switch kind {
        case .push: push
        case .duplicate: duplicate
        case .pop: pop
        }
    }

    /// The step of two, the immediate of the first in the lower half and of the second in the upper.
    static func pair(_ first: Plain, _ second: Plain) -> Step? {
        switch (first, second) {
        case (.push, .push): pushPush
        case (.push, .duplicate): pushDuplicate
        case (.duplicate, .push): duplicatePush
        case (.duplicate, .duplicate): duplicateDuplicate
        case (.pop, .pop): popPop
        default: nil
        }
    }

    private static let pushPush: Step = {
        $1.pointee = UInt256($0.pointee.low)
        return put(UInt256($0.pointee.immediate >> 32), $0, $1 + 1, $2, $3)
    }
    private static let pushDuplicate: Step = {
        $1.pointee = UInt256($0.pointee.low)
        return put(($1 + 1 - $0.pointee.high).pointee, $0, $1 + 1, $2, $3)
    }
    private static let duplicatePush: Step = {
        $1.pointee = ($1 - Int($0.pointee.low)).pointee
        return put(UInt256($0.pointee.immediate >> 32), $0, $1 + 1, $2, $3)
    }
    private static let duplicateDuplicate: Step = {
        $1.pointee = ($1 - Int($0.pointee.low)).pointee
        return put(($1 + 1 - $0.pointee.high).pointee, $0, $1 + 1, $2, $3)
    }
    private static let popPop: Step = { go($0 + 1, $1 - 2, $2, $3) }
}
