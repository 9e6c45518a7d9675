public import Identifiers
public import Primitives

/// Who is told of every step that an interpreter takes.
public protocol Tracer: AnyObject {
    /// A frame begins.
    func enter(_ call: TracedCall)

    /// An instruction is about to run.
    func step(_ step: TracedStep)

    /// A frame notes a log, which goes if the frame fails.
    func log(_ address: Address, topics: [Hash32], data: [UInt8])

    /// The code of a frame comes to its end, with so much gas; negative if it did not suffice.
    func halt(depth: Int, gas: Int64)

    /// A frame ends.
    func exit(depth: Int, outcome: Outcome)
}

extension Tracer {
    /// Passes over it: most do not ask for it.
    public func step(_ step: TracedStep) {}
    /// Passes over it: most do not ask for it.
    public func log(_ address: Address, topics: [Hash32], data: [UInt8]) {}
    /// Passes over it: most do not ask for it.
    public func halt(depth: Int, gas: Int64) {}
}

/// A frame that begins; it is valid only while the tracer is told of it.
public struct TracedCall {
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
    /// The input, where it stands.
    let buffer: UnsafeRawBufferPointer
    /// The gas it may use.
    public let gas: Int64
    /// The gas that its caller keeps meanwhile; zero for the outermost.
    public let gasKept: Int64
    /// Whether a contract runs that every node has built in.
    public let isPrecompile: Bool

    /// How long the input is.
    public var inputCount: Int { buffer.count }

    /// The input, or the code that creates.
    public var input: [UInt8] { Array(buffer) }

    /// The first bytes of the input, so many if there are.
    public func input(_ count: Int) -> [UInt8] { Array(buffer.prefix(count)) }
}

/// The moment before an instruction; it is valid only while the tracer is told of it.
public struct TracedStep {
    /// The frame.
    let frame: Frame
    /// Where in the code.
    public let counter: Int
    /// The byte of code.
    public let byte: UInt8
    /// The gas that is left.
    public let gas: Int64
    /// How many frames are around it.
    public let depth: Int
    /// How many words the stack has.
    public let height: Int
    /// What the last call returned.
    public let returnData: [UInt8]

    /// The instruction; ``Opcode/invalid`` for a byte that is none.
    public var opcode: Opcode { Opcode(rawValue: byte) ?? .invalid }

    /// The word of the stack at a distance from the top.
    public func word(_ index: Int) -> UInt256 { frame.stack[height - 1 - index] }

    /// The stack, the bottom first.
    public var stack: [UInt256] {
        Array(UnsafeBufferPointer(start: frame.stack, count: height))
    }

    /// The memory.
    public var memory: [UInt8] { Array(frame.bytes(0..<Int(frame.memorySize))) }

    /// A part of the memory; zeros stand for what is not in use.
    public func memory(_ range: Range<Int>) -> [UInt8] {
        let used = range.clamped(to: 0..<Int(frame.memorySize))
        let zeros = [UInt8](repeating: 0, count: range.count - used.count)
        return used.isEmpty ? zeros : Array(frame.bytes(used)) + zeros
    }

    /// How many bytes of memory are in use.
    public var memorySize: Int { Int(frame.memorySize) }

    /// The gas that the instruction costs before its operands are looked at.
    public let price: Int64

    /// Whose storage and balance the frame works on.
    public var address: Address { frame.address }

    /// How long the code is; a step beyond it is the end that every code has.
    public var codeCount: Int { frame.code.count }

    /// The code that runs.
    public var code: [UInt8] { frame.code.bytes }
}
