extension JSON {
    /// How a text is laid out.
    public enum Style: Hashable, Sendable {
        /// No white space, members in their order.
        case compact
        /// No white space, members sorted by name as RFC 8785 §3.2.3 does; numbers stay as they are.
        case canonical
        /// Two spaces for each level, members in their order.
        case pretty
    }

    /// The value as UTF-8 text.
    public func encoded(_ style: Style = .compact) -> [UInt8] {
        var bytes: [UInt8] = []
        write(style, into: &bytes)
        return bytes
    }

    /// Appends the value as UTF-8 text.
    public func write(_ style: Style = .compact, into bytes: inout [UInt8]) {
        write(style, indent: 0, into: &bytes)
    }

    /// Appends a string with its quotes, escaping what RFC 8259 §7 says must be.
    public static func write(string: String, into bytes: inout [UInt8]) {
        bytes.append(0x22)
        if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5c }) {
            bytes.append(contentsOf: string.utf8)
        } else {
            for byte in string.utf8 { write(escaping: byte, into: &bytes) }
        }
        bytes.append(0x22)
    }

    private func write(_ style: Style, indent: Int, into bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let truth): bytes.append(contentsOf: (truth ? "true" : "false").utf8)
        case .number(let digits): bytes.append(contentsOf: digits.utf8)
        case .string(let string): JSON.write(string: string, into: &bytes)
        case .array(let elements):
            JSON.write(elements, between: (0x5b, 0x5d), style, indent, into: &bytes) {
                $0.write(style, indent: indent + 1, into: &$1)
            }
        case .object(let members):
            let ordered = style == .canonical ? JSON.sorted(members) : members
            JSON.write(ordered, between: (0x7b, 0x7d), style, indent, into: &bytes) {
                JSON.write(string: $0.name, into: &$1)
                $1.append(0x3a)
                if style == .pretty { $1.append(0x20) }
                $0.value.write(style, indent: indent + 1, into: &$1)
            }
        }
    }

    private static func write<Part>(
        _ parts: [Part], between brackets: (UInt8, UInt8), _ style: Style, _ indent: Int,
        into bytes: inout [UInt8], _ write: (Part, inout [UInt8]) -> Void
    ) {
        bytes.append(brackets.0)
        for (index, part) in parts.enumerated() {
            if index > 0 { bytes.append(0x2c) }
            if style == .pretty { newLine(indent + 1, into: &bytes) }
            write(part, &bytes)
        }
        if style == .pretty, !parts.isEmpty { newLine(indent, into: &bytes) }
        bytes.append(brackets.1)
    }

    private static func newLine(_ indent: Int, into bytes: inout [UInt8]) {
        bytes.append(0x0a)
        bytes.append(contentsOf: repeatElement(0x20, count: 2 * indent))
    }

    private static func write(escaping byte: UInt8, into bytes: inout [UInt8]) {
        switch byte {
        case 0x22, 0x5c: bytes += [0x5c, byte]
        case 0x08: bytes += [0x5c, 0x62]
        case 0x09: bytes += [0x5c, 0x74]
        case 0x0a: bytes += [0x5c, 0x6e]
        case 0x0c: bytes += [0x5c, 0x66]
        case 0x0d: bytes += [0x5c, 0x72]
        case ..<0x20:
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(contentsOf: Hex.encode([byte], prefix: false).utf8)
        default: bytes.append(byte)
        }
    }

    private static func sorted(_ members: [Member]) -> [Member] {
        members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
    }
}
