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

    /// What is told, and in whose words.
    struct Style {
        /// Also calls of built-in contracts.
        var showsPrecompiles = false
        /// Parity's words for why a frame failed, not geth's.
        var usesParityWords = true
        /// Which instruction created a contract.
        var namesCreations = true
        /// What a frame that was reverted said, and that the end of a contract has no result.
        var isForParity = false

        /// Of transactions of the chain.
        static let chain = Style(isForParity: true)
        /// Of imagined transactions.
        static let imagined = Style(namesCreations: false, isForParity: true)
    }

    private let frames: [TracedFrame]
    private let style: Style
    /// For each frame where it stands: which call of which call; `nil` if it is not told.
    private var addresses: [[Int]?] = []
    /// For each frame how many calls within it are told.
    private var counts: [Int] = []

    init(_ frames: [TracedFrame], _ style: Style) {
        self.frames = frames
        self.style = style
        counts = frames.map { _ in 0 }
        for frame in frames {
            guard let parent = frame.parent else {
                addresses.append([])
                continue
            }
            let isHidden =
                frame.isPrecompile && !style.showsPrecompiles
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
        var members: [JSON.Member] = [.init("action", frame.action(style))]
        if let place {
            members.append(.init("blockHash", .data(place.block)))
            members.append(.init("blockNumber", .integer(place.number)))
        }
        if let error = frame.error {
            let words = style.usesParityWords ? frame.parityWords(style) : error
            members.append(.init("error", .string(words)))
        }
        members += frame.outcome(style)
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
    fileprivate func action(_ style: FlatTrace.Style) -> JSON {
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
            if style.namesCreations {
                members.append(.init("creationMethod", kind == .create ? "create" : "create2"))
            }
        } else {
            members.append(.init("input", .data(input)))
            members.append(.init("to", .data(to)))
            members.append(.init("callType", .string(Opcode.name(kind.rawValue).lowercased())))
        }
        return .object(members)
    }

    /// What came of it: for Parity a frame that was reverted has no result, but a reason.
    fileprivate func outcome(_ style: FlatTrace.Style) -> [JSON.Member] {
        if style.isForParity, status == .reverted {
            return [.init("revertReason", .data(output))]
        }
        guard error == nil || status == .reverted else { return [] }
        guard let result else {
            return style.isForParity ? [.init("result", .null)] : []
        }
        return [.init("result", result)]
    }

    private var result: JSON? {
        if kind == .selfdestruct { return nil }
        guard creates else {
            return ["gasUsed": .quantity(gasUsed), "output": .data(output)]
        }
        // A creation that was reverted made nothing, but says why.
        guard error == nil else { return ["gasUsed": .quantity(gasUsed), "code": .data(output)] }
        return ["address": .data(to), "code": .data(output), "gasUsed": .quantity(gasUsed)]
    }

    /// Why the frame failed, in Parity's words.
    fileprivate func parityWords(_ style: FlatTrace.Style) -> String {
        guard case .failed(let halt) = status else { return "Reverted" }
        switch halt {
        case .addressCollision where style.isForParity, .staticViolation where style.isForParity:
            return "Illegal state change"
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
