import Machine
import Primitives

/// What is known of the nodes that can be asked.
struct Peers: Sendable {
    /// One of them.
    struct Peer: Sendable {
        /// The height it last claimed.
        var height: UInt64 = 0
        /// When it was last helped (R8).
        var helped: Instant?
        /// When its certificate requests were last answered.
        var answered: Instant?
    }

    private var table: [Source: Peer] = [:]

    /// A peer by its token.
    subscript(source: Source) -> Peer? { table[source] }

    /// Adds a peer unless there are too many.
    mutating func insert(_ source: Source) {
        guard table[source] == nil, table.count < Limits.peers else { return }
        table[source] = Peer()
    }

    mutating func remove(_ source: Source) { table[source] = nil }

    mutating func update(_ source: Source, _ change: (inout Peer) -> Void) {
        insert(source)
        guard var peer = table[source] else { return }
        change(&peer)
        table[source] = peer
    }

    /// All that claim at least a height, in order of their tokens.
    func sources(atLeast height: UInt64 = 0) -> [Source] {
        table.filter { $0.value.height >= height }.keys.sorted()
    }
}

extension Consensus {
    /// Takes in a message, whatever it is.
    mutating func receive(_ message: Message, from source: Source) {
        switch message {
        case .vote(let vote): receive(vote, from: source)
        case .certificate(let certificate): take(certificate, from: source)
        case .proposal(let proposal): receive(proposal, from: source)
        case .status(let status): receive(status, from: source)
        case .statusRequest(let request): answer(request, from: source)
        case .certificateRequest(let request): answer(request, from: source)
        case .certificateReply(let certificates):
            for certificate in certificates where !take(certificate, from: source) { return }
        case .blockRequest(let request): answer(request, from: source)
        case .blockReply(let blocks): receive(blocks, from: source)
        case .historyRequest(let request): answer(request, from: source)
        case .historyReply(let reply): receive(reply, from: source)
        }
    }

    /// Greets a new peer with the own status.
    mutating func meet(_ source: Source) {
        peers.insert(source)
        send(.status(status()), to: .peer(source))
        if let statusRequest { send(.statusRequest(statusRequest), to: .peer(source)) }
    }

    /// Where this node stands.
    func status(nonce: Hash32 = .zero) -> Status {
        let signer = signer?.sign(statusIn: round.view, height: committed, nonce: nonce)
        return Status(
            epoch: instance.epoch, view: round.view, height: committed, entry: round.entry,
            finalization: certificates.finalization, nonce: nonce, signer: signer)
    }

    /// Tells everyone where this node stands, from time to time, and so answers who asks (W4).
    mutating func tellStatus() {
        let question = questions.isEmpty ? nil : questions.removeFirst()
        send(.status(status(nonce: question?.nonce ?? .zero)), to: .everyone)
        statusSaidAt = now
        statusAt = now.advanced(by: questions.isEmpty ? timing.statusInterval : timing.delay)
    }

    /// Takes in where another node stands.
    mutating func receive(_ status: Status, from source: Source) {
        guard believe(status, from: source) else { return }
        peers.update(source) { $0.height = status.height }
        if let index = status.signer?.index { heard[index] = now }
        help(.peer(source), in: status.view)
    }

    /// Takes in what a status proves; tells whether it is good.
    ///
    /// That is all that counts of a node with no link to this one, which cannot be asked.
    @discardableResult
    mutating func believe(_ status: Status, from source: Source) -> Bool {
        guard status.epoch == instance.epoch else { return false }
        if status.signer != nil, !status.isSigned(in: instance, by: validators) {
            report(.badSignature, source)
            return false
        }
        for certificate in [status.finalization, status.entry].compactMap({ $0 }) {
            guard take(certificate, from: source) else { return false }
        }
        if let index = status.signer?.index { consider(status, of: index) }
        return true
    }

    /// Answers whoever is in an older view with what moves it on (R8).
    mutating func help(_ target: Target, in view: UInt64) {
        guard view < round.view, canHelp(target) else { return }
        if let entry = round.entry { send(.certificate(entry), to: target) }
        if let final = certificates.finalization, final != round.entry, final.view >= view {
            send(.certificate(final), to: target)
        }
    }

    private mutating func canHelp(_ target: Target) -> Bool {
        switch target {
        case .everyone: return false
        case .validator(let index):
            guard index != ownIndex, isDue(helped[index]) else { return false }
            helped[index] = now
        case .peer(let source):
            guard isDue(peers[source]?.helped) else { return false }
            peers.update(source) { $0.helped = now }
        }
        return true
    }

    /// Whether Δ has passed since something was last done.
    func isDue(_ last: Instant?) -> Bool {
        last.map { $0.duration(to: now) >= timing.delay } ?? true
    }

    /// Asks everyone for all certificates that are missing (R9).
    mutating func askCertificates() {
        guard isDue(certificatesAskedAt) else { return }
        let views = certificates.missing(
            above: finalView, below: round.view, limit: Limits.requestedViews)
        guard !views.isEmpty else { return }
        certificatesAskedAt = now
        let request = CertificateRequest(epoch: instance.epoch, views: views)
        send(.certificateRequest(request), to: .everyone)
    }

    /// Answers with every certificate held of the views asked for, and the last finalization.
    private mutating func answer(_ request: CertificateRequest, from source: Source) {
        guard request.epoch == instance.epoch, isDue(peers[source]?.answered) else { return }
        peers.update(source) { $0.answered = now }
        var found: [Certificate] = []
        if let final = certificates.finalization, let first = request.views.first,
            final.view >= first
        {
            found.append(final)
        }
        // The newest first: a leader looks down from its view.
        for view in request.views.reversed() where found.count + 2 <= Limits.repliedCertificates {
            found += [certificates.notarizations[view], certificates.nullifications[view]]
                .compactMap { $0 }
        }
        guard !found.isEmpty else { return }
        send(.certificateReply(found), to: .peer(source))
    }
}
