import Primitives

/// Code decoded for one revision: instructions in a stream, and the blocks that they are grouped in.
///
/// Decoding costs a few nanoseconds a byte, so it is done for code that proves to run long
/// (``Code/patience``). It never changes once made.
final class Program {
    /// The instructions; after a conditional jump stands the block that runs if it is not taken.
    let instructions: UnsafeMutablePointer<Instruction>
    /// The blocks that are jumped to; the first is the beginning of the code.
    let blocks: UnsafeMutablePointer<Block>
    /// For each byte of code the index of the block that begins with it; zero where none does.
    let landings: UnsafeMutablePointer<UInt16>
    /// The numbers of the pushes of more than eight bytes.
    let numbers: UnsafeMutablePointer<UInt256>
    /// How many bytes it takes.
    let size: Int

    /// The longest code that is decoded: blocks are counted in sixteen bits.
    static let codeLimit = 60_000

    /// Decodes code.
    init(_ code: Code, _ steps: StepTable) {
        // A byte is at most one instruction, and a jump takes one more place.
        instructions = .allocate(capacity: 2 * code.count + 2)
        blocks = .allocate(capacity: code.targetCount + 1)
        landings = .allocate(capacity: code.count + 1)
        landings.initialize(repeating: 0, count: code.count + 1)
        numbers = .allocate(capacity: code.count / 10 + 1)
        var decoder = Decoder(code, steps, instructions, blocks, landings, numbers)
        decoder.decode()
        size = 16 * (decoder.instructionCount + code.targetCount) + 2 * code.count
    }

    deinit {
        instructions.deallocate()
        blocks.deallocate()
        landings.deallocate()
        numbers.deallocate()
    }
}
