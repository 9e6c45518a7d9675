import Encoding

/// Splits a text in GraphQL's language into its tokens (section 2.1), one at a time.
struct GraphLexer {
    /// The smallest parts of a text.
    enum Token: Hashable {
        case name(String)
        case number(String)
        case string(String)
        /// A punctuator; `...` is the sign of its first byte.
        case sign(UInt8)
        case end
    }

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var lineStart = 0
    /// The token that comes next, and where it stands.
    private(set) var token = Token.end
    private(set) var place = GraphDocument.Place(line: 1, column: 1)

    init(_ bytes: [UInt8]) throws(GraphFault) {
        self.bytes = bytes
        try advance()
    }

    /// Goes on to the next token.
    mutating func advance() throws(GraphFault) {
        skip()
        place = GraphDocument.Place(line: line, column: index - lineStart + 1)
        guard index < bytes.count else {
            token = .end
            return
        }
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "_"), 0x41...0x5a, 0x61...0x7a: token = .name(take { $0.isNamePart })
        case UInt8(ascii: "-"), 0x30...0x39: token = .number(try number())
        case UInt8(ascii: "\""): token = .string(try string())
        case UInt8(ascii: "."):
            guard bytes[index...].starts(with: "...".utf8) else { throw unexpected }
            index += 3
            token = .sign(byte)
        default:
            guard "!$&():=@[]{|}".utf8.contains(byte) else { throw unexpected }
            index += 1
            token = .sign(byte)
        }
    }

    private var unexpected: GraphFault {
        guard index < bytes.count else { return GraphFault("unexpected end", at: place) }
        return GraphFault("unexpected byte 0x\(String(bytes[index], radix: 16))", at: place)
    }

    /// Passes over what means nothing: blanks, commas, comments, a byte order mark.
    private mutating func skip() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x0a:
                line += 1
                lineStart = index + 1
            case 0x20, 0x09, 0x0d, UInt8(ascii: ","): break
            case UInt8(ascii: "#"):
                while index + 1 < bytes.count, bytes[index + 1] != 0x0a { index += 1 }
            case 0xef where bytes[index...].starts(with: [0xef, 0xbb, 0xbf]): index += 2
            default: return
            }
            index += 1
        }
    }

    private mutating func take(while isPart: (UInt8) -> Bool) -> String {
        let start = index
        while index < bytes.count, isPart(bytes[index]) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func number() throws(GraphFault) -> String {
        let text = take { $0.isNamePart || "+-.".utf8.contains($0) }
        // What JSON takes for a number, this language does, too.
        guard case .number? = try? JSON(decoding: Array(text.utf8)) else {
            throw GraphFault("\(text) is no number", at: place)
        }
        return text
    }

    private mutating func string() throws(GraphFault) -> String {
        guard !bytes[index...].starts(with: "\"\"\"".utf8) else {
            throw GraphFault("strings of several lines are not taken", at: place)
        }
        let start = index
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\\") { index += 1 }
            index += 1
        }
        guard index < bytes.count else { throw GraphFault("unexpected end", at: place) }
        index += 1
        // Its escapes are those of JSON.
        guard case .string(let text)? = try? JSON(decoding: Array(bytes[start..<index])) else {
            throw GraphFault("a string is ill-formed", at: place)
        }
        return text
    }
}

extension UInt8 {
    fileprivate var isNamePart: Bool {
        self == UInt8(ascii: "_") || 0x30...0x39 ~= self || 0x41...0x5a ~= self
            || 0x61...0x7a ~= self
    }
}
