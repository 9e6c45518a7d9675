import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// The selectors that were called, with the length of what followed, and how often (`4byteTracer`).
final class SelectorTracer: TransactionTracer {
    private var counts: [String: Int] = [:]
    private var room = TraceRoom()

    var isFull: Bool { room.isFull }

    func enter(_ call: TracedCall) {
        guard call.inputCount >= 4, !call.isPrecompile else { return }
        switch call.kind {
        case .call, .callcode, .delegatecall, .staticcall: break
        default: return
        }
        let name = "\(Hex.encode(call.input(4)))-\(call.inputCount - 4)"
        guard counts[name] != nil || room.take(64) else { return }
        counts[name, default: 0] += 1
    }

    func exit(depth: Int, outcome: Outcome) {}

    func answer(_ executed: Executed) -> JSON {
        .object(counts.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) })
    }
}

/// Nothing (`noopTracer`).
final class NoTracer: TransactionTracer {
    var isFull: Bool { false }

    func enter(_ call: TracedCall) {}

    func exit(depth: Int, outcome: Outcome) {}

    func answer(_ executed: Executed) -> JSON { [:] }
}

/// Several tracers at once (`muxTracer`).
final class TracerGroup: TransactionTracer {
    private let members: [(name: String, tracer: any TransactionTracer)]

    init(_ members: [(name: String, tracer: any TransactionTracer)]) {
        self.members = members
    }

    var isFull: Bool { members.contains { $0.tracer.isFull } }

    func begin(_ transaction: SignedTransaction, in executor: Executor) {
        for member in members { member.tracer.begin(transaction, in: executor) }
    }

    func enter(_ call: TracedCall) {
        for member in members { member.tracer.enter(call) }
    }

    func step(_ step: TracedStep) {
        for member in members { member.tracer.step(step) }
    }

    func log(_ address: Address, topics: [Hash32], data: [UInt8]) {
        for member in members { member.tracer.log(address, topics: topics, data: data) }
    }

    func halt(depth: Int, gas: Int64) {
        for member in members { member.tracer.halt(depth: depth, gas: gas) }
    }

    func exit(depth: Int, outcome: Outcome) {
        for member in members { member.tracer.exit(depth: depth, outcome: outcome) }
    }

    func answer(_ executed: Executed) -> JSON {
        .object(members.map { .init($0.name, $0.tracer.answer(executed)) })
    }
}
