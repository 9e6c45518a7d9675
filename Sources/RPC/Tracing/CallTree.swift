import EVM
import Identifiers
import Ledger
import Primitives

/// One frame of a transaction, as it was seen.
struct TracedFrame {
    /// A log, with its number in the transaction and how many calls its frame had made.
    struct Note {
        let log: Log
        let index: Int
        let position: Int
    }

    let kind: Opcode
    let depth: Int
    let from: Address
    let to: Address
    let value: UInt256
    let input: [UInt8]
    var gas: UInt64
    let isPrecompile: Bool
    /// The index of the frame around it.
    let parent: Int?
    var children: [Int] = []
    var status = Outcome.Status.success
    var gasUsed: UInt64 = 0
    var output: [UInt8] = []
    var logs: [Note] = []
    /// Why it failed, in words.
    var error: String?

    /// Why a built-in contract refuses its input.
    fileprivate var precompileWords: String {
        guard let precompile = Precompile.at(to, in: .latest) else { return Halt.precompile.words }
        let count = input.count
        let fits =
            switch precompile {
            case .blake2F: count == 213
            case .pointEvaluation: count == 192
            case .bls12G1Add: count == 256
            case .bls12G2Add: count == 512
            case .bls12MapToG1: count == 64
            case .bls12MapToG2: count == 128
            case .bls12G1Sum: count > 0 && count.isMultiple(of: 160)
            case .bls12G2Sum: count > 0 && count.isMultiple(of: 288)
            case .bls12Pairing: count > 0 && count.isMultiple(of: 384)
            default: true
            }
        return fits ? Halt.precompile.words : "invalid input length"
    }

    /// Whether it creates a contract.
    var creates: Bool { kind == .create || kind == .create2 }
}

/// Collects the frames of one transaction, each before those that it calls.
final class CallTree: Tracer {
    private(set) var frames: [TracedFrame] = []
    private(set) var room = TraceRoom()
    private var open: [Int] = []
    /// What each open frame was about to run, and with how high a stack.
    private var steps: [(byte: UInt8, height: Int)] = []
    private var logCount = 0
    private let isHomestead: Bool

    init(_ revision: Revision) {
        isHomestead = revision >= .homestead
    }

    func enter(_ call: TracedCall) {
        steps.append((0, 0))
        // Where there is no room the tree stays as it is: there will be no answer.
        guard room.take(call.inputCount + 512) else { return open.append(0) }
        open.append(frames.count)
        let parent = open.count > 1 ? open[open.count - 2] : nil
        if let parent { frames[parent].children.append(frames.count) }
        frames.append(
            TracedFrame(
                kind: call.kind, depth: call.depth, from: call.sender, to: call.recipient,
                value: call.value, input: call.input, gas: UInt64(max(0, call.gas)),
                isPrecompile: call.isPrecompile, parent: parent))
    }

    func step(_ step: TracedStep) {
        guard !steps.isEmpty else { return }
        steps[steps.count - 1] = (step.byte, step.height)
    }

    func log(_ address: Address, topics: [Hash32], data: [UInt8]) {
        guard let index = open.last, room.take(data.count + 256) else { return }
        frames[index].logs.append(
            TracedFrame.Note(
                log: Log(address: address, topics: topics, data: data), index: logCount,
                position: frames[index].children.count))
        logCount += 1
    }

    func exit(depth: Int, outcome: Outcome) {
        guard let index = open.popLast(), let step = steps.popLast(),
            room.take(outcome.output.count)
        else { return }
        frames[index].status = outcome.status
        frames[index].gasUsed = frames[index].gas &- UInt64(max(0, outcome.gasLeft))
        frames[index].output = outcome.output
        switch outcome.status {
        case .success: break
        case .reverted: frames[index].error = "execution reverted"
        case .failed(let halt):
            frames[index].error =
                halt == .precompile
                ? frames[index].precompileWords
                : halt.words(at: step.byte, height: step.height)
        }
    }
}
