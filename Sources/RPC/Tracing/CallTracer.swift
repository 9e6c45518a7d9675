import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// The calls of a transaction, one within the other (geth's `callTracer`).
final class CallTracer: TransactionTracer {
    private let options: TraceOptions.Calls
    private let tree: CallTree
    private var gasLimit: UInt64 = 0
    /// The depth of the frame that runs.
    private var depth = 0

    init(_ options: TraceOptions.Calls, _ revision: Revision) {
        self.options = options
        tree = CallTree(revision)
    }

    var isFull: Bool { tree.room.isFull }

    func begin(_ transaction: SignedTransaction, in executor: Executor) {
        gasLimit = transaction.transaction.gasLimit
    }

    func enter(_ call: TracedCall) {
        depth = call.depth
        if isWanted(depth) { tree.enter(call) }
    }

    func step(_ step: TracedStep) {
        if isWanted(step.depth) { tree.step(step) }
    }

    func log(_ address: Address, topics: [Hash32], data: [UInt8]) {
        if options.showsLogs, isWanted(depth) { tree.log(address, topics: topics, data: data) }
    }

    func exit(depth: Int, outcome: Outcome) {
        self.depth = depth - 1
        if isWanted(depth) { tree.exit(depth: depth, outcome: outcome) }
    }

    private func isWanted(_ depth: Int) -> Bool { depth == 0 || !options.isTopOnly }

    func answer(_ executed: Executed) -> JSON {
        // A frame's calls stand after it: from the end each finds its own done.
        var objects: [JSON?] = Array(repeating: nil, count: tree.frames.count)
        let failed = failures
        for index in tree.frames.indices.reversed() {
            var frame = tree.frames[index]
            if index == 0 {
                frame.gas = gasLimit
                frame.gasUsed = executed.gasUsed
            }
            if failed[index] { frame.logs = [] }
            objects[index] = frame.json(frame.children.compactMap { objects[$0] })
            for child in frame.children { objects[child] = nil }
        }
        return objects.first.flatMap { $0 } ?? .null
    }

    /// Which frames failed, or are within one that did: their logs are gone.
    private var failures: [Bool] {
        var failed: [Bool] = []
        for frame in tree.frames {
            failed.append(frame.error != nil || frame.parent.map { failed[$0] } ?? false)
        }
        return failed
    }
}

extension TracedFrame {
    /// The object of a frame, with those that it called.
    func json(_ calls: [JSON]) -> JSON {
        var members: [JSON.Member] = [
            .init("from", .data(from)), .init("gas", .quantity(gas)),
            .init("gasUsed", .quantity(gasUsed)),
        ]
        if !(creates && error != nil) { members.append(.init("to", .data(to))) }
        members.append(.init("input", .data(input)))
        if !output.isEmpty, status == .success || status == .reverted {
            members.append(.init("output", .data(output)))
        }
        if let error { members.append(.init("error", .string(error))) }
        if status == .reverted, let reason = Revert.reason(output) {
            members.append(.init("revertReason", .string(reason)))
        }
        if !calls.isEmpty { members.append(.init("calls", .array(calls))) }
        if !logs.isEmpty { members.append(.init("logs", .array(logs.map(\.json)))) }
        if kind != .staticcall { members.append(.init("value", .quantity(value))) }
        members.append(.init("type", .string(Opcode.name(kind.rawValue))))
        return .object(members)
    }
}

extension TracedFrame.Note {
    fileprivate var json: JSON {
        [
            "address": .data(log.address), "index": .quantity(index),
            "topics": .array(log.topics.map { .data($0) }), "data": .data(log.data),
            "position": .quantity(position),
        ]
    }
}
