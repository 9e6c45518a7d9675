internal import Identifiers
internal import Machine
internal import Primitives

extension Gossip {
    /// Keeps the meshes at their size, tells what there is, and forgets what is old.
    mutating func upkeep(at now: Instant, into outputs: inout Outbox<Output>) {
        expirePromises(at: now, into: &outputs)
        expireWaiting(at: now)
        for peer in peers.keys {
            peers[peer]?.usage = Usage()
            let old = beats
            if let unwanted = peers[peer]?.unwanted, !unwanted.isEmpty {
                peers[peer]?.unwanted = unwanted.filter { $0.value + 3 > old }
            }
        }
        for topic in backoffs.keys {
            backoffs[topic] = backoffs[topic]?.filter { $0.value > now }
            if backoffs[topic]?.isEmpty == true { backoffs[topic] = nil }
        }
        fanouts = fanouts.filter { $0.value.until > now && !$0.value.peers.isEmpty }
        var answers: [PeerID: RPC] = [:]
        for topic in topics {
            tend(topic, at: now, &answers)
            announce(topic, &answers)
        }
        for (topic, _) in fanouts.sorted(by: { $0.key < $1.key }) { announce(topic, &answers) }
        for peer in answers.keys.sorted() {
            if let rpc = answers[peer] { tell(peer, rpc, into: &outputs) }
        }
        cache.shift()
        seen.expire(at: now)
    }

    /// Brings one mesh to its size.
    private mutating func tend(_ topic: String, at now: Instant, _ answers: inout [PeerID: RPC]) {
        var mesh = meshes[topic] ?? []
        for peer in mesh where peers[peer]?.isGraylisted != false {
            answers[peer, default: RPC()].prunes.append(
                prune(peer, topic, for: Limits.backoff, at: now))
            mesh.removeAll { $0 == peer }
        }
        var candidates = members(of: topic).filter {
            !mesh.contains($0) && !isWaiting($0, topic, at: now)
        }
        candidates.shuffle(using: &random)
        if mesh.count < Limits.meshLow {
            let more = candidates.prefix(Limits.mesh - mesh.count)
            candidates.removeFirst(more.count)
            for peer in more { answers[peer, default: RPC()].grafts.append(topic) }
            mesh += more
        } else if mesh.count > Limits.meshHigh {
            // Peers that we chose are kept first: those who came by themselves may be one person.
            mesh.shuffle(using: &random)
            let ours = mesh.filter { peers[$0]?.isOutbound == true }.prefix(Limits.meshOutbound)
            let others = mesh.filter { !ours.contains($0) }
            let kept = Array(ours) + others.prefix(Limits.mesh - ours.count)
            for peer in mesh where !kept.contains(peer) {
                answers[peer, default: RPC()].prunes.append(
                    prune(peer, topic, for: Limits.backoff, at: now))
            }
            mesh = kept
        }
        let outbound = mesh.filter { peers[$0]?.isOutbound == true }.count
        if mesh.count >= Limits.meshLow, outbound < Limits.meshOutbound {
            let more = candidates.filter { peers[$0]?.isOutbound == true }
                .prefix(Limits.meshOutbound - outbound)
            for peer in more { answers[peer, default: RPC()].grafts.append(topic) }
            mesh += more
        }
        meshes[topic] = mesh
    }

    /// Tells some peers outside the mesh what there is.
    private mutating func announce(_ topic: String, _ answers: inout [PeerID: RPC]) {
        var names = cache.announced(topic)
        guard !names.isEmpty else { return }
        let mesh = meshes[topic] ?? fanouts[topic]?.peers ?? []
        var others = members(of: topic).filter { !mesh.contains($0) }
        guard !others.isEmpty else { return }
        others.shuffle(using: &random)
        if names.count > Limits.names {
            names.shuffle(using: &random)
            names = Array(names.prefix(Limits.names))
        }
        for peer in others.prefix(max(Limits.lazy, others.count / 4)) {
            answers[peer, default: RPC()].announcements.append(
                RPC.Announcement(topic: topic, names: names))
        }
    }

    private mutating func expirePromises(at now: Instant, into outputs: inout Outbox<Output>) {
        let broken = promises.filter { $0.value.until <= now }
        guard !broken.isEmpty else { return }
        for id in broken.keys { promises[id] = nil }
        for peer in Set(broken.values.map(\.peer)).sorted() where peers[peer] != nil {
            outputs.append(.report(peer, .brokenPromise))
        }
    }
}
