public import Identifiers
public import Primitives

/// Who is told of every step that an interpreter takes.
public protocol Tracer: AnyObject {
    /// A frame begins.
    func enter(_ call: TracedCall)

    /// An instruction is about to run.
    func step(_ step: TracedStep)

    /// A frame ends.
    func exit(depth: Int, outcome: Outcome)
}

/// A frame that begins.
public struct TracedCall: Sendable {
    /// The instruction that made it; ``Opcode/call`` or ``Opcode/create`` for the outermost.
    public let kind: Opcode
    /// How many frames are around it.
    public let depth: Int
    /// Who calls.
    public let sender: Address
    /// Who is called, or created.
    public let recipient: Address
    /// What is paid.
    public let value: UInt256
    /// The input, or the code that creates.
    public let input: [UInt8]
    /// The gas it may use.
    public let gas: Int64
}

/// The moment before an instruction; it is valid only while the tracer is told of it.
public struct TracedStep {
    /// The frame.
    let frame: Frame
    /// Where in the code.
    public let counter: Int
    /// The byte of code.
    public let opcode: Opcode
    /// The gas that is left.
    public let gas: Int64
    /// How many frames are around it.
    public let depth: Int
    /// How many words the stack has.
    public let height: Int
    /// What the last call returned.
    public let returnData: [UInt8]

    /// The word of the stack at a distance from the top.
    public func word(_ index: Int) -> UInt256 { frame.stack[height - 1 - index] }

    /// The stack, the bottom first.
    public var stack: [UInt256] {
        Array(UnsafeBufferPointer(start: frame.stack, count: height))
    }

    /// The memory.
    public var memory: [UInt8] { Array(frame.bytes(0..<Int(frame.memorySize))) }

    /// Whose storage and balance the frame works on.
    public var address: Address { frame.address }
}
