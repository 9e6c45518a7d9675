internal import Crypto
internal import Encoding
package import EVM
internal import Identifiers
internal import Primitives
internal import RPC

/// What contracts say by `console.log`: calls to an address where nothing is (Hardhat's console.sol).
package final class ConsoleLog: Tracer {
    /// The address that is called: the ASCII letters of `console.log`.
    static let address = Address(a: 0, b: 0x0063_6f6e_736f_6c65, c: 0x2e6c_6f67)
    /// How many lines of one block are shown, and how many characters of one line.
    private static let limits = (lines: 256, characters: 1_024)

    /// What was said, in order.
    package private(set) var lines: [String] = []

    /// Creates a log of nothing.
    package init() {}

    /// Notes what is said.
    package func enter(_ call: TracedCall) {
        guard call.recipient == Self.address, lines.count < Self.limits.lines,
            let text = Self.text(of: call.input)
        else { return }
        // A line of the log is one line, whatever a contract says.
        let clean = text.map { $0.isNewline ? " " : $0 }
        lines.append(String(clean.prefix(Self.limits.characters)))
    }

    /// Nothing is said by an instruction.
    package func step(_ step: TracedStep) {}

    /// Nothing is said by an end.
    package func exit(depth: Int, outcome: Outcome) {}
}

extension ConsoleLog {
    /// The words in a call's input; `nil` where it is no such call.
    package static func text(of input: [UInt8]) -> String? {
        guard let kinds = signatures[Array(input.prefix(4))],
            let values = try? ABI.decode(Array(input.dropFirst(4)), as: kinds)
        else { return nil }
        var rest = values.map { $0.words(isQuoted: false) }[...]
        guard case .string(let format)? = values.first else { return rest.joined(separator: " ") }
        rest.removeFirst()
        return ([filled(format, with: &rest)] + rest).joined(separator: " ")
    }

    /// A format with values in the places of `%s`, `%d`, `%i` and `%o`, as far as there are any.
    private static func filled(_ format: String, with values: inout ArraySlice<String>) -> String {
        var text = ""
        var isOpen = false
        for letter in format {
            if isOpen, "sdio".contains(letter), let value = values.popFirst() {
                text += value
            } else if isOpen {
                text += letter == "%" ? "%" : "%\(letter)"
            } else if letter != "%" {
                text.append(letter)
            }
            isOpen = !isOpen && letter == "%"
        }
        return isOpen ? text + "%" : text
    }

    /// What can be said: up to four values of four kinds, and one of some others.
    ///
    /// Older libraries hash the name `uint`, which no signature should have.
    private static let signatures: [[UInt8]: [ABI.Kind]] = {
        var table: [[UInt8]: [ABI.Kind]] = [:]
        func add(_ names: [String], _ kinds: [ABI.Kind]) {
            let hash = keccak256(Array("log(\(names.joined(separator: ",")))".utf8))
            table[Array(hash.bytes.prefix(4))] = kinds
        }
        let usual: [(name: String, kind: ABI.Kind)] = [
            ("string", .string), ("bool", .bool), ("address", .address),
        ]
        add([], [])
        for number in ["uint256", "uint"] {
            let words = usual + [(number, .uint(256))]
            var rows = words.map { [$0] }
            for _ in 1...4 {
                for row in rows { add(row.map(\.name), row.map(\.kind)) }
                rows = rows.flatMap { row in words.map { row + [$0] } }
            }
        }
        add(["int256"], [.int(256)])
        add(["int"], [.int(256)])
        add(["bytes"], [.bytes])
        for count in 1...32 { add(["bytes\(count)"], [.fixedBytes(count)]) }
        return table
    }()
}
