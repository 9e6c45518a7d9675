import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// Frames one after another, each with its place among the others, as Parity told them.
struct FlatTrace {
    /// Where in the chain the transaction stands.
    struct Place {
        let block: Hash32
        let number: UInt64
        let transaction: Hash32
        let index: Int
    }

    private let frames: [TracedFrame]
    private let usesParityWords: Bool
    /// For each frame where it stands: which call of which call; `nil` if it is not told.
    private var addresses: [[Int]?] = []
    /// For each frame how many calls within it are told.
    private var counts: [Int] = []

    init(_ frames: [TracedFrame], showsPrecompiles: Bool, usesParityWords: Bool) {
        self.frames = frames
        self.usesParityWords = usesParityWords
        counts = frames.map { _ in 0 }
        for frame in frames {
            guard let parent = frame.parent else {
                addresses.append([])
                continue
            }
            let isHidden =
                frame.isPrecompile && !showsPrecompiles
                && (frame.kind == .call || frame.kind == .staticcall)
            guard let outer = addresses[parent], !isHidden else {
                addresses.append(nil)
                continue
            }
            addresses.append(outer + [counts[parent]])
            counts[parent] += 1
        }
    }

    /// The rows of those that are wanted, with the transaction's place if it has one.
    func rows(
        at place: Place?, where isWanted: (TracedFrame) -> Bool = { _ in true }
    ) -> [JSON] {
        frames.indices.compactMap { index in
            guard isWanted(frames[index]) else { return nil }
            return addresses[index].map { row(index, $0, place) }
        }
    }

    private func row(_ index: Int, _ address: [Int], _ place: Place?) -> JSON {
        let frame = frames[index]
        var members: [JSON.Member] = [.init("action", frame.action)]
        if let place {
            members.append(.init("blockHash", .data(place.block)))
            members.append(.init("blockNumber", .integer(place.number)))
        }
        if let error = frame.error {
            members.append(.init("error", .string(usesParityWords ? frame.parityWords : error)))
        }
        if frame.error == nil || frame.status == .reverted, let result = frame.result {
            members.append(.init("result", result))
        }
        members.append(.init("subtraces", .integer(counts[index])))
        members.append(.init("traceAddress", .array(address.map { .integer($0) })))
        if let place {
            members.append(.init("transactionHash", .data(place.transaction)))
            members.append(.init("transactionPosition", .integer(place.index)))
        }
        let type = frame.kind == .selfdestruct ? "suicide" : frame.creates ? "create" : "call"
        members.append(.init("type", .string(type)))
        return .object(members)
    }
}

extension TracedFrame {
    fileprivate var action: JSON {
        if kind == .selfdestruct {
            return [
                "address": .data(from), "balance": .quantity(value), "refundAddress": .data(to),
            ]
        }
        var members: [JSON.Member] = [
            .init("from", .data(from)), .init("gas", .quantity(gas)),
            .init("value", .quantity(value)),
        ]
        if creates {
            members.append(.init("init", .data(input)))
            members.append(
                .init("creationMethod", kind == .create ? "create" : "create2"))
        } else {
            members.append(.init("input", .data(input)))
            members.append(.init("to", .data(to)))
            members.append(.init("callType", .string(Opcode.name(kind.rawValue).lowercased())))
        }
        return .object(members)
    }

    fileprivate var result: JSON? {
        if kind == .selfdestruct { return nil }
        guard creates else {
            return ["gasUsed": .quantity(gasUsed), "output": .data(output)]
        }
        // A creation that was reverted made nothing, but says why.
        guard error == nil else { return ["gasUsed": .quantity(gasUsed), "code": .data(output)] }
        return ["address": .data(to), "code": .data(output), "gasUsed": .quantity(gasUsed)]
    }

    /// Why the frame failed, in Parity's words.
    fileprivate var parityWords: String {
        guard case .failed(let halt) = status else { return "Reverted" }
        switch halt {
        case .outOfGas, .storeSentry, .codeDeposit, .codeTooLong: return "Out of gas"
        case .invalidJump: return "Bad jump destination"
        case .returnDataOverrun: return "Out of bounds"
        case .stackOverflow: return "Out of stack"
        case .stackUnderflow: return "Stack underflow"
        case .precompile: return "Built-in failed"
        case .undefinedInstruction, .invalidInstruction: return "Bad instruction"
        default: return error ?? ""
        }
    }
}
