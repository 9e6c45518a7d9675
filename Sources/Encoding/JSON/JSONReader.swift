/// Reads JSON by recursive descent over bytes (RFC 8259), eight at a time within strings.
///
/// The text is borrowed from call to call and never copied; the depth limit bounds the stack.
struct JSONReader {
    let depthLimit: Int
    let duplicates: JSON.Duplicates
    private var cursor = 0

    init(depthLimit: Int, duplicates: JSON.Duplicates) {
        self.depthLimit = depthLimit
        self.duplicates = duplicates
    }

    /// Reads the whole text as one value.
    mutating func document(_ text: Span<UInt8>) throws(JSON.Failure) -> JSON {
        skipSpace(text)
        let value = try value(text, depth: 0)
        skipSpace(text)
        guard cursor == text.count else { throw .trailing(at: cursor) }
        return value
    }

    private mutating func value(_ text: Span<UInt8>, depth: Int) throws(JSON.Failure) -> JSON {
        switch try peek(text) {
        case 0x22: return .string(try string(text))
        case 0x7b: return try object(text, depth: depth)
        case 0x5b: return try array(text, depth: depth)
        case 0x2d, 0x30...0x39: return .number(try number(text))
        case 0x74: return try word(text, "true", .bool(true))
        case 0x66: return try word(text, "false", .bool(false))
        case 0x6e: return try word(text, "null", .null)
        case let byte: throw .unexpected(byte, at: cursor)
        }
    }

    private mutating func object(_ text: Span<UInt8>, depth: Int) throws(JSON.Failure) -> JSON {
        guard depth < depthLimit else { throw .tooDeep(at: cursor, limit: depthLimit) }
        cursor += 1
        skipSpace(text)
        var members: [JSON.Member] = []
        if try peek(text) == 0x7d {
            cursor += 1
            return .object(members)
        }
        var names = JSONNames()
        while true {
            let start = cursor
            try expect(text, 0x22, consume: false)
            let name = try string(text)
            if duplicates == .refuse, !names.insert(name, after: members) {
                throw .duplicate(name, at: start)
            }
            skipSpace(text)
            try expect(text, 0x3a)
            skipSpace(text)
            members.append(JSON.Member(name, try value(text, depth: depth + 1)))
            if try ends(text, with: 0x7d) { return .object(members) }
        }
    }

    private mutating func array(_ text: Span<UInt8>, depth: Int) throws(JSON.Failure) -> JSON {
        guard depth < depthLimit else { throw .tooDeep(at: cursor, limit: depthLimit) }
        cursor += 1
        skipSpace(text)
        var elements: [JSON] = []
        if try peek(text) == 0x5d {
            cursor += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(text, depth: depth + 1))
            if try ends(text, with: 0x5d) { return .array(elements) }
        }
    }

    /// Steps over a comma and the space around it, or over the closing bracket.
    private mutating func ends(
        _ text: Span<UInt8>, with bracket: UInt8
    ) throws(JSON.Failure) -> Bool {
        skipSpace(text)
        let byte = try peek(text)
        guard byte == bracket || byte == 0x2c else { throw .unexpected(byte, at: cursor) }
        cursor += 1
        if byte == bracket { return true }
        skipSpace(text)
        return false
    }

    private mutating func word(
        _ text: Span<UInt8>, _ word: StaticString, _ value: JSON
    ) throws(JSON.Failure) -> JSON {
        for index in 0..<word.utf8CodeUnitCount {
            try expect(text, unsafe word.utf8Start[index])
        }
        return value
    }

    /// Reads a number (RFC 8259 §6): no leading zeros, no plus, digits on both sides of the point.
    private mutating func number(_ text: Span<UInt8>) throws(JSON.Failure) -> String {
        let start = cursor
        if text[cursor] == 0x2d { cursor += 1 }
        if try peek(text) == 0x30 { cursor += 1 } else { try digits(text) }
        if cursor < text.count, text[cursor] == 0x2e {
            cursor += 1
            try digits(text)
        }
        if cursor < text.count, text[cursor] | 0x20 == 0x65 {
            cursor += 1
            if try [0x2b, 0x2d].contains(peek(text)) { cursor += 1 }
            try digits(text)
        }
        return try copy(text, start..<cursor)
    }

    private mutating func digits(_ text: Span<UInt8>) throws(JSON.Failure) {
        let first = try peek(text)
        guard first &- 0x30 < 10 else { throw .unexpected(first, at: cursor) }
        while cursor < text.count, text[cursor] &- 0x30 < 10 { cursor += 1 }
    }

    private mutating func string(_ text: Span<UInt8>) throws(JSON.Failure) -> String {
        cursor += 1
        let start = cursor
        skipPlain(text)
        if try peek(text) == 0x22 {
            cursor += 1
            return try copy(text, start..<cursor - 1)
        }
        return try escapedString(text, from: start)
    }

    /// Reads on where a string has its first byte that does not stand for itself.
    private mutating func escapedString(
        _ text: Span<UInt8>, from start: Int
    ) throws(JSON.Failure) -> String {
        var bytes: [UInt8] = []
        var from = start
        while true {
            for index in from..<cursor { bytes.append(text[index]) }
            switch try peek(text) {
            case 0x22:
                cursor += 1
                return try copy(bytes.span, 0..<bytes.count)
            case 0x5c: try escape(text, into: &bytes)
            case let byte: throw .unexpected(byte, at: cursor)
            }
            from = cursor
            skipPlain(text)
        }
    }

    private mutating func escape(
        _ text: Span<UInt8>, into bytes: inout [UInt8]
    ) throws(JSON.Failure) {
        let start = cursor
        cursor += 1
        let kind = try peek(text)
        cursor += 1
        switch kind {
        case 0x22, 0x5c, 0x2f: bytes.append(kind)
        case 0x62: bytes.append(0x08)
        case 0x66: bytes.append(0x0c)
        case 0x6e: bytes.append(0x0a)
        case 0x72: bytes.append(0x0d)
        case 0x74: bytes.append(0x09)
        case 0x75: bytes.append(contentsOf: UTF8.encode(try scalar(text, from: start)) ?? .init())
        default: throw .escape(at: start)
        }
    }

    /// Reads the digits of `\u`, and the second half where the first is a high surrogate.
    private mutating func scalar(
        _ text: Span<UInt8>, from start: Int
    ) throws(JSON.Failure) -> Unicode.Scalar {
        let unit = try fourDigits(text)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xdc00, try peek(text) == 0x5c else { throw .escape(at: start) }
        cursor += 1
        guard try peek(text) == 0x75 else { throw .escape(at: start) }
        cursor += 1
        let second = try fourDigits(text)
        guard 0xdc00...0xdfff ~= second,
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (second - 0xdc00))
        else { throw .escape(at: start) }
        return scalar
    }

    private mutating func fourDigits(_ text: Span<UInt8>) throws(JSON.Failure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Hex.value(try peek(text)) else { throw .escape(at: cursor) }
            value = value << 4 | UInt32(digit)
            cursor += 1
        }
        return value
    }

    private func peek(_ text: Span<UInt8>) throws(JSON.Failure) -> UInt8 {
        guard cursor < text.count else { throw .truncated(at: cursor) }
        return text[cursor]
    }

    private mutating func expect(
        _ text: Span<UInt8>, _ byte: UInt8, consume: Bool = true
    ) throws(JSON.Failure) {
        let found = try peek(text)
        guard found == byte else { throw .unexpected(found, at: cursor) }
        if consume { cursor += 1 }
    }

    private mutating func skipSpace(_ text: Span<UInt8>) {
        while cursor < text.count {
            switch text[cursor] {
            case 0x20, 0x0a, 0x0d, 0x09: cursor += 1
            default: return
            }
        }
    }

    /// Moves to the next quote, backslash or control character, or to the end of the text.
    private mutating func skipPlain(_ text: Span<UInt8>) {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let raw = unsafe text.bytes
        while cursor + 8 <= text.count {
            // The guard above keeps all eight bytes within the text.
            let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: cursor, as: UInt64.self)
            let quote = word ^ (ones &* 0x22)
            let slash = word ^ (ones &* 0x5c)
            let special =
                ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash)
                | ((word &- (ones &* 0x20)) & ~word)
            // Borrows only disturb bytes above the first hit, and the first is all that is asked.
            if special & tops != 0 {
                cursor += (special & tops).trailingZeroBitCount / 8
                return
            }
            cursor += 8
        }
        while cursor < text.count {
            let byte = text[cursor]
            if byte == 0x22 || byte == 0x5c || byte < 0x20 { return }
            cursor += 1
        }
    }

    private func copy(_ text: Span<UInt8>, _ range: Range<Int>) throws(JSON.Failure) -> String {
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: text.extracting(range)))
        } catch {
            throw .notUTF8(at: range.lowerBound)
        }
    }
}

/// The names an object has had: looked through while few, a set once they are many.
private struct JSONNames {
    private var set: Set<String> = []

    /// Adds a name; `false` if it is there already.
    mutating func insert(_ name: String, after members: [JSON.Member]) -> Bool {
        guard members.count >= 16 else { return !members.contains { $0.name == name } }
        if set.isEmpty { set = Set(members.map(\.name)) }
        return set.insert(name).inserted
    }
}
