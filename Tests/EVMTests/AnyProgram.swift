import EVM
import Primitives

/// Code made by chance that gets far: jumps lead to targets, and offsets, slots and callees are few.
struct AnyProgram {
    private(set) var code: [UInt8] = []
    private var random: Random
    private var targets: [Int] = []
    /// Where two bytes wait for the place of a target.
    private var holes: [Int] = []

    init(seed: UInt64, length: Int) {
        random = Random(seed: seed)
        for _ in 0..<8 { push(UInt64(roll(5))) }
        while code.count < length { addPart() }
        for hole in holes {
            // Now and then to where no target is.
            let place =
                targets.isEmpty || roll(40) == 0 ? roll(length) : targets[roll(targets.count)]
            code[hole] = UInt8(place >> 8)
            code[hole + 1] = UInt8(place & 0xff)
        }
    }

    private mutating func roll(_ sides: Int) -> Int { Int(random.next() % UInt64(sides)) }

    private mutating func push(_ number: UInt64) {
        if number < 256 {
            code += [0x60, UInt8(number)]
        } else {
            code += [0x63] + (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
        }
    }

    private mutating func addPart() {
        switch roll(24) {
        case 0...4: addNumber()
        case 5, 6: code.append(UInt8(0x80 + roll(6)))
        case 7, 8: code.append(UInt8(0x90 + roll(4)))
        case 9...13:
            code.append([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0b][roll(10)])
        case 14...16: code.append(UInt8(0x10 + roll(15)))
        case 17: addTarget()
        case 18: addJump()
        case 19: code.append([0x15, 0x19, 0x50, 0x50, 0x50, 0x58, 0x59, 0x38][roll(8)])
        case 20: addMemory()
        case 21: addState()
        case 22: addCall()
        default: addRare()
        }
    }

    private mutating func addNumber() {
        switch roll(8) {
        case 0:
            let width = roll(32)
            code.append(UInt8(0x60 + width))
            code += (0...width).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        case 1: code.append(0x5f)
        case 2: push(UInt64(0x1_0000 + roll(1 << 20)))
        default: push(UInt64(roll(40)))
        }
    }

    private mutating func addTarget() {
        for _ in 0...roll(3) {
            targets.append(code.count)
            code.append(0x5b)
        }
    }

    private mutating func addJump() {
        if roll(3) == 0 { code.append([0x10, 0x11, 0x12, 0x13, 0x14, 0x15][roll(6)]) }
        if roll(3) == 0 { code.append(0x15) }
        holes.append(code.count + 1)
        code += [0x61, 0, 0]
        if roll(6) == 0 { code += [0x80, 0x50] }
        code.append(roll(5) == 0 ? 0x56 : 0x57)
    }

    private mutating func addMemory() {
        if roll(2) == 0 { push(UInt64(roll(100))) }
        code.append([0x51, 0x52, 0x53, 0x35, 0x20, 0x37, 0x39, 0x5e, 0x3e][roll(9)])
    }

    private mutating func addState() {
        if roll(2) == 0 { push(UInt64(roll(4))) }
        code.append([0x54, 0x55, 0x5c, 0x5d, 0x5a, 0x5a, 0x31, 0x3b, 0x3f, 0x40, 0x49][roll(11)])
    }

    /// A call of one of two contracts or of a precompile, or a creation from memory.
    private mutating func addCall() {
        for _ in 0..<4 { push(UInt64(roll(70))) }
        if roll(6) == 0 {
            code.append(roll(2) == 0 ? 0xf0 : 0xf5)
            return
        }
        let kind = [0xf1, 0xf2, 0xf4, 0xfa][roll(4)]
        if kind < 0xf4 { push(UInt64(roll(2))) }
        push(UInt64([0x101, 0x102, 4, 0][roll(4)]))
        if roll(2) == 0 { code.append(0x5a) } else { push(UInt64(roll(60_000))) }
        code.append(UInt8(kind))
    }

    private mutating func addRare() {
        let bytes: [UInt8] = [
            0x00, 0x0a, 0x30, 0x32, 0x33, 0x34, 0x36, 0x3d, 0x41, 0x42, 0x43, 0x45, 0x46, 0x47,
            0x48,
            0x4a, 0xa0, 0xa1, 0xa4, 0xf3, 0xfd, 0xfe, 0xff, 0x0c, 0x3c, 0x3a, 0x44,
        ]
        code.append(bytes[roll(bytes.count)])
    }
}
