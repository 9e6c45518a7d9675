import Encoding
import Identifiers
import Ledger
import Machine
package import Primitives

/// An address as an option gives it.
struct AddressText: DescribedOption {
    let address: Address

    static let form = "an address: 0x and 40 hexadecimal digits"

    init?(_ description: String) {
        guard let address = try? Address(hex: description) else { return nil }
        self.address = address
    }

    var description: String { address.description }
}

/// Bytes in hexadecimal as an option gives them.
struct HexText: DescribedOption {
    let bytes: [UInt8]

    static let form = "hexadecimal digits, two for each byte"

    init?(_ description: String) {
        guard let bytes = try? Hex.decode(description) else { return nil }
        self.bytes = bytes
    }

    var description: String { Hex.encode(bytes) }
}

/// An amount in coins, with up to 18 decimals, as an option gives it.
package struct Coins: DescribedOption {
    /// The amount in wei.
    package let wei: UInt256

    static let form = "an amount like 1.5, with at most 18 decimals"

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

/// How much of the past a node keeps, as an option gives it.
struct HistoryText: DescribedOption {
    let history: History

    static let form = History.form

    init?(_ description: String) {
        guard let history = History(description) else { return nil }
        self.history = history
    }

    var description: String { history.description }
}

/// A numeric address of a machine as an option gives it.
struct HostText: DescribedOption {
    let description: String

    static let form = "a numeric address like 127.0.0.1 or ::1"

    init?(_ description: String) {
        guard Multiaddr(Endpoint(host: description, port: 1)) != nil else { return nil }
        self.description = description
    }
}

/// A node's JSON-RPC as an option gives it: `http://HOST:PORT`.
struct NodeURL: DescribedOption {
    let endpoint: Endpoint

    static let form = "http://ADDRESS:PORT"

    init?(_ description: String) {
        guard description.hasPrefix("http://") else { return nil }
        var rest = description.dropFirst("http://".count)
        if rest.last == "/" { rest.removeLast() }
        guard let colon = rest.lastIndex(of: ":"),
            let port = UInt16(rest[rest.index(after: colon)...]), port > 0
        else { return nil }
        var host = rest[..<colon]
        if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
        guard host == "localhost" || HostText(String(host)) != nil else { return nil }
        endpoint = Endpoint(host: String(host), port: port)
    }

    init(_ endpoint: Endpoint) {
        self.endpoint = endpoint
    }

    var description: String {
        let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
        return "http://\(host):\(endpoint.port)"
    }
}
