import EVM
import Encoding
import Primitives

/// Every instruction of a transaction and what it left behind, frame within frame (Parity's
/// `vmTrace`).
///
/// What an instruction did is seen when the next one of its frame is about to run, or the frame
/// ends; one that its frame could not pay for has no effect, and one that was not tried is not told.
final class InstructionTracer: Tracer {
    /// An instruction of which it is not known yet what it does.
    private struct Pending {
        let counter: Int
        let opcode: Opcode
        let gas: Int64
        let price: Int64
        /// The part of memory that it may change or read: where, and how long.
        let memory: (start: Int, count: Int)?
        let store: JSON
        var cost: Int64?
        var inner: Int?
    }

    private struct Line {
        let counter: Int
        let cost: Int64
        let effect: JSON
        let inner: Int?
    }

    private struct Body {
        var code: [UInt8]?
        var lines: [Line] = []
        var pending: Pending?
    }

    private(set) var room = TraceRoom()
    private var bodies: [Body] = []
    /// The bodies of the open frames; `nil` for what looks like a frame and runs no code.
    private var open: [Int?] = []
    private var haltGas: Int64 = 0

    func enter(_ call: TracedCall) {
        guard call.kind != .selfdestruct, room.take(256) else { return open.append(nil) }
        if let caller = open.last.flatMap({ $0 }), var pending = bodies[caller].pending {
            pending.cost = pending.gas - call.gasKept
            pending.inner = bodies.count
            bodies[caller].pending = pending
        }
        open.append(bodies.count)
        let creates = call.kind == .create || call.kind == .create2
        bodies.append(Body(code: creates ? call.input : nil))
    }

    func step(_ step: TracedStep) {
        guard let index = open.last.flatMap({ $0 }) else { return }
        if bodies[index].code == nil, room.take(2 * step.codeCount) {
            bodies[index].code = step.code
        }
        if let pending = bodies[index].pending {
            settle(pending, index, gas: step.gas, after: step)
            bodies[index].pending = nil
        }
        // Every code ends, as if there were one more instruction.
        guard step.counter < step.codeCount else { return }
        bodies[index].pending = Pending(
            counter: step.counter, opcode: step.opcode, gas: step.gas, price: step.price,
            memory: step.memoryOperands, store: step.storeOperands)
    }

    func halt(depth: Int, gas: Int64) { haltGas = gas }

    func exit(depth: Int, outcome: Outcome) {
        guard let index = open.popLast().flatMap({ $0 }), let pending = bodies[index].pending
        else { return }
        bodies[index].pending = nil
        guard case .failed(let halt) = outcome.status else {
            return settle(pending, index, gas: haltGas, after: nil)
        }
        if halt == .invalidJump {
            settle(pending, index, gas: pending.gas - pending.price, after: nil)
        } else if halt == .outOfGas {
            // Where even the fixed price is too much, no more of it is known.
            let cost = haltGas < 0 ? pending.gas - haltGas : pending.price
            bodies[index].lines.append(
                Line(counter: pending.counter, cost: cost, effect: .null, inner: nil))
        }
    }

    /// Writes down an instruction that was carried out.
    private func settle(_ pending: Pending, _ index: Int, gas: Int64, after step: TracedStep?) {
        let given = step == nil ? 0 : pending.opcode.traits?.given ?? 0
        guard room.take(160 + given * 68 + (pending.memory?.count ?? 0) * 2) else { return }
        let pushed = step.map { $0.stack.suffix(given) } ?? []
        let effect: JSON = [
            "used": .integer(gas), "push": .array(pushed.map { .quantity($0) }),
            "mem": step.flatMap { memory(pending, $0) } ?? .null, "store": pending.store,
        ]
        bodies[index].lines.append(
            Line(
                counter: pending.counter, cost: pending.cost ?? pending.gas - gas, effect: effect,
                inner: pending.inner))
    }

    private func memory(_ pending: Pending, _ step: TracedStep) -> JSON? {
        guard let (start, count) = pending.memory else { return nil }
        guard count > 0 else { return nil }
        return ["off": .integer(start), "data": .data(step.memory(start..<start + count))]
    }

    /// The outermost frame's instructions, with those of others within them.
    var json: JSON {
        // A frame's calls stand after it: from the end each finds its own done.
        var objects: [JSON?] = Array(repeating: nil, count: bodies.count)
        for index in bodies.indices.reversed() {
            let rows = bodies[index].lines.map { line -> JSON in
                let inner = line.inner.flatMap { objects[$0] } ?? .null
                if let inner = line.inner { objects[inner] = nil }
                return [
                    "pc": .integer(line.counter), "cost": .integer(line.cost),
                    "ex": line.effect, "sub": inner,
                ]
            }
            objects[index] = ["code": .data(bodies[index].code ?? []), "ops": .array(rows)]
        }
        return objects.first.flatMap { $0 } ?? .null
    }
}

extension TracedStep {
    /// The part of memory that the instruction reads as a whole or writes.
    fileprivate var memoryOperands: (start: Int, count: Int)? {
        let place: (start: Int, count: Int?)
        switch opcode {
        case .mload, .mstore: place = (0, nil)
        case .mstore8: place = (0, nil)
        case .calldatacopy, .codecopy, .returndatacopy, .mcopy: place = (0, 2)
        case .extcodecopy: place = (1, 3)
        case .call, .callcode: place = (5, 6)
        case .delegatecall, .staticcall: place = (4, 5)
        default: return nil
        }
        let count = place.count ?? place.start
        guard height > max(place.start, count), let start = word(place.start).asInt,
            let size = place.count == nil
                ? (opcode == .mstore8 ? 1 : 32) : word(count).asInt,
            start <= Int(Int32.max), size <= Int(Int32.max)
        else { return nil }
        return (start, size)
    }

    /// The slot that the instruction writes, and what.
    fileprivate var storeOperands: JSON {
        guard opcode == .sstore, height > 1 else { return .null }
        return ["key": .quantity(word(0)), "val": .quantity(word(1))]
    }
}
