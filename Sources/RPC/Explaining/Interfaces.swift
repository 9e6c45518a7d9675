import Crypto
public import Encoding
import Identifiers
public import Primitives

/// Functions, events and errors of contracts, by which bytes are told in words.
public struct Interfaces: Sendable {
    private var functions: [[UInt8]: ABI.Entry] = [:]
    private var errors: [[UInt8]: ABI.Entry] = [:]
    private var events: [Hash32: [ABI.Entry]] = [:]

    /// How many entries are kept.
    public static let entryLimit = 65_536

    /// Creates interfaces of nothing.
    public init() {}

    /// Adds the entries of one contract; of two that look alike the first stays.
    public mutating func add(_ entries: [ABI.Entry]) {
        guard functions.count + errors.count + events.count < Self.entryLimit else { return }
        for entry in entries {
            let hash = keccak256(Array(entry.signature.utf8))
            let selector = Array(hash.bytes.prefix(4))
            switch entry.sort {
            case .function: functions[selector] = functions[selector] ?? entry
            case .error: errors[selector] = errors[selector] ?? entry
            case .event: events[hash, default: []].append(entry)
            case .constructor: break
            }
        }
    }

    /// Adds what others know; of two that look alike the first stays.
    public mutating func add(_ others: Interfaces) {
        functions.merge(others.functions) { own, _ in own }
        errors.merge(others.errors) { own, _ in own }
        events.merge(others.events) { $0 + $1 }
    }

    /// A call: the function's name with its arguments; `nil` if none is known that it fits.
    public func call(_ input: [UInt8]) -> String? {
        guard let entry = functions[Array(input.prefix(4))] else { return nil }
        return Self.words(entry, Array(input.dropFirst(4)))
    }

    /// What a call returned; `nil` if the function is not known or the bytes do not fit it.
    public func result(_ output: [UInt8], of input: [UInt8]) -> String? {
        guard let entry = functions[Array(input.prefix(4))], !entry.outputs.isEmpty,
            let values = try? ABI.decode(output, as: entry.outputs.map(\.kind))
        else { return nil }
        return values.map { $0.words(isQuoted: true) }.joined(separator: ", ")
    }

    /// Why a call was reverted: the reason's text, a panic in words, or a custom error by its name.
    public func reason(_ output: [UInt8]) -> String? {
        if let reason = Revert.reason(output) { return reason }
        guard let entry = errors[Array(output.prefix(4))] else { return nil }
        return Self.words(entry, Array(output.dropFirst(4)))
    }

    /// A log; `nil` if no event is known that it fits.
    public func event(topics: [Hash32], data: [UInt8]) -> String? {
        guard let first = topics.first else { return nil }
        for entry in events[first] ?? [] {
            let indexed = entry.inputs.filter(\.isIndexed)
            guard indexed.count == topics.count - 1,
                let values = try? ABI.decode(
                    data, as: entry.inputs.filter { !$0.isIndexed }.map(\.kind))
            else { continue }
            var named = zip(indexed, topics.dropFirst()).map { Self.words($0, topic: $1) }[...]
            var plain = values.map { $0.words(isQuoted: true) }[...]
            let parts = entry.inputs.map { input in
                let text = input.isIndexed ? named.popFirst() : plain.popFirst()
                return Self.label(input) + (text ?? "?")
            }
            return "\(entry.name)(\(parts.joined(separator: ", ")))"
        }
        return nil
    }

    /// A topic: the value itself, or its hash where it takes more than a word.
    private static func words(_ input: ABI.Entry.Parameter, topic: Hash32) -> String {
        switch input.kind {
        case .bytes, .string, .array, .tuple: return "hash \(topic)"
        default:
            let value = try? ABI.decode(topic.bytes, as: [input.kind]).first
            return value?.words(isQuoted: true) ?? "\(topic)"
        }
    }

    private static func words(_ entry: ABI.Entry, _ arguments: [UInt8]) -> String? {
        guard let values = try? ABI.decode(arguments, as: entry.inputs.map(\.kind)) else {
            return nil
        }
        let parts = zip(entry.inputs, values).map { label($0) + $1.words(isQuoted: true) }
        return "\(entry.name)(\(parts.joined(separator: ", ")))"
    }

    private static func label(_ input: ABI.Entry.Parameter) -> String {
        input.name.isEmpty ? "" : "\(input.name)="
    }
}

extension ABI.Value {
    /// The value as people read it; text in quotes where it stands among others.
    public func words(isQuoted: Bool) -> String {
        switch self {
        case .uint(let number): number.description
        case .int(let number):
            number.bitWidth == 256 ? "-\((UInt256.zero &- number).description)" : number.description
        case .address(let bytes): Address(bytes)?.checksummed ?? Hex.encode(bytes)
        case .bool(let truth): "\(truth)"
        case .fixedBytes(let bytes), .bytes(let bytes): Hex.encode(bytes)
        case .string(let text): isQuoted ? Self.quoted(text) : text
        case .array(let values), .tuple(let values):
            "[" + values.map { $0.words(isQuoted: isQuoted) }.joined(separator: ", ") + "]"
        }
    }

    /// Text that is one line, whatever it holds.
    private static func quoted(_ text: String) -> String {
        String(decoding: JSON.string(text).encoded(), as: UTF8.self)
    }
}
