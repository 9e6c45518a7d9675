internal import Crypto
internal import Encoding

/// What names a message among peers, so that each takes it in once.
public struct MessageID: Hashable, Sendable {
    /// The bytes as they go over the wire.
    public let bytes: [UInt8]

    /// The longest name that is read.
    public static let limit = 64

    /// Creates a name from its bytes.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The name of an unsigned message: twenty bytes of SHA-256 over length, topic and content.
    public init(topic: String, content: [UInt8]) {
        let name = Array(topic.utf8)
        var stream = SHA256.Stream()
        stream.update(Varint.encode(UInt64(name.count)) + name)
        stream.update(content)
        bytes = Array(stream.finalize().prefix(20))
    }

    /// The name of a signed message: who made it, and its number there.
    public init(author: [UInt8], number: [UInt8]) {
        bytes = author + number
    }
}
