public import Encoding

extension Gossip {
    /// What can be wrong with a message between peers.
    public enum Failure: Error, Hashable {
        /// The bytes are no protocol buffer of this kind.
        case malformed(Protobuf.Failure)
        /// There is more of something than allowed.
        case tooMany
    }

    /// A published message as it travels.
    struct Message: Hashable, Sendable {
        var author: [UInt8]?
        var content: [UInt8]
        var number: [UInt8]?
        var topic: String
        var signature: [UInt8]?
        var key: [UInt8]?

        init(topic: String, content: [UInt8]) {
            self.topic = topic
            self.content = content
        }

        /// Reads a message.
        init(_ bytes: [UInt8], _ range: Range<Int>) throws(Protobuf.Failure) {
            self.init(topic: "", content: [])
            var reader = Protobuf.Reader(bytes, range)
            var hasTopic = false
            while let field = try reader.next() {
                switch field.number {
                case 1: author = try reader.copy(field)
                case 2: content = try reader.copy(field)
                case 3: number = try reader.copy(field)
                case 4:
                    topic = try reader.text(field)
                    hasTopic = true
                case 5: signature = try reader.copy(field)
                case 6: key = try reader.copy(field)
                default: continue
                }
            }
            guard hasTopic else { throw .missing(field: 4) }
        }

        /// The message as bytes, with or without its proof.
        func encoded(proof: Bool = true) -> [UInt8] {
            var writer = Protobuf.Writer(capacity: content.count + topic.utf8.count + 256)
            if let author { writer.append(1, author) }
            writer.append(2, content)
            if let number { writer.append(3, number) }
            writer.append(4, topic)
            if proof, let signature { writer.append(5, signature) }
            if proof, let key { writer.append(6, key) }
            return writer.bytes
        }
    }

    /// All that one peer tells another at once.
    struct RPC: Hashable, Sendable {
        /// A topic that a peer takes part in, or no more.
        struct Subscription: Hashable, Sendable {
            let isJoined: Bool
            let topic: String
        }

        /// The names of messages of a topic that a peer has.
        struct Announcement: Hashable, Sendable {
            let topic: String
            let names: [MessageID]
        }

        /// A topic from whose mesh a peer takes us out.
        struct Prune: Hashable, Sendable {
            let topic: String
            let backoffSeconds: UInt64?
        }

        var subscriptions: [Subscription] = []
        var messages: [Message] = []
        var announcements: [Announcement] = []
        var wanted: [[MessageID]] = []
        var grafts: [String] = []
        var prunes: [Prune] = []
        var unwanted: [[MessageID]] = []

        var hasControl: Bool {
            !(announcements.isEmpty && wanted.isEmpty && grafts.isEmpty && prunes.isEmpty
                && unwanted.isEmpty)
        }

        var isEmpty: Bool { subscriptions.isEmpty && messages.isEmpty && !hasControl }
    }
}

extension Gossip.RPC {
    /// Reads what a peer tells.
    init(decoding bytes: [UInt8]) throws(Gossip.Failure) {
        do {
            try read(bytes)
        } catch {
            guard case .tooMany = error else { throw .malformed(error) }
            throw .tooMany
        }
    }

    /// What we tell, as bytes.
    var encoded: [UInt8] {
        var writer = Protobuf.Writer()
        for subscription in subscriptions {
            var inner = Protobuf.Writer()
            inner.append(1, subscription.isJoined ? 1 : 0)
            inner.append(2, subscription.topic)
            writer.append(1, inner.bytes)
        }
        for message in messages { writer.append(2, message.encoded()) }
        if hasControl { writer.append(3, control) }
        return writer.bytes
    }

    private var control: [UInt8] {
        var writer = Protobuf.Writer()
        for announcement in announcements {
            var inner = Protobuf.Writer()
            inner.append(1, announcement.topic)
            for name in announcement.names { inner.append(2, name.bytes) }
            writer.append(1, inner.bytes)
        }
        for names in wanted { writer.append(2, Self.list(names)) }
        for topic in grafts {
            var inner = Protobuf.Writer()
            inner.append(1, topic)
            writer.append(3, inner.bytes)
        }
        for prune in prunes {
            var inner = Protobuf.Writer()
            inner.append(1, prune.topic)
            if let seconds = prune.backoffSeconds { inner.append(3, seconds) }
            writer.append(4, inner.bytes)
        }
        for names in unwanted { writer.append(5, Self.list(names)) }
        return writer.bytes
    }

    private static func list(_ names: [MessageID]) -> [UInt8] {
        var writer = Protobuf.Writer()
        for name in names { writer.append(1, name.bytes) }
        return writer.bytes
    }

    private mutating func read(_ bytes: [UInt8]) throws(Protobuf.Failure) {
        var reader = Protobuf.Reader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1:
                guard subscriptions.count < Gossip.Limits.topics else {
                    throw .tooMany(field: 1)
                }
                var inner = Protobuf.Reader(bytes, try field.range())
                var isJoined = false
                var topic = ""
                while let part = try inner.next() {
                    if part.number == 1 { isJoined = try part.integer() != 0 }
                    if part.number == 2 { topic = try inner.text(part) }
                }
                subscriptions.append(Subscription(isJoined: isJoined, topic: topic))
            case 2:
                guard messages.count < Gossip.Limits.messages else { throw .tooMany(field: 2) }
                messages.append(try Gossip.Message(bytes, try field.range()))
            case 3: try read(control: bytes, try field.range())
            default: continue
            }
        }
    }

    private mutating func read(
        control bytes: [UInt8], _ range: Range<Int>
    ) throws(Protobuf.Failure) {
        var reader = Protobuf.Reader(bytes, range)
        var count = 0
        while let field = try reader.next() {
            count += 1
            guard count <= Gossip.Limits.entries else { throw .tooMany(field: 3) }
            guard (1...5).contains(field.number) else { continue }
            let entry = try Entry(bytes, try field.range(), kind: field.number)
            switch field.number {
            case 1: announcements.append(Announcement(topic: entry.topic, names: entry.names))
            case 2: wanted.append(entry.names)
            case 3: grafts.append(entry.topic)
            case 4: prunes.append(Prune(topic: entry.topic, backoffSeconds: entry.seconds))
            default: unwanted.append(entry.names)
            }
        }
    }

    /// One entry of the control part, whatever its kind.
    private struct Entry {
        var topic = ""
        var names: [MessageID] = []
        var seconds: UInt64?

        init(_ bytes: [UInt8], _ range: Range<Int>, kind: UInt32) throws(Protobuf.Failure) {
            // Announcements have their names in field 2, requests and refusals in field 1.
            let place: UInt32? = kind == 1 ? 2 : kind == 2 || kind == 5 ? 1 : nil
            var reader = Protobuf.Reader(bytes, range)
            while let field = try reader.next() {
                if field.number == place {
                    let name = try field.range()
                    guard names.count < Gossip.Limits.names else { throw .tooMany(field: kind) }
                    guard name.count <= MessageID.limit else { continue }
                    names.append(MessageID(Array(bytes[name])))
                } else if field.number == 1 {
                    topic = try reader.text(field)
                } else if field.number == 3, kind == 4 {
                    seconds = try field.integer()
                }
            }
        }
    }
}
