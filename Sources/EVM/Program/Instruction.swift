import Primitives

/// What runs one decoded instruction and then the next, until the frame ends or calls.
///
/// It is handed where it stands, the place above the top of the stack, the gas and the frame, all
/// of which stay in registers. In an optimised build the call of the next is a jump, so that a long
/// run needs no native stack; `ProgramTests` would overflow it if one were lost. Only functions
/// without a context can be jumped to so, which `thin` says.
typealias Step =
    @convention(thin) (
        UnsafePointer<Instruction>, UnsafeMutablePointer<UInt256>, Int64,
        UnsafeMutablePointer<Context>
    ) -> Exit

/// One decoded instruction, or several fused into one.
struct Instruction {
    /// What runs it.
    let step: Step
    /// What the code says beside the instruction, laid out as the step wants it.
    var immediate: UInt64

    /// The lower half of the immediate.
    var low: UInt64 { immediate & 0xffff_ffff }
    /// The upper half of the immediate: a place in the code.
    var high: Int { Int(immediate >> 32) }
}

/// A run of instructions that is entered at one place and left at its end.
///
/// All of its fixed gas is charged, and the height of the stack is judged, when it is entered. It
/// runs on past jump targets: whoever jumps to one of these enters a block of its own, the end of
/// the same run.
struct Block {
    /// The fixed gas of all its instructions.
    var gas: UInt32
    /// The least height of the stack that it may be entered with, in bytes.
    var least: UInt16
    /// How much higher it may be.
    var range: UInt16
    /// Where it begins in the code.
    var counter: UInt32
    /// Where it begins among the instructions.
    var place: UInt32

    /// The greatest height of the stack in bytes.
    static let stackLimit = 1024 * 32
}

/// What the steps of a frame need to know of it, in one flat region.
struct Context {
    /// The frame's memory.
    var memory: UnsafeMutableRawPointer
    /// How many bytes of it are in use.
    var memorySize: UInt64 = 0
    /// The bottom of the stack.
    let bottom: UnsafeMutablePointer<UInt256>
    /// The program's instructions, blocks, and for each byte of code the block that begins there.
    var instructions: UnsafePointer<Instruction>?
    var blocks: UnsafePointer<Block>?
    var landings: UnsafePointer<UInt16>?
    var codeCount: UInt64 = 0
    /// The frame's input.
    var input: UnsafeRawPointer?
    var inputCount: UInt64 = 0
    /// Both outlive every step.
    var frame: Unmanaged<Frame>?
    var interpreter: Unmanaged<Interpreter>?
    #if DEBUG
    /// Where the next step is, for a build in which steps do not call each other.
    var next: (UnsafePointer<Instruction>, UnsafeMutablePointer<UInt256>, Int64)?
    #endif
}
