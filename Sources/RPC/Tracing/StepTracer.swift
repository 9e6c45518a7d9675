import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// Every instruction of a transaction, with the stack before it (geth's struct logger).
final class StepTracer: TransactionTracer {
    private struct Line {
        let counter: Int
        let byte: UInt8
        let members: [JSON.Member]
        let gas: Int64
        let price: Int64
        let depth: Int
        var cost: Int64 = 0
        var error: String?
    }

    private let options: TraceOptions.Steps
    private var lines: [Line] = []
    private var room = TraceRoom()
    private var journal: Journal?
    /// Whether the last line's cost is not known yet, and the gas with which its frame halted.
    private var isOpen = false
    private var haltGas: Int64?
    private var last: (byte: UInt8, height: Int) = (0, 0)
    /// The slots seen so far of each account.
    private var storage: [Address: [UInt256: UInt256]] = [:]

    init(_ options: TraceOptions.Steps) {
        self.options = options
    }

    var isFull: Bool { room.isFull }

    func begin(_ transaction: SignedTransaction, in executor: Executor) {
        journal = executor.journal
    }

    func enter(_ call: TracedCall) {
        // The destruction of a contract is no call: its frame comes to its end by itself.
        guard call.kind != .selfdestruct else { return }
        // Whoever creates hands gas on only when the instruction is paid.
        let isCreation = call.kind == .create || call.kind == .create2
        price(to: isCreation ? call.gasKept + call.gas : call.gasKept)
    }

    func step(_ step: TracedStep) {
        price(to: step.gas)
        last = (step.byte, step.height)
        guard options.limit == 0 || lines.count < options.limit else { return }
        let size =
            160 + (options.showsStack ? step.height * 40 : 0)
            + (options.showsMemory ? step.memorySize * 3 : 0)
            + (options.showsReturnData ? step.returnData.count * 2 : 0)
        guard room.take(size) else { return }
        lines.append(
            Line(
                counter: step.counter, byte: step.byte, members: members(step), gas: step.gas,
                price: step.price, depth: step.depth + 1))
        isOpen = true
    }

    func halt(depth: Int, gas: Int64) { haltGas = gas }

    func exit(depth: Int, outcome: Outcome) {
        guard isOpen, let halted = haltGas, let index = lines.indices.last,
            lines[index].depth == depth + 1
        else { return }
        if case .failed(let halt) = outcome.status {
            lines[index].error = halt.words(at: last.byte, height: last.height)
            // What was too much shows as a debt; otherwise only the fixed price is known.
            price(to: halted < 0 ? halted : lines[index].gas - lines[index].price)
        } else {
            price(to: halted)
        }
        haltGas = nil
    }

    /// Prices the last line by the gas that is left after it.
    private func price(to gas: Int64) {
        guard isOpen, let index = lines.indices.last else { return }
        lines[index].cost = lines[index].gas - gas
        isOpen = false
    }

    private func members(_ step: TracedStep) -> [JSON.Member] {
        var members: [JSON.Member] = []
        if let refund = journal?.refund, refund > 0 {
            members.append(.init("refund", .integer(refund)))
        }
        if options.showsStack {
            members.append(.init("stack", .array(step.stack.map { .quantity($0) })))
        }
        if options.showsMemory, step.memorySize > 0 {
            let words = stride(from: 0, to: step.memorySize, by: 32).map { start in
                JSON.data(step.memory(start..<start + 32))
            }
            members.append(.init("memory", .array(words)))
        }
        if options.showsReturnData, !step.returnData.isEmpty {
            members.append(.init("returnData", .data(step.returnData)))
        }
        if options.showsStorage, let slots = slots(step) {
            members.append(.init("storage", slots))
        }
        return members
    }

    /// The slots of the account that were read or written so far, where one more is now.
    private func slots(_ step: TracedStep) -> JSON? {
        let isWrite = step.opcode == .sstore
        guard isWrite || step.opcode == .sload, step.height > (isWrite ? 1 : 0), let journal else {
            return nil
        }
        let key = step.word(0)
        let value = isWrite ? step.word(1) : journal.peek(step.address, key)
        storage[step.address, default: [:]][key] = value
        let seen = storage[step.address] ?? [:]
        guard room.take(seen.count * 140) else { return nil }
        return .object(
            seen.sorted { $0.key < $1.key }.map { key, value in
                JSON.Member(Hex.encode(key.bytes), .data(value.hash))
            })
    }

    func answer(_ executed: Executed) -> JSON {
        [
            "gas": .integer(executed.gasUsed), "failed": .bool(!executed.outcome.succeeded),
            "returnValue": .data(executed.outcome.output),
            "structLogs": .array(
                lines.map { line in
                    var members: [JSON.Member] = [
                        .init("pc", .integer(line.counter)),
                        .init("op", .string(Opcode.name(line.byte))),
                        .init("gas", .integer(line.gas)),
                        .init("gasCost", .integer(line.cost)),
                        .init("depth", .integer(line.depth)),
                    ]
                    if let error = line.error { members.append(.init("error", .string(error))) }
                    return .object(members + line.members)
                }),
        ]
    }
}
