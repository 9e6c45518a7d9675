import Encoding
import Primitives

/// The words within the data of a revert, where Solidity's or Vyper's conventions put some.
enum Revert {
    /// The selector of `Error(string)`.
    private static let error: [UInt8] = [0x08, 0xc3, 0x79, 0xa0]
    /// The selector of `Panic(uint256)`.
    private static let panic: [UInt8] = [0x4e, 0x48, 0x7b, 0x71]

    /// The reason in words; `nil` where the data follows neither convention.
    static func reason(_ output: [UInt8]) -> String? {
        let selector = Array(output.prefix(4))
        let arguments = Array(output.dropFirst(4))
        if selector == error, let text = text(arguments) { return text }
        if selector == panic, arguments.count >= 32,
            let code = UInt256(bigEndian: Array(arguments.prefix(32)))
        {
            return code.asInt.flatMap { panics[$0] } ?? "unknown panic code: \(Quantity.text(code))"
        }
        return nil
    }

    /// Reads the one string, which some contracts write without the padding it should have.
    private static func text(_ arguments: [UInt8]) -> String? {
        let padding = [UInt8](repeating: 0, count: (32 - arguments.count % 32) % 32)
        guard case .string(let text)? = try? ABI.decode(arguments + padding, as: [.string]).first
        else { return nil }
        return text
    }

    /// Solidity documentation, "Panic via assert and Error via require".
    private static let panics: [Int: String] = [
        0x00: "generic panic", 0x01: "assert(false)",
        0x11: "arithmetic underflow or overflow", 0x12: "division or modulo by zero",
        0x21: "enum overflow", 0x22: "invalid encoded storage byte array accessed",
        0x31: "out-of-bounds array access; popping on an empty array",
        0x32: "out-of-bounds access of an array or bytesN", 0x41: "out of memory",
        0x51: "uninitialized function",
    ]
}
