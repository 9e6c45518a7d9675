internal import Identifiers
internal import Machine
internal import Primitives

extension Gossip {
    /// Takes part in a topic: tells all peers, and takes some into the mesh.
    mutating func join(
        _ topic: String, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        guard meshes[topic] == nil, topic.utf8.count <= Limits.topic else { return }
        var candidates = members(of: topic).filter { !isWaiting($0, topic, at: now) }
        candidates.shuffle(using: &random)
        let mesh = Array(candidates.prefix(Limits.mesh))
        meshes[topic] = mesh
        fanouts[topic] = nil
        for peer in peers.keys.sorted() {
            var rpc = RPC()
            rpc.subscriptions = [RPC.Subscription(isJoined: true, topic: topic)]
            if mesh.contains(peer) { rpc.grafts = [topic] }
            tell(peer, rpc, into: &outputs)
        }
    }

    /// Takes part in a topic no more.
    mutating func leave(
        _ topic: String, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        guard let mesh = meshes.removeValue(forKey: topic) else { return }
        for peer in peers.keys.sorted() {
            var rpc = RPC()
            rpc.subscriptions = [RPC.Subscription(isJoined: false, topic: topic)]
            if mesh.contains(peer) {
                rpc.prunes = [prune(peer, topic, for: Limits.leaveBackoff, at: now)]
            }
            tell(peer, rpc, into: &outputs)
        }
    }

    /// Whether a peer may not be taken into a mesh yet.
    func isWaiting(_ peer: PeerID, _ topic: String, at now: Instant) -> Bool {
        guard let until = backoffs[topic]?[peer] else { return false }
        return until > now
    }

    /// Notes a waiting time, and makes the entry that tells the peer of it.
    mutating func prune(
        _ peer: PeerID, _ topic: String, for time: Duration, at now: Instant
    ) -> RPC.Prune {
        backoffs[topic, default: [:]][peer] = now.advanced(by: time)
        let speaks = (peers[peer]?.version ?? .v1_0) >= .v1_1
        return RPC.Prune(
            topic: topic, backoffSeconds: speaks ? UInt64(time.components.seconds) : nil)
    }

    /// A peer took us into its mesh, and wants to be in ours.
    mutating func graft(
        by peer: PeerID, _ topic: String, at now: Instant, _ answer: inout RPC,
        into outputs: inout Outbox<Output>
    ) {
        // What is not ours is not answered: a flood of made-up topics must cost us nothing.
        guard let mesh = meshes[topic], !mesh.contains(peer) else { return }
        peers[peer]?.usage.grafts += 1
        guard let usage = peers[peer]?.usage, usage.grafts <= Limits.topics else {
            return blame(peer, into: &outputs)
        }
        if isWaiting(peer, topic, at: now) {
            outputs.append(.report(peer, .earlyGraft))
            answer.prunes.append(prune(peer, topic, for: Limits.backoff, at: now))
        } else if mesh.count >= Limits.meshHigh, peers[peer]?.isOutbound == false {
            answer.prunes.append(prune(peer, topic, for: Limits.backoff, at: now))
        } else {
            meshes[topic]?.append(peer)
            if let count = peers[peer]?.topics.count, count < Limits.topics {
                peers[peer]?.topics.insert(topic)
            }
        }
    }

    /// A peer took us out of its mesh.
    mutating func pruned(by peer: PeerID, _ prune: RPC.Prune, at now: Instant) {
        guard meshes[prune.topic] != nil else { return }
        meshes[prune.topic]?.removeAll { $0 == peer }
        // A peer may ask for any number of seconds: what is too long is cut before it is added.
        let most = UInt64(Limits.backoffMost.components.seconds)
        let asked = prune.backoffSeconds.map { Duration.seconds(Int64(min($0, most))) }
        let until = now.advanced(by: asked ?? Limits.backoff)
        let known = backoffs[prune.topic]?[peer] ?? until
        backoffs[prune.topic, default: [:]][peer] = max(until, known)
    }
}
