internal import Identifiers
internal import Machine
internal import Primitives

extension Gossip {
    /// A message that has come, and who has it.
    private struct Refusal {
        let id: MessageID
        let topic: String
        let holders: [PeerID]
    }

    /// Spreads content of our own to all peers of the topic, not to the mesh alone.
    ///
    /// What is published again is sent again: who was away takes it in, the others drop it.
    mutating func publish(
        _ content: [UInt8], on topic: String, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        guard content.count <= Limits.content, topic.utf8.count <= Limits.topic else { return }
        let message = make(topic: topic, content: content)
        guard let id = identify(message) else { return }
        _ = seen.insert(id, at: now)
        let frame = Self.frame(message)
        cache.insert(id, topic: topic, frame: frame)
        var targets = members(of: topic)
        // In a topic that is not ours a few peers are enough, the same for a time.
        if meshes[topic] == nil {
            if fanouts[topic] == nil || fanouts[topic]?.peers.isEmpty == true {
                targets.shuffle(using: &random)
                fanouts[topic] = (Array(targets.prefix(Limits.mesh)), now)
            }
            fanouts[topic]?.until = now.advanced(by: Limits.fanout)
            targets = fanouts[topic]?.peers.sorted() ?? []
        }
        for peer in targets where peers[peer]?.unwanted[id] == nil {
            outputs.append(.send(peer, frame, isContent: true))
        }
    }

    /// Takes in a message that a peer sent.
    mutating func take(
        _ message: Message, from peer: PeerID, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        guard meshes[message.topic] != nil, message.content.count <= Limits.content else { return }
        // An unsigned message is known by its hash before anything costly is done with it.
        guard let id = isSigned ? identify(message) : judge(message) else {
            return outputs.append(.report(peer, .unsigned))
        }
        promises[id] = nil
        guard !seen.contains(id) else {
            hold(id, peer)
            return
        }
        if isSigned, judge(message) == nil {
            return outputs.append(.report(peer, .unsigned))
        }
        guard waiting.count < Limits.waiting,
            waitingBytes + message.content.count <= Limits.bytes, seen.insert(id, at: now)
        else { return }
        waiting[id] = Waiting(message: message, since: now, holders: [peer])
        waitingBytes += message.content.count
        if message.content.count >= Limits.announced {
            refusals.append(id)
            if refusalsDue == nil { refusalsDue = now.advanced(by: Limits.gathering) }
            if message.content.count >= Limits.urgent { refuse(into: &outputs) }
        }
        outputs.append(.message(id, topic: message.topic, message.content, from: peer))
    }

    /// Notes that a peer has a message that is not forwarded yet.
    private mutating func hold(_ id: MessageID, _ peer: PeerID) {
        if let count = waiting[id]?.holders.count, count < Limits.meshHigh * 2 {
            waiting[id]?.holders.append(peer)
        } else if let index = forwards.lastIndex(where: { $0.id == id }) {
            forwards[index].holders.append(peer)
        }
    }

    /// Forwards a message, or forgets it.
    mutating func judge(
        _ id: MessageID, _ verdict: Verdict, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        guard let entry = waiting.removeValue(forKey: id) else { return }
        waitingBytes -= entry.message.content.count
        switch verdict {
        case .ignore: return
        case .reject:
            for peer in entry.holders { outputs.append(.report(peer, .invalid)) }
        case .accept:
            let frame = Self.frame(entry.message)
            cache.insert(id, topic: entry.message.topic, frame: frame)
            let forward = Forward(
                id: id, topic: entry.message.topic, author: entry.message.author,
                holders: entry.holders, due: now.advanced(by: patience))
            // Peers that have a great message by now are about to say so: then once is enough.
            if entry.message.content.count >= Limits.announced {
                forwards.append(forward)
            } else {
                perform(forward, frame, into: &outputs)
            }
        }
    }

    /// Refuses and forwards the messages that have waited long enough.
    mutating func forwardDue(at now: Instant, into outputs: inout Outbox<Output>) {
        if let due = refusalsDue, due <= now { refuse(into: &outputs) }
        let count = forwards.prefix { $0.due <= now }.count
        for forward in forwards.prefix(count) {
            guard let frame = cache.frame(forward.id) else { continue }
            perform(forward, frame, into: &outputs)
        }
        forwards.removeFirst(count)
    }

    private func perform(
        _ forward: Forward, _ frame: [UInt8], into outputs: inout Outbox<Output>
    ) {
        for name in meshes[forward.topic] ?? [] {
            guard !forward.holders.contains(name), let peer = peers[name],
                peer.unwanted[forward.id] == nil, !peer.isGraylisted,
                name.bytes != forward.author
            else { continue }
            outputs.append(.send(name, frame, isContent: true))
        }
    }

    /// Forgets messages that were never judged.
    mutating func expireWaiting(at now: Instant) {
        let late = waiting.filter { $0.value.since.advanced(by: Limits.verdict) <= now }
        for (id, entry) in late {
            waiting[id] = nil
            waitingBytes -= entry.message.content.count
        }
    }

    private var isSigned: Bool {
        if case .strict = signing { true } else { false }
    }

    /// The name of a message, before its proof is looked at.
    private func identify(_ message: Message) -> MessageID? {
        guard isSigned else { return MessageID(topic: message.topic, content: message.content) }
        guard let author = message.author, let number = message.number, number.count == 8,
            author.count <= MessageID.limit - 8
        else { return nil }
        return MessageID(author: author, number: number)
    }

    /// A message alone, as it is sent.
    private static func frame(_ message: Message) -> [UInt8] {
        var rpc = RPC()
        rpc.messages = [message]
        return Framing.frame(rpc.encoded)
    }

    /// Tells the meshes which messages need not be sent to us.
    mutating func refuse(into outputs: inout Outbox<Output>) {
        // A message that was ignored or rejected meanwhile is in neither place.
        let entries = refusals.compactMap { id -> Refusal? in
            if let entry = waiting[id] {
                return Refusal(id: id, topic: entry.message.topic, holders: entry.holders)
            }
            guard let entry = forwards.first(where: { $0.id == id }) else { return nil }
            return Refusal(id: id, topic: entry.topic, holders: entry.holders)
        }
        refusals = []
        refusalsDue = nil
        for peer in Set(entries.flatMap { meshes[$0.topic] ?? [] }).sorted() {
            guard let version = peers[peer]?.version, version >= .v1_2 else { continue }
            let told = entries.filter {
                !$0.holders.contains(peer) && meshes[$0.topic]?.contains(peer) == true
            }.map(\.id)
            var rpc = RPC()
            for start in stride(from: 0, to: told.count, by: Limits.unwanted) {
                rpc.unwanted.append(Array(told[start...].prefix(Limits.unwanted)))
            }
            tell(peer, rpc, into: &outputs)
        }
    }
}
