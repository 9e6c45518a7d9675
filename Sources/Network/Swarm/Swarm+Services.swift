internal import Identifiers
internal import Machine
internal import Primitives

extension Swarm {
    /// Gives an input to gossip, and does what it asks for.
    mutating func spread(
        _ input: Gossip.Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        var box = Outbox<Gossip.Output>()
        gossip.handle(input, at: now, into: &box)
        perform(box.drain(), at: now, into: &outputs)
    }

    /// Gives an input to requests, and does what they ask for.
    mutating func ask(
        _ input: Requests.Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        var box = Outbox<Requests.Output>()
        requests.handle(input, at: now, into: &box)
        perform(box.drain(), at: now, into: &outputs)
    }

    /// Gives an input to the dialer, and does what it asks for.
    mutating func dial(
        _ input: Dialer.Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        var box = Outbox<Dialer.Output>()
        dialer.handle(input, at: now, into: &box)
        perform(box.drain(), into: &outputs)
    }

    /// Sends a message to one peer, or queues it.
    mutating func send(
        _ message: [UInt8], to name: PeerID, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        var box = Outbox<Direct.Output>()
        direct.handle(.send(name, message, hasRoom: hasRoom(for: name)), at: now, into: &box)
        perform(box.drain(), at: now, into: &outputs)
    }

    /// Sends what has waited for a peer, if it has room now.
    mutating func release(
        _ name: PeerID, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        guard direct.isWaiting(for: name), hasRoom(for: name) else { return }
        var box = Outbox<Direct.Output>()
        direct.handle(.ready(name), at: now, into: &box)
        perform(box.drain(), at: now, into: &outputs)
    }

    /// Opens a stream for a request.
    mutating func request(
        _ ticket: Ticket, _ name: PeerID, _ protocolName: String, _ bytes: [UInt8],
        at now: Instant, into outputs: inout Outbox<Output>
    ) {
        func refuse(_ failure: Requests.Failure) {
            outputs.append(.responded(ticket, .failure(failure)))
        }
        guard bytes.count <= Requests.Limits.request else { return refuse(.tooLong) }
        guard let peer = peers[name], let contact = contacts[peer.link] else {
            return refuse(.notConnected)
        }
        guard contact.connection.value.backlog < Limits.crowded,
            requests.count(to: name) < Requests.Limits.outgoingPerPeer,
            let id = start([protocolName], for: .request, on: peer.link, at: now, into: &outputs)
        else { return refuse(.busy) }
        ask(
            .asked(ticket, name, bytes, on: StreamKey(peer.link, id)), at: now, into: &outputs)
    }

    /// Does what gossip asks for.
    mutating func perform(
        _ asked: [Gossip.Output], at now: Instant, into outputs: inout Outbox<Output>
    ) {
        for output in asked {
            switch output {
            case .send(let name, let bytes, let isContent):
                guard let peer = peers[name], let id = peer.gossipStream,
                    let backlog = contacts[peer.link]?.connection.value.backlog,
                    !isContent || backlog < Limits.crowded
                else { continue }
                drive(peer.link, .write(id, bytes), at: now, into: &outputs)
            case .message(let id, let topic, let content, let name):
                outputs.append(.message(id, topic: topic, content, from: name))
            case .report(let name, let offence):
                charge(name, .gossip(offence), at: now, into: &outputs)
            }
        }
    }

    /// Does what requests ask for.
    mutating func perform(
        _ asked: [Requests.Output], at now: Instant, into outputs: inout Outbox<Output>
    ) {
        for output in asked {
            switch output {
            case .write(let key, let bytes):
                drive(key.link, .write(key.stream, bytes), at: now, into: &outputs)
            case .finish(let key):
                drive(key.link, .finish(key.stream), at: now, into: &outputs)
            case .reset(let key): close(key.stream, on: key.link, at: now, into: &outputs)
            case .requested(let id, let name, configuration.exchange, _):
                ask(.answered(id, introductions(for: name)), at: now, into: &outputs)
            case .requested(let id, let name, let protocolName, let bytes):
                outputs.append(.requested(id, name, protocolName, bytes))
            case .responded(let ticket, let result):
                guard ticket.number >> 63 == 0 else {
                    exchanged(ticket, result, at: now, into: &outputs)
                    continue
                }
                outputs.append(.responded(ticket, result))
            case .report(let name, let offence):
                charge(name, .requests(offence), at: now, into: &outputs)
            }
        }
    }

    /// Does what messages for one peer ask for.
    mutating func perform(
        _ asked: [Direct.Output], at now: Instant, into outputs: inout Outbox<Output>
    ) {
        for case .write(let name, let bytes) in asked {
            guard let peer = peers[name] else { continue }
            if peer.directStream == nil {
                let stream = start(
                    [configuration.direct], for: .directOut, on: peer.link, at: now,
                    into: &outputs)
                peers[name]?.directStream = stream
            }
            guard let id = peers[name]?.directStream else { continue }
            drive(peer.link, .write(id, bytes), at: now, into: &outputs)
        }
    }

    /// Does what the dialer asks for.
    mutating func perform(_ asked: [Dialer.Output], into outputs: inout Outbox<Output>) {
        for case .dial(let ticket, let endpoint) in asked {
            outputs.append(.dial(ticket, endpoint))
        }
    }

    /// Does what a ping asks for.
    mutating func perform(
        _ asked: [Ping.Output], of name: PeerID, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        for output in asked {
            guard let peer = peers[name], let id = peer.pingStream else { return }
            switch output {
            case .send(let bytes):
                drive(peer.link, .write(id, bytes), at: now, into: &outputs)
            case .answered(let time): peers[name]?.roundTrip = time
            case .failed:
                charge(name, .silence, at: now, into: &outputs)
                drop(peer.link, at: now, into: &outputs)
            }
        }
    }

    private func hasRoom(for name: PeerID) -> Bool {
        guard let peer = peers[name], peer.directFailures < 4 else { return false }
        return contacts[peer.link]?.connection.value.backlog ?? .max < Limits.busy
    }
}
