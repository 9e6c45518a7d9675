internal import Identifiers
internal import Machine
internal import Primitives

extension Gossip {
    /// Takes in all that a peer tells at once.
    mutating func receive(
        _ bytes: [UInt8], from peer: PeerID, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        guard peers[peer]?.isGraylisted == false else { return }
        let rpc: RPC
        do {
            rpc = try RPC(decoding: bytes)
        } catch {
            return outputs.append(.report(peer, .malformed(error)))
        }
        var answer = RPC()
        for subscription in rpc.subscriptions {
            note(subscription, of: peer, at: now, &answer, into: &outputs)
        }
        for message in rpc.messages { take(message, from: peer, at: now, into: &outputs) }
        if rpc.hasControl {
            for topic in rpc.grafts {
                graft(by: peer, topic, at: now, &answer, into: &outputs)
            }
            for prune in rpc.prunes { pruned(by: peer, prune, at: now) }
            hear(rpc.announcements, of: peer, at: now, &answer, into: &outputs)
            for names in rpc.wanted { give(names, to: peer, into: &outputs) }
            for names in rpc.unwanted { spare(peer, names, into: &outputs) }
        }
        tell(peer, answer, into: &outputs)
    }

    /// Blames a peer for telling too much, once in each heartbeat.
    mutating func blame(_ peer: PeerID, into outputs: inout Outbox<Output>) {
        guard peers[peer]?.usage.isReported == false else { return }
        peers[peer]?.usage.isReported = true
        outputs.append(.report(peer, .flood))
    }

    private mutating func note(
        _ subscription: RPC.Subscription, of peer: PeerID, at now: Instant, _ answer: inout RPC,
        into outputs: inout Outbox<Output>
    ) {
        let topic = subscription.topic
        guard topic.utf8.count <= Limits.topic else { return }
        guard subscription.isJoined else {
            peers[peer]?.topics.remove(topic)
            meshes[topic]?.removeAll { $0 == peer }
            fanouts[topic]?.peers.removeAll { $0 == peer }
            return
        }
        guard let count = peers[peer]?.topics.count, count < Limits.topics else {
            return blame(peer, into: &outputs)
        }
        peers[peer]?.topics.insert(topic)
        // A thin mesh takes the newcomer in at once, not at the next heartbeat.
        guard let mesh = meshes[topic], mesh.count < Limits.mesh, !mesh.contains(peer),
            !isWaiting(peer, topic, at: now), peers[peer]?.isMember(of: topic) == true
        else { return }
        meshes[topic]?.append(peer)
        answer.grafts.append(topic)
    }

    /// Hears what a peer has, and asks for what is new.
    private mutating func hear(
        _ announcements: [RPC.Announcement], of peer: PeerID, at now: Instant,
        _ answer: inout RPC, into outputs: inout Outbox<Output>
    ) {
        guard !announcements.isEmpty else { return }
        peers[peer]?.usage.announcements += 1
        guard let usage = peers[peer]?.usage, usage.announcements <= Limits.announcements else {
            return blame(peer, into: &outputs)
        }
        var wanted: [MessageID] = []
        for announcement in announcements where meshes[announcement.topic] != nil {
            for id in announcement.names {
                guard (peers[peer]?.usage.announced ?? .max) < Limits.names else {
                    return blame(peer, into: &outputs)
                }
                peers[peer]?.usage.announced += 1
                guard !seen.contains(id), promises[id] == nil,
                    promises.count < Limits.promises
                else { continue }
                promises[id] = (peer, now.advanced(by: Limits.promise))
                wanted.append(id)
            }
        }
        if !wanted.isEmpty { answer.wanted.append(wanted) }
    }

    /// Gives a peer what it asks for, a few times each.
    private mutating func give(
        _ names: [MessageID], to peer: PeerID, into outputs: inout Outbox<Output>
    ) {
        for id in names {
            guard (peers[peer]?.usage.wanted ?? .max) < Limits.names else {
                return blame(peer, into: &outputs)
            }
            peers[peer]?.usage.wanted += 1
            guard peers[peer]?.version != nil, let frame = cache.give(id, to: peer) else {
                continue
            }
            outputs.append(.send(peer, frame, isContent: true))
        }
    }

    /// Notes what a peer does not want to be sent.
    private mutating func spare(
        _ peer: PeerID, _ names: [MessageID], into outputs: inout Outbox<Output>
    ) {
        peers[peer]?.usage.refusals += 1
        guard let usage = peers[peer]?.usage, usage.refusals <= Limits.refusals else {
            return blame(peer, into: &outputs)
        }
        for id in names.prefix(Limits.unwanted) { peers[peer]?.unwanted[id] = beats }
    }
}
