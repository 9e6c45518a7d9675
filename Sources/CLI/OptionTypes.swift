import Encoding
import Identifiers
package import Primitives

/// An address as an option gives it.
struct AddressText: LosslessStringConvertible {
    let address: Address

    init?(_ description: String) {
        guard let address = try? Address(hex: description) else { return nil }
        self.address = address
    }

    var description: String { address.description }
}

/// Bytes in hexadecimal as an option gives them.
struct HexText: LosslessStringConvertible {
    let bytes: [UInt8]

    init?(_ description: String) {
        guard let bytes = try? Hex.decode(description) else { return nil }
        self.bytes = bytes
    }

    var description: String { Hex.encode(bytes) }
}

/// An amount in coins, with up to 18 decimals, as an option gives it.
package struct Coins: LosslessStringConvertible {
    /// The amount in wei.
    package let wei: UInt256

    /// Reads an amount.
    package init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = parts.first, !whole.isEmpty,
            whole.utf8.count <= 40
        else { return nil }
        let rest = parts.count == 2 ? parts[1] : "0"
        let isPlain = (whole + rest).utf8.allSatisfy { (48...57).contains($0) }
        guard isPlain, (1...18).contains(rest.utf8.count) else { return nil }
        let digits = whole + rest + String(repeating: "0", count: 18 - rest.utf8.count)
        guard let wei = UInt256(String(digits)) else { return nil }
        self.wei = wei
    }

    /// The amount in wei, as text.
    package var description: String { wei.description }
}
