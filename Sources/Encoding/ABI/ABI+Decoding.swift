internal import Primitives

extension ABI {
    /// Reads values of these kinds, laid out one after another.
    ///
    /// Every offset and count is checked against the bytes, and all values together may not be
    /// larger than the bytes twice over: offsets that alias cannot make a small input large.
    public static func decode(
        _ bytes: [UInt8], as kinds: [Kind]
    ) throws(Failure) -> [Value] {
        var reader = ABIReader(bytes: bytes)
        return try reader.values(kinds, from: 0)
    }
}

/// Reads values at places that the bytes themselves name, and counts what it hands out.
private struct ABIReader {
    let bytes: [UInt8]
    private var budget: Int

    init(bytes: [UInt8]) {
        self.bytes = bytes
        budget = 2 * bytes.count
    }

    /// Reads values whose heads begin at `base`; offsets count from there.
    mutating func values(
        _ kinds: some Sequence<ABI.Kind>, from base: Int
    ) throws(ABI.Failure) -> [ABI.Value] {
        var values: [ABI.Value] = []
        var head = base
        for kind in kinds {
            let place = kind.isDynamic ? try self.place(head, from: base) : head
            values.append(try value(kind, at: place))
            head += kind.headSize
        }
        return values
    }

    private mutating func value(_ kind: ABI.Kind, at place: Int) throws(ABI.Failure) -> ABI.Value {
        switch kind {
        case .array(let element, let count): return try array(element, count, at: place)
        case .tuple(let kinds): return .tuple(try values(kinds, from: place))
        case .bytes: return .bytes(try counted(kind, at: place))
        case .string:
            guard let text = String(validating: try counted(kind, at: place), as: UTF8.self) else {
                throw .notUTF8(at: place)
            }
            return .string(text)
        default:
            let word = try self.word(place)
            guard let value = ABIReader.value(kind, word) else {
                throw .unfitting(kind, at: place)
            }
            return value
        }
    }

    private mutating func array(
        _ element: ABI.Kind, _ count: Int?, at place: Int
    ) throws(ABI.Failure) -> ABI.Value {
        if let count {
            return .tuple(try values(repeatElement(element, count: count), from: place))
        }
        let count = try number(place)
        let room = bytes.count - place - 32
        guard count <= room / max(element.headSize, 32) else { throw .tooLarge(at: place) }
        return .array(try values(repeatElement(element, count: count), from: place + 32))
    }

    private mutating func counted(
        _ kind: ABI.Kind, at place: Int
    ) throws(ABI.Failure) -> [UInt8] {
        let count = try number(place)
        let start = place + 32
        guard count <= bytes.count - start else { throw .tooLarge(at: place) }
        let end = start + (count + 31) / 32 * 32
        guard end <= bytes.count else { throw .truncated(at: bytes.count, needed: end) }
        try spend(end - start, at: place)
        guard bytes[(start + count)..<end].allSatisfy({ $0 == 0 }) else {
            throw .unfitting(kind, at: place)
        }
        return Array(bytes[start..<start + count])
    }

    private mutating func place(_ head: Int, from base: Int) throws(ABI.Failure) -> Int {
        let offset = try number(head)
        guard offset <= bytes.count - base else { throw .tooLarge(at: head) }
        return base + offset
    }

    private mutating func number(_ place: Int) throws(ABI.Failure) -> Int {
        guard let number = try word(place).asInt, number <= bytes.count else {
            throw .tooLarge(at: place)
        }
        return number
    }

    private mutating func word(_ place: Int) throws(ABI.Failure) -> UInt256 {
        guard place <= bytes.count - 32 else {
            throw .truncated(at: bytes.count, needed: place + 32)
        }
        try spend(32, at: place)
        return UInt256(bigEndian: bytes.span.extracting(place..<place + 32)) ?? .zero
    }

    private mutating func spend(_ count: Int, at place: Int) throws(ABI.Failure) {
        budget -= count
        guard budget >= 0 else { throw .aliased(at: place) }
    }

    /// Takes one word as a value; `nil` if it does not fit the kind.
    private static func value(_ kind: ABI.Kind, _ word: UInt256) -> ABI.Value? {
        switch kind {
        case .uint(let bits): return word.bitWidth <= bits ? .uint(word) : nil
        case .int(let bits):
            // What does not fit differs from the sign bit somewhere above it.
            let folded = word.w3 >> 63 == 1 ? UInt256.max &- word : word
            return folded.bitWidth < bits ? .int(word) : nil
        case .address: return word.bitWidth <= 160 ? .address(Array(word.bytes[12...])) : nil
        case .bool: return word.bitWidth <= 1 ? .bool(!word.isZero) : nil
        case .fixedBytes(let count):
            let bytes = word.bytes
            guard bytes[count...].allSatisfy({ $0 == 0 }) else { return nil }
            return .fixedBytes(Array(bytes[..<count]))
        default: return nil
        }
    }
}
