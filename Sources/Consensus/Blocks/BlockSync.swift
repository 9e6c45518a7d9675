import Machine
import Primitives

/// Fetches final blocks by height while a finalization stands on blocks that are not here
/// (SPEC §7.2).
struct BlockSync: Sendable {
    /// A question that is not answered yet.
    struct Question: Sendable {
        let source: Source
        let height: UInt64
        let until: Instant
    }

    /// Since when a finalization stands on blocks that are not here.
    private(set) var wantedSince: Instant?
    /// The question under way.
    var question: Question?
    /// When to ask next.
    var askAt: Instant?
    /// Whoever did not answer well last.
    var avoided: Source?
    /// Reads of the own history for others, by ticket.
    var recalls: [Ticket: (source: Source, height: UInt64)] = [:]

    /// When something is due.
    var deadline: Instant? { [question?.until, askAt].compactMap { $0 }.min() }

    mutating func want(since now: Instant) {
        if wantedSince == nil { wantedSince = now }
    }

    mutating func resolve() {
        wantedSince = nil
        askAt = nil
    }
}

extension Consensus {
    /// The last block known to be final, whether or not it is applied.
    private var frontier: (id: Hash32, height: UInt64) {
        (finalPath.last ?? headID, head.height + UInt64(finalPath.count))
    }

    /// Asks one peer for the blocks after the last that is known to be final.
    mutating func pursueHistory() {
        if let question = sync.question, question.until <= now {
            sync.avoided = question.source
            sync.question = nil
        }
        guard let since = sync.wantedSince, sync.question == nil,
            finalPath.count < Limits.syncBacklog
        else {
            sync.askAt = nil
            return
        }
        let due = max(sync.askAt ?? now, since.advanced(by: timing.delay / 2))
        guard due <= now else {
            sync.askAt = due
            return
        }
        sync.askAt = now.advanced(by: timing.delay)
        guard let source = chooseSource() else { return }
        let height = frontier.height + 1
        sync.question = BlockSync.Question(
            source: source, height: height,
            until: now.advanced(by: max(timing.delay * 4, .seconds(2))))
        sync.askAt = nil
        emit(.syncing(height: height, view: finalView))
        let request = HistoryRequest(
            epoch: instance.epoch, height: height, count: Limits.historyBlocks)
        ready.append(.send(.historyRequest(request), to: .peer(source)))
    }

    /// One that claims to have more, or else anyone; not the one that failed last if it can be.
    private mutating func chooseSource() -> Source? {
        let higher = peers.sources(atLeast: frontier.height + 1)
        let all = higher.isEmpty ? peers.sources() : higher
        let others = all.filter { $0 != sync.avoided }
        return (others.isEmpty ? all : others).randomElement(using: &random)
    }

    /// Takes in final blocks that link the last known one to a finalization.
    mutating func receive(_ reply: HistoryReply, from source: Source) {
        guard let question = sync.question, question.source == source,
            question.height == reply.height
        else { return }
        sync.question = nil
        guard reply.height == frontier.height + 1 else { return }
        guard let finalization = reply.finalization, !reply.blocks.isEmpty else {
            sync.avoided = source
            sync.askAt = now.advanced(by: timing.delay)
            return
        }
        var links = reply.blocks.map(\.link)
        links += reply.links
        guard let names = names(of: links, upTo: finalization),
            isGood(finalization)
        else {
            sync.avoided = source
            return report(.badReply, source)
        }
        if finalization.view > finalView {
            take(finalization, from: source, isVerified: true)
        } else {
            certificates.insert(finalization)
        }
        for (block, name) in zip(reply.blocks, names) {
            tree.insert(block, as: name, from: source)
            finalPath.append(name)
        }
        sync.avoided = nil
    }

    /// The proposals' names, if each stands on the one before and the last is the final one.
    private func names(of links: [ProposalLink], upTo finalization: Certificate) -> [Hash32]? {
        var names: [Hash32] = []
        var parent = frontier.id
        for link in links {
            guard link.parent == parent else { return nil }
            parent = link.id(in: instance)
            names.append(parent)
        }
        return finalization.kind == .finalize && finalization.proposal == parent
            && finalization.view == links.last?.view ? names : nil
    }

    private func isGood(_ certificate: Certificate) -> Bool {
        if certificates.held(.finalize, certificate.view)?.proposal == certificate.proposal {
            return true
        }
        return certificate.isValid(in: instance, by: validators)
    }

    /// Reads history for a peer, unless too much is being read already.
    mutating func answer(_ request: HistoryRequest, from source: Source) {
        guard request.epoch == instance.epoch, request.count > 0,
            sync.recalls.count < Limits.recalls,
            !sync.recalls.values.contains(where: { $0.source == source })
        else { return }
        let ticket = journal.ticket()
        sync.recalls[ticket] = (source, request.height)
        ready.append(
            .recall(
                ticket, height: request.height, count: request.count + Limits.historyBlocks,
                bytes: Limits.historyBytes))
    }

    /// Sends what was read, up to where a finalization proves it.
    mutating func answer(_ ticket: Ticket, with blocks: [Recalled]) {
        guard let (source, height) = sync.recalls.removeValue(forKey: ticket) else { return }
        let reply =
            HistoryReply(height: height, recalled: blocks)
            ?? HistoryReply(height: height, blocks: [], links: [], finalization: nil)
        ready.append(.send(.historyReply(reply), to: .peer(source)))
    }
}

extension HistoryReply {
    /// As many blocks as came with values, cut or continued where there is a finalization.
    init?(height: UInt64, recalled: [Consensus.Recalled]) {
        var blocks: [(place: FinalBlock, value: [UInt8]?)] = []
        for entry in recalled {
            guard let place = try? FinalBlock(decoding: entry.record),
                place.height == height + UInt64(blocks.count)
            else { break }
            blocks.append((place, entry.value))
        }
        let whole = blocks.prefix(Limits.historyBlocks).prefix { $0.value != nil }.count
        let proven = blocks.indices.filter { blocks[$0].place.finalization != nil }
        guard whole > 0,
            let end = proven.last(where: { $0 < whole }) ?? proven.first(where: { $0 >= whole })
        else { return nil }
        self.init(
            height: height,
            blocks: blocks.prefix(min(whole, end + 1)).map { place, value in
                ProposedValue(
                    view: place.view, parent: place.parent,
                    value: Value(hash: place.value, bytes: value ?? []),
                    justification: place.justification)
            },
            links: end < whole
                ? []
                : blocks[whole...end].map {
                    ProposalLink(
                        view: $0.place.view, parent: $0.place.parent, value: $0.place.value)
                }, finalization: blocks[end].place.finalization)
    }
}
