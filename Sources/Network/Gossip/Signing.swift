public import Identifiers

/// Whether messages carry their author's proof; all peers of a topic must have the same rule.
public enum Signing: Sendable {
    /// Messages have neither author nor number nor proof (StrictNoSign).
    case none
    /// Messages have author, number and proof (StrictSign); ours are signed with this key.
    case strict(PeerSecret)
}

extension Gossip {
    /// The name of a message that keeps to the rule; `nil` if it does not.
    func judge(_ message: Message) -> MessageID? {
        switch signing {
        case .none:
            guard message.author == nil, message.number == nil, message.signature == nil,
                message.key == nil
            else { return nil }
            return MessageID(topic: message.topic, content: message.content)
        case .strict:
            guard let author = message.author, let number = message.number, number.count == 8,
                let signature = message.signature, let peer = try? PeerID(decoding: author)
            else { return nil }
            // The key is in the author's name, or beside it and then named by it.
            var key = peer.key
            if key == nil, let bytes = message.key { key = try? PeerKey(decoding: bytes) }
            guard let key, PeerID(key) == peer,
                key.verifies(signature, of: Self.claim(message))
            else { return nil }
            return MessageID(author: author, number: number)
        }
    }

    /// A message of our own that keeps to the rule.
    mutating func make(topic: String, content: [UInt8]) -> Message {
        var message = Message(topic: topic, content: content)
        guard case .strict(let secret) = signing else { return message }
        number &+= 1
        message.author = secret.peer.bytes
        message.number = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
        if secret.peer.key == nil { message.key = secret.key.encoded }
        message.signature = secret.sign(Self.claim(message))
        return message
    }

    private static func claim(_ message: Message) -> [UInt8] {
        Array("libp2p-pubsub:".utf8) + message.encoded(proof: false)
    }
}
