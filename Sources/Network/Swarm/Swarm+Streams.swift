internal import Identifiers
internal import Machine
internal import Primitives

extension Swarm {
    /// Takes a stream that the peer opened for a protocol.
    mutating func accept(
        _ id: UInt32, _ protocolName: String, on link: Link, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        guard let name = contacts[link]?.peer, peers[name]?.link == link else {
            return drive(link, .reset(id), at: now, into: &outputs)
        }
        let purpose: Purpose
        var limit: Int?
        switch protocolName {
        case Identify.name: purpose = .identified
        case Identify.push: (purpose, limit) = (.pushed, Identify.Limits.message)
        case Swarm.ping: purpose = .echoing
        case configuration.direct: (purpose, limit) = (.directIn, Direct.Limits.message)
        case _ where Gossip.Version(protocolName) != nil:
            (purpose, limit) = (.gossipIn, Gossip.Limits.rpc)
        default: purpose = .request
        }
        let same = contacts[link]?.purposes.values.count { $0 == purpose } ?? 0
        guard purpose == .request || same < Limits.streams else {
            charge(name, .streams, at: now, into: &outputs)
            return drive(link, .reset(id), at: now, into: &outputs)
        }
        contacts[link]?.purposes[id] = purpose
        if let limit { contacts[link]?.framings[id] = Framing(limit: limit) }
        switch purpose {
        case .identified: introduce(on: id, of: link, at: now, into: &outputs)
        case .pushed:
            guard contacts[link]?.pushes.spend(at: now) == true else {
                charge(name, .streams, at: now, into: &outputs)
                return close(id, on: link, at: now, into: &outputs)
            }
        case .request:
            ask(.opened(StreamKey(link, id), name, protocolName), at: now, into: &outputs)
        default: return
        }
    }

    /// Begins to use a stream of ours.
    mutating func agree(
        _ id: UInt32, _ protocolName: String, on link: Link, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        guard let name = contacts[link]?.peer, let purpose = contacts[link]?.purposes[id] else {
            return
        }
        switch purpose {
        case .identifying:
            contacts[link]?.framings[id] = Framing(limit: Identify.Limits.message)
            drive(link, .finish(id), at: now, into: &outputs)
        case .pinging:
            var box = Outbox<Ping.Output>()
            peers[name]?.ping.handle(.opened, at: now, into: &box)
            perform(box.drain(), of: name, at: now, into: &outputs)
        case .gossipOut:
            guard let version = Gossip.Version(protocolName) else { return }
            spread(.ready(name, version), at: now, into: &outputs)
        default: return
        }
    }

    /// Takes in what arrived on a stream.
    mutating func receive(
        _ bytes: [UInt8], on id: UInt32, of link: Link, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        guard let name = contacts[link]?.peer, let purpose = contacts[link]?.purposes[id] else {
            return
        }
        switch purpose {
        case .request:
            ask(.received(StreamKey(link, id), bytes), at: now, into: &outputs)
        case .pinging:
            var box = Outbox<Ping.Output>()
            peers[name]?.ping.handle(.received(bytes), at: now, into: &box)
            perform(box.drain(), of: name, at: now, into: &outputs)
        case .echoing:
            let count = (bytes.count + Ping.Limits.size - 1) / Ping.Limits.size
            guard contacts[link]?.echoes.spend(count, at: now) == true else {
                charge(name, .streams, at: now, into: &outputs)
                return close(id, on: link, at: now, into: &outputs)
            }
            drive(link, .write(id, bytes), at: now, into: &outputs)
        case .identifying, .pushed, .gossipIn, .directIn:
            contacts[link]?.framings[id]?.feed(bytes)
            unpack(id, purpose, name, on: link, at: now, into: &outputs)
        case .identified, .gossipOut, .directOut: return
        }
    }

    /// The peer has no more to say on a stream.
    mutating func finish(
        _ id: UInt32, on link: Link, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        guard let purpose = contacts[link]?.purposes[id] else { return }
        switch purpose {
        case .request: ask(.finished(StreamKey(link, id)), at: now, into: &outputs)
        // A peer may well say nothing more where only we speak.
        case .gossipOut, .directOut, .identified: return
        case .identifying, .pushed, .pinging, .echoing, .gossipIn, .directIn:
            drive(link, .finish(id), at: now, into: &outputs)
            forget(id, on: link)
        }
    }

    /// A stream is gone.
    mutating func end(
        _ id: UInt32, _ failure: Requests.Failure, on link: Link, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        guard let purpose = contacts[link]?.purposes[id] else { return }
        forget(id, on: link)
        guard let name = contacts[link]?.peer else { return }
        switch purpose {
        case .request: ask(.ended(StreamKey(link, id), failure), at: now, into: &outputs)
        case .directOut:
            peers[name]?.directStream = nil
            peers[name]?.directFailures += failure == .unsupported ? 8 : 1
        case .gossipOut:
            peers[name]?.gossipFailures += failure == .unsupported ? 8 : 1
            guard let count = peers[name]?.gossipFailures, count < 4 else { return }
            let stream = start(
                Gossip.Version.protocols, for: .gossipOut, on: link, at: now, into: &outputs)
            peers[name]?.gossipStream = stream
        default: return
        }
    }

    /// Ends a stream at once.
    mutating func close(
        _ id: UInt32, on link: Link, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        forget(id, on: link)
        drive(link, .reset(id), at: now, into: &outputs)
    }

    /// Forgets what a stream was for.
    mutating func forget(_ id: UInt32, on link: Link) {
        contacts[link]?.purposes[id] = nil
        contacts[link]?.framings[id] = nil
    }

    /// Hands on the whole messages that have arrived on a stream.
    private mutating func unpack(
        _ id: UInt32, _ purpose: Purpose, _ name: PeerID, on link: Link, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        do {
            while let message = try contacts[link]?.framings[id]?.next() {
                switch purpose {
                case .gossipIn: spread(.received(name, message), at: now, into: &outputs)
                case .directIn: outputs.append(.frame(name, message))
                default:
                    learn(message, of: name, on: link, at: now, into: &outputs)
                    forget(id, on: link)
                }
            }
        } catch {
            let offence: Offence =
                switch purpose {
                case .gossipIn: .gossip(.malformed(.tooMany))
                case .directIn: .direct
                default: .identify(.tooLong)
                }
            charge(name, offence, at: now, into: &outputs)
            close(id, on: link, at: now, into: &outputs)
        }
    }
}
