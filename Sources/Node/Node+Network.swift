internal import Consensus
internal import Identifiers
internal import Ledger
internal import Machine
internal import Network
internal import Primitives

extension Node {
    /// Does what the network asks for.
    mutating func perform(_ output: Swarm.Output, at now: Instant) {
        switch output {
        case .dial(let ticket, let endpoint): effects.append(.dial(ticket, endpoint))
        case .write(let link, let bytes): effects.append(.write(link, bytes))
        case .close(let link): effects.append(.close(link))
        case .connected(let peer, let endpoint, let isOutbound):
            record(
                .info, "network", "peer connected",
                [
                    .init("peer", peer.short), .init("host", endpoint.host),
                    .init("outbound", isOutbound),
                ])
            tell(.connected(directory.add(peer)), at: now)
            refreshHead(at: now)
        case .disconnected(let peer):
            record(.info, "network", "peer gone", [.init("peer", peer.short)])
            for source in directory.remove(peer) { tell(.disconnected(source), at: now) }
            refreshHead(at: now)
        case .identified(let peer, let identify):
            record(
                .debug, "network", "peer identified",
                [.init("peer", peer.short), .init("agent", identify.agent)])
        case .message(let id, let topic, let content, let peer):
            receive(id, topic, content, from: peer, at: now)
        case .frame(let peer, let bytes): receive(bytes, from: peer, at: now)
        case .requested(let id, _, _, _):
            // The node serves no requests of its own: consensus asks by messages.
            tell(.respond(id, nil), at: now)
        case .responded: break
        case .report(let peer, let offence):
            record(
                .warn, "network", "peer did wrong",
                [.init("peer", peer.short), .init("what", "\(offence)")])
        }
    }

    /// Sends a message of consensus.
    mutating func send(
        _ message: Consensus::Message, to target: Consensus::Consensus.Target, at now: Instant
    ) {
        switch target {
        case .everyone where message.isQuestionToAll:
            let bytes = message.encoded
            for peer in directory.all { tell(.send(peer, bytes), at: now) }
        case .everyone: publish(message, at: now)
        case .peer(let source):
            guard let peer = directory.peer(source) else { return }
            tell(.send(peer, message.encoded), at: now)
        case .validator(let index):
            guard let peer = peer(ofValidator: index), directory.contains(peer) else {
                return publish(message, at: now)
            }
            tell(.send(peer, message.encoded), at: now)
        }
    }

    /// Spreads a message by gossip.
    ///
    /// Gossip delivers what is equal only once, and consensus repeats itself on purpose. So a
    /// salt goes before the message: the time, which is new for each.
    private mutating func publish(_ message: Consensus::Message, at now: Instant) {
        let salt = UInt64(bigEndian: now.nanoseconds)
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: salt >> (8 * UInt64($0))) }
        tell(.publish(consensusTopic, bytes + message.encoded), at: now)
    }

    /// The peer that a validator is, as the genesis tells.
    func peer(ofValidator index: Int) -> PeerID? { validatorPeers[index] }

    private mutating func receive(
        _ id: MessageID, _ topic: String, _ content: [UInt8], from peer: PeerID, at now: Instant
    ) {
        switch topic {
        case transactionTopic: takeIn(content, id, from: peer, at: now)
        case consensusTopic: gossiped(content, id, from: peer, at: now)
        default: tell(.validated(id, .ignore), at: now)
        }
    }

    private mutating func gossiped(
        _ content: [UInt8], _ id: MessageID, from peer: PeerID, at now: Instant
    ) {
        guard let source = directory.source(peer, isPassedOn: true), content.count > 8,
            let message = try? Consensus::Message(decoding: Array(content[8...]))
        else { return tell(.validated(id, .reject), at: now) }
        switch message.isAuthentic(in: instance, by: validators) {
        case .some(true):
            tell(.validated(id, .accept), at: now)
            hear(message, at: now)
        case .some(false): return tell(.validated(id, .reject), at: now)
        case .none: tell(.validated(id, .ignore), at: now)
        }
        guard case .status(let status) = message else {
            return tell(.received(message, from: source), at: now)
        }
        heed(status, passedOnBy: source, at: now)
    }

    /// Takes in where a node says it stands, in a message that another passed on.
    ///
    /// What it says holds for its author, who can be asked if connected; of one that is not, only
    /// what is proven counts.
    private mutating func heed(
        _ status: Consensus::Status, passedOnBy source: Source, at now: Instant
    ) {
        let author = status.signer.flatMap { peer(ofValidator: $0.index) }
            .flatMap { directory.source($0, isPassedOn: false) }
        if let author {
            tell(.received(.status(status), from: author), at: now)
        } else {
            tell(.overheard(status, from: source), at: now)
        }
    }

    private mutating func receive(_ frame: [UInt8], from peer: PeerID, at now: Instant) {
        guard let source = directory.source(peer, isPassedOn: false) else { return }
        guard let message = try? Consensus::Message(decoding: frame) else {
            record(.warn, "consensus", "unreadable message", [.init("peer", peer.short)])
            return tell(.ban(peer), at: now)
        }
        hear(message, at: now)
        tell(.received(message, from: source), at: now)
    }

    /// Notes when a validator was heard.
    private mutating func hear(_ message: Consensus::Message, at now: Instant) {
        switch message {
        case .vote(let vote): hear(vote.index, at: now)
        case .proposal(let proposal): hear(proposal.vote.index, at: now)
        case .status(let status):
            progress.highest = max(progress.highest, chain.head.number)
            if let signer = status.signer { hear(signer.index, at: now) }
        default: break
        }
    }

    private mutating func hear(_ index: Int, at now: Instant) {
        guard progress.heard.indices.contains(index) else { return }
        progress.heard[index] = now
    }
}
