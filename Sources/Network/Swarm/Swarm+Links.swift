internal import Crypto
internal import Identifiers
internal import Machine
internal import Primitives

extension Swarm {
    /// Lets a link in, where there is room for it.
    mutating func open(
        _ link: Link, _ ticket: Ticket?, _ endpoint: Endpoint, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        let expected = ticket.flatMap { dialer.expected(by: $0) }
        guard !isIsolated, contacts[link] == nil, hasRoom(for: endpoint, isOurs: ticket != nil),
            let ephemeral = X25519.SecretKey(chance.draw())
        else {
            outputs.append(.close(link))
            if let ticket { dial(.failed(ticket), at: now, into: &outputs) }
            return
        }
        let connection = Connection(
            isDialer: ticket != nil, identity: identity, ephemeral: ephemeral,
            expected: expected, protocols: served, at: now)
        contacts[link] = Contact(
            connection: Boxed(connection), endpoint: endpoint, ticket: ticket,
            isOutbound: ticket != nil, began: now,
            echoes: Budget(burst: 256, rate: 64, at: now),
            pushes: Budget(burst: Identify.Limits.pushes, rate: 1, at: now))
        handshakes += 1
        drive(link, .opened, at: now, into: &outputs)
    }

    /// Gives an input to a connection, and does what it asks for.
    mutating func drive(
        _ link: Link, _ input: Connection.Input, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        guard contacts[link] != nil else { return }
        var box = Outbox<Connection.Output>()
        contacts[link]?.connection.value.handle(input, at: now, into: &box)
        touch(link)
        for output in box.drain() { route(output, link, at: now, into: &outputs) }
    }

    /// Does what has come due on a link.
    mutating func wake(_ link: Link, at now: Instant, into outputs: inout Outbox<Output>) {
        touch(link)
        var box = Outbox<Connection.Output>()
        contacts[link]?.connection.value.wake(at: now, into: &box)
        for output in box.drain() { route(output, link, at: now, into: &outputs) }
        guard let name = contacts[link]?.peer, peers[name]?.link == link else { return }
        var pings = Outbox<Ping.Output>()
        peers[name]?.ping.wake(at: now, into: &pings)
        perform(pings.drain(), of: name, at: now, into: &outputs)
    }

    /// Does what a connection asks for.
    mutating func route(
        _ output: Connection.Output, _ link: Link, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        switch output {
        case .established(let name): establish(name, on: link, at: now, into: &outputs)
        case .opened(let id, let name): accept(id, name, on: link, at: now, into: &outputs)
        case .agreed(let id, let name): agree(id, name, on: link, at: now, into: &outputs)
        case .unsupported(let id):
            end(id, .unsupported, on: link, at: now, into: &outputs)
        case .received(let id, let bytes):
            receive(bytes, on: id, of: link, at: now, into: &outputs)
        case .finished(let id): finish(id, on: link, at: now, into: &outputs)
        case .reset(let id): end(id, .refused, on: link, at: now, into: &outputs)
        case .left: return
        case .failed(let failure): fail(link, failure, at: now, into: &outputs)
        }
    }

    private func hasRoom(for endpoint: Endpoint, isOurs: Bool) -> Bool {
        guard contacts.count < Limits.links else { return false }
        guard !isOurs else { return true }
        guard handshakes < Limits.handshakes else { return false }
        let host = Host(endpoint.host)
        guard host != .loopback else { return true }
        let same = contacts.values.count { !$0.isOutbound && $0.endpoint.host == endpoint.host }
        return same < Limits.linksPerHost
    }

    private mutating func fail(
        _ link: Link, _ failure: Connection.Failure, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        guard let contact = contacts[link] else { return }
        if case .noise(.ourselves) = failure, let ticket = contact.ticket {
            contacts[link]?.ticket = nil
            dial(.ourselves(ticket), at: now, into: &outputs)
        }
        // Blame needs a name that was proved before the fault.
        if let name = contact.peer, peers[name]?.link == link {
            charge(name, .connection(failure), at: now, into: &outputs)
        }
        drop(link, at: now, into: &outputs)
    }
}
