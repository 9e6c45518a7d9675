import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// The calls of a transaction with what the rules for user operations look at: instructions, slots,
/// code and what was hashed (geth's `erc7562Tracer`).
final class ValidationTracer: TransactionTracer {
    /// What one frame used.
    fileprivate struct Usage {
        var reads: [UInt256: UInt256] = [:]
        var writes: [UInt256: Int] = [:]
        var transientReads: [UInt256: Int] = [:]
        var transientWrites: [UInt256: Int] = [:]
        var opcodes: [UInt8: Int] = [:]
        var sizes: [Address: (count: Int, opcode: UInt8)] = [:]
        var inspected: [Address] = []
    }

    private let tree: CallTree
    private let revision: Revision
    private var room = TraceRoom()
    private var journal: Journal?
    private var gasLimit: UInt64 = 0
    private var usages: [Usage] = []
    private var open: [Int] = []
    private var hashed: Set<[UInt8]> = []
    /// The instruction before, and the account that it looked at.
    private var last: (opcode: Opcode, target: Address)?

    init(_ revision: Revision) {
        self.revision = revision
        tree = CallTree(revision)
    }

    var isFull: Bool { room.isFull || tree.room.isFull }

    func begin(_ transaction: SignedTransaction, in executor: Executor) {
        gasLimit = transaction.transaction.gasLimit
        journal = executor.journal
    }

    func enter(_ call: TracedCall) {
        tree.enter(call)
        // Where there is no room there will be no answer.
        open.append(max(0, tree.frames.count - 1))
        while usages.count < tree.frames.count { usages.append(Usage()) }
    }

    func exit(depth: Int, outcome: Outcome) {
        tree.exit(depth: depth, outcome: outcome)
        _ = open.popLast()
    }

    func step(_ step: TracedStep) {
        tree.step(step)
        guard let frame = open.last, frame < usages.count, room.take(8) else { return }
        let opcode = step.opcode
        if let last { look(back: last, frame, next: opcode) }
        let target = step.target
        last = (opcode, target ?? .zero)
        if let target { measure(target, opcode, frame) }
        if opcode != .gas, !opcode.isPlain { usages[frame].opcodes[step.byte, default: 0] += 1 }
        access(step, frame)
    }

    /// Notes what only the instruction after it tells of one.
    private func look(
        back last: (opcode: Opcode, target: Address), _ frame: Int, next: Opcode
    ) {
        switch last.opcode {
        case .gas where !next.isCall: usages[frame].opcodes[Opcode.gas.rawValue, default: 0] += 1
        case .extcodesize where next == .iszero: break
        case .extcodesize, .extcodehash, .extcodecopy:
            if room.take(64) { usages[frame].inspected.append(last.target) }
        default: break
        }
    }

    /// Notes how much code an account has that is called or looked at.
    private func measure(_ address: Address, _ opcode: Opcode, _ frame: Int) {
        guard usages[frame].sizes[address] == nil, Precompile.at(address, in: revision) == nil,
            room.take(128)
        else { return }
        let count = journal?.code(address).count ?? 0
        usages[frame].sizes[address] = (count, opcode.rawValue)
    }

    private func access(_ step: TracedStep, _ frame: Int) {
        guard step.height >= 1 else { return }
        let slot = step.word(0)
        switch step.opcode {
        case .sload:
            guard usages[frame].reads[slot] == nil, usages[frame].writes[slot] == nil,
                room.take(144), let journal
            else { return }
            usages[frame].reads[slot] = journal.peek(step.address, slot)
        case .sstore where room.take(80): usages[frame].writes[slot, default: 0] += 1
        case .tload where room.take(80): usages[frame].transientReads[slot, default: 0] += 1
        case .tstore where room.take(80): usages[frame].transientWrites[slot, default: 0] += 1
        case .keccak256 where step.height >= 2:
            guard let start = slot.asInt, let count = step.word(1).asInt,
                start <= Int(Int32.max), room.take(count)
            else { return }
            hashed.insert(step.memory(start..<start + count))
        default: break
        }
    }

    func answer(_ executed: Executed) -> JSON {
        // A frame's calls stand after it: from the end each finds its own done.
        var objects: [JSON?] = Array(repeating: nil, count: tree.frames.count)
        for index in tree.frames.indices.reversed() {
            var frame = tree.frames[index]
            if index == 0 { (frame.gas, frame.gasUsed) = (gasLimit, executed.gasUsed) }
            let calls = frame.children.compactMap { objects[$0] }
            var members = (frame.json(calls).members ?? []) + usages[index].members
            members.append(.init("outOfGas", .bool(frame.ranOut)))
            if index == 0, !hashed.isEmpty {
                let all = hashed.sorted { $0.lexicographicallyPrecedes($1) }
                members.append(.init("keccak", .array(all.map { .data($0) })))
            }
            objects[index] = .object(members)
            for child in frame.children { objects[child] = nil }
        }
        return objects.first.flatMap { $0 } ?? .null
    }
}

extension ValidationTracer.Usage {
    fileprivate var members: [JSON.Member] {
        func counts(_ counts: [UInt256: Int]) -> JSON {
            .object(
                counts.sorted { $0.key < $1.key }.map {
                    .init(Hex.encode($0.key.bytes), .integer($0.value))
                })
        }
        let reads = reads.sorted { $0.key < $1.key }.map { key, value in
            JSON.Member(Hex.encode(key.bytes), [.data(value.hash)])
        }
        let slots: JSON = [
            "reads": .object(reads), "writes": counts(writes),
            "transientReads": counts(transientReads), "transientWrites": counts(transientWrites),
        ]
        let sizes = sizes.sorted { $0.key < $1.key }.map { address, size in
            JSON.Member(
                Hex.encode(address.bytes),
                ["contractSize": .integer(size.count), "opcode": .integer(Int(size.opcode))])
        }
        let opcodes = opcodes.sorted { $0.key < $1.key }.map { byte, count in
            JSON.Member("0x" + String(byte, radix: 16), .integer(count))
        }
        return [
            .init("accessedSlots", slots), .init("contractSize", .object(sizes)),
            .init("usedOpcodes", .object(opcodes)),
            .init("extCodeAccessInfo", .array(inspected.map { .data($0) })),
        ]
    }
}

extension TracedFrame {
    fileprivate var ranOut: Bool {
        guard case .failed(let halt) = status else { return false }
        return halt == .outOfGas || halt == .codeDeposit
    }
}

extension TracedStep {
    /// The account that the instruction calls, or whose code it looks at.
    fileprivate var target: Address? {
        if opcode.isCall, height >= 2 { return Address(word(1)) }
        switch opcode {
        case .extcodesize, .extcodehash, .extcodecopy: return height < 1 ? nil : Address(word(0))
        default: return nil
        }
    }
}

extension Opcode {
    fileprivate var isCall: Bool {
        self == .call || self == .callcode || self == .delegatecall || self == .staticcall
    }

    /// Whether it is of no interest: it moves words about, or computes with them.
    fileprivate var isPlain: Bool {
        switch self {
        case .pop, .add, .sub, .mul, .div, .eq, .lt, .gt, .slt, .sgt, .shl, .shr, .and, .or, .not,
            .iszero:
            true
        default: (0x5f...0x9f).contains(rawValue)
        }
    }
}
