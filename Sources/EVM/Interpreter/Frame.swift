import Identifiers
import Primitives

/// One call in progress: its stack, its memory, and where it stands in its code.
///
/// Frames are kept by depth and used again, so that a call allocates nothing. Stack and memory
/// are raw regions: the interpreter checks heights and sizes before it touches them.
final class Frame {
    /// The next byte of code to run.
    var counter: UnsafePointer<UInt8>
    /// The place above the top of the stack.
    var top: UnsafeMutablePointer<UInt256>
    /// The gas that is left.
    var gas: Int64 = 0

    /// The bottom of the stack, with room for 1,024 words and the few that a step may be ahead.
    let stack: UnsafeMutablePointer<UInt256>
    /// What the steps of a decoded program read of it, the memory among that.
    let context: UnsafeMutablePointer<Context>
    /// The decoded instruction that it stands at while it waits for a call; `nil` if it runs, or
    /// runs as bytes.
    var place: UnsafePointer<Instruction>?
    private var memoryCapacity: UInt64 = 4096
    /// What the memory in use cost.
    private var memoryCost: Int64 = 0

    /// The code that runs.
    var code: Code
    /// Whose storage and balance it works on.
    var address = Address.zero
    /// Who called it.
    var caller = Address.zero
    /// What it was paid.
    var value = UInt256.zero
    /// Its input: a part of its caller's memory, which stands still meanwhile.
    var input = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Whether it may not change anything (EIP-214).
    var isStatic = false
    /// Whether it runs the code that creates ``address``.
    var createsContract = false
    /// Where the host's changes go back to if it fails.
    var checkpoint = Checkpoint(changes: 0, logs: 0, refund: 0)
    /// Where the state gas stood when it began (EIP-8037).
    var stateGasBefore = StateGas.Mark()
    /// Where its output goes in its caller's memory.
    var target = 0..<0
    /// What it returned: a part of its memory.
    var output = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Why it was stopped, if it was.
    var halt = Halt.outOfGas

    /// The greatest memory: nobody can pay for more.
    static let memoryLimit: UInt64 = 1 << 32

    init() {
        code = Code.empty
        counter = UnsafePointer(code.start)
        stack = .allocate(capacity: 1024 + 8)
        top = stack
        context = .allocate(capacity: 1)
        context.initialize(
            to: Context(memory: .allocate(byteCount: 4096, alignment: 32), bottom: stack))
        context.pointee.frame = Unmanaged.passUnretained(self)
    }

    deinit {
        stack.deallocate()
        memory.deallocate()
        context.deallocate()
    }

    /// The memory, of which only the first ``memorySize`` bytes are in use.
    private(set) var memory: UnsafeMutableRawPointer {
        @inline(__always) get { context.pointee.memory }
        set { context.pointee.memory = newValue }
    }

    /// How many bytes of memory are in use: a multiple of 32.
    private(set) var memorySize: UInt64 {
        @inline(__always) get { context.pointee.memorySize }
        set { context.pointee.memorySize = newValue }
    }

    /// Notes where the loop stands.
    @inline(__always)
    func save(
        _ counter: UnsafePointer<UInt8>, _ top: UnsafeMutablePointer<UInt256>, _ gas: Int64
    ) {
        self.counter = counter
        self.top = top
        self.gas = gas
    }

    /// What may have changed since the loop was left: the top of the stack and the gas.
    @inline(__always)
    var position: (UnsafeMutablePointer<UInt256>, Int64) { (top, gas) }

    /// Makes memory reach an end; the gas that is left, negative if it does not suffice.
    ///
    /// The gas goes in and out by value, so that the loop can keep it in a register.
    @inline(never)
    func grown(to end: UInt64, gas: Int64) -> Int64 {
        var gas = gas
        return grow(to: end, &gas) ? gas : -1
    }

    /// Makes it ready to run code from its beginning, with an empty stack and memory.
    func reset(_ code: Code, gas: Int64) {
        self.code = code
        self.gas = gas
        counter = UnsafePointer(code.start)
        top = stack
        place = nil
        memorySize = 0
        memoryCost = 0
        output = UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// Makes memory reach an end and takes the price from the gas; false if it does not suffice.
    @inline(never)
    func grow(to end: UInt64, _ gas: inout Int64) -> Bool {
        guard end <= Frame.memoryLimit else { return false }
        let words = Int64((end + 31) / 32)
        // Yellow Paper, appendix H: C_mem.
        let cost = 3 * words + words * words / 512
        gas -= cost - memoryCost
        guard gas >= 0 else { return false }
        memoryCost = cost
        let size = UInt64(words) * 32
        if size > memoryCapacity { enlarge(to: size) }
        memset(memory + Int(memorySize), Int(size - memorySize))
        memorySize = size
        return true
    }

    private func enlarge(to size: UInt64) {
        memoryCapacity = max(size, memoryCapacity * 2)
        let larger = UnsafeMutableRawPointer.allocate(
            byteCount: Int(memoryCapacity), alignment: 32)
        larger.copyMemory(from: memory, byteCount: Int(memorySize))
        memory.deallocate()
        memory = larger
    }

    @inline(__always)
    private func memset(_ start: UnsafeMutableRawPointer, _ count: Int) {
        start.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    }

    /// Makes memory hold a range and takes the price from the gas; `nil` if it does not suffice.
    ///
    /// An empty range is anywhere and costs nothing.
    @inline(__always)
    func range(_ offset: UInt256, _ count: UInt256, _ gas: inout Int64) -> Range<Int>? {
        if count.isZero { return 0..<0 }
        guard offset.w1 | offset.w2 | offset.w3 | count.w1 | count.w2 | count.w3 == 0,
            offset.w0 <= Frame.memoryLimit, count.w0 <= Frame.memoryLimit
        else { return nil }
        let end = offset.w0 + count.w0
        if end > memorySize, !grow(to: end, &gas) { return nil }
        return Int(offset.w0)..<Int(end)
    }

    /// A part of the memory that is in use.
    @inline(__always)
    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: memory + range.lowerBound, count: range.count)
    }

    /// Copies bytes into memory, and zeros where the source ends before.
    func fill(_ range: Range<Int>, from source: UnsafeRawBufferPointer, at offset: UInt256) {
        guard !range.isEmpty else { return }
        let start = Int(min(offset.asUInt64 ?? .max, UInt64(source.count)))
        let count = min(range.count, source.count - start)
        let target = memory + range.lowerBound
        if count > 0, let base = source.baseAddress {
            target.copyMemory(from: base + start, byteCount: count)
        }
        memset(target + count, range.count - count)
    }
}
