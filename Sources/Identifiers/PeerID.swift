internal import Crypto
internal import Encoding

/// The multihash that names a peer by its public key (libp2p specs, peer-ids).
public struct PeerID: Comparable, Sendable {
    /// What can be wrong with a peer's name.
    public enum Failure: Error, Hashable {
        /// The multihash is neither an identity of at most 42 bytes nor a SHA-256.
        case multihash
        /// The text is neither base 58 nor a CID in base 32.
        case text
    }

    /// The multihash: its kind, its length, its digest.
    public let bytes: [UInt8]

    /// Keys of at most so many bytes name themselves; greater ones are hashed.
    public static let inlineLimit = 42

    /// Creates the name that belongs to a key.
    public init(_ key: PeerKey) {
        let encoded = key.encoded
        if encoded.count <= Self.inlineLimit {
            bytes = [0x00, UInt8(encoded.count)] + encoded
        } else {
            bytes = [0x12, 32] + SHA256.hash(encoded)
        }
    }

    /// Reads a name from a multihash.
    public init(decoding bytes: [UInt8]) throws(Failure) {
        guard bytes.count >= 2, bytes.count == 2 + Int(bytes[1]) else { throw .multihash }
        switch bytes[0] {
        case 0x00: guard (1...Self.inlineLimit).contains(bytes.count - 2) else { throw .multihash }
        case 0x12: guard bytes.count == 34 else { throw .multihash }
        default: throw .multihash
        }
        self.bytes = bytes
    }

    /// Reads a name from text: base 58 of the multihash, or a CID of kind libp2p-key in base 32.
    public init(_ text: some StringProtocol) throws(Failure) {
        guard text.utf8.count <= 128 else { throw .text }
        if text.hasPrefix("1") || text.hasPrefix("Qm") {
            guard let bytes = try? Base58.decode(text) else { throw .text }
            try self.init(decoding: bytes)
        } else {
            // Multibase `b`, then CID version 1 and the multicodec of libp2p-key.
            guard text.hasPrefix("b"), let bytes = try? Base32.decode(text.dropFirst()),
                bytes.starts(with: [0x01, 0x72])
            else { throw .text }
            try self.init(decoding: Array(bytes.dropFirst(2)))
        }
    }

    /// The name as a CID in base 32, which is `b`, then version 1 and kind libp2p-key.
    public var cid: String { "b" + Base32.encode([0x01, 0x72] + bytes) }

    /// The key itself, where the name holds it.
    public var key: PeerKey? {
        guard bytes[0] == 0x00 else { return nil }
        return try? PeerKey(decoding: Array(bytes.dropFirst(2)))
    }

    /// Orders names as their bytes.
    public static func < (left: PeerID, right: PeerID) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension PeerID: Hashable {
    /// Feeds the last eight bytes, which no two keys share but by design; equality sees them all.
    public func hash(into hasher: inout Hasher) {
        var word: UInt64 = 0
        for byte in bytes.suffix(8) { word = word << 8 | UInt64(byte) }
        hasher.combine(word)
    }
}

extension PeerID: CustomStringConvertible {
    /// The multihash in base 58.
    public var description: String { Base58.encode(bytes) }

    /// The last eight characters, for lines that people read.
    public var short: String { String(description.suffix(8)) }
}
