import CAssets

/// A file that is part of the program: a page, a contract, the shop's sample.
public struct Asset: Sendable {
    /// The path at which a node serves it, or a plain name for what is not served.
    public let name: String
    /// The bytes.
    public let bytes: [UInt8]
    /// The tag by which a browser knows that its copy is still good (RFC 9110, section 8.8.3).
    public let tag: String

    /// The file of this name; `nil` if there is none.
    public static func named(_ name: String) -> Asset? { table[name] }

    /// The media type by the name's ending.
    public var type: String {
        Self.types.first { name.hasSuffix($0.ending) }?.type ?? "application/octet-stream"
    }

    private static let types: [(ending: String, type: String)] = [
        (".html", "text/html; charset=utf-8"),
        (".css", "text/css; charset=utf-8"),
        (".js", "text/javascript; charset=utf-8"),
        (".json", "application/json"),
        (".svg", "image/svg+xml"),
        (".txt", "text/plain; charset=utf-8"),
    ]

    /// All files by name.
    private static let table: [String: Asset] = {
        var table: [String: Asset] = [:]
        var index = 0
        while let asset = Asset(at: index) {
            table[asset.name] = asset
            index += 1
        }
        return table
    }()

    private init?(at index: Int) {
        let entry = unsafe CAssetAt(index)
        guard let name = unsafe entry.name, let start = unsafe entry.bytes else { return nil }
        self.name = unsafe String(cString: name)
        // The table's count is the size of the array that `start` points to.
        bytes = unsafe Array(UnsafeBufferPointer(start: start, count: entry.count))
        tag = "\"\(String(Self.digest(bytes), radix: 16))\""
    }

    /// FNV-1a of 64 bits: enough to tell two versions of a file apart.
    private static func digest(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
