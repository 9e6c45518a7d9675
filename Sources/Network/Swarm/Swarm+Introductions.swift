internal import Encoding
internal import Identifiers
internal import Machine
internal import Primitives

extension Swarm {
    /// Tells a peer of ourselves.
    mutating func introduce(
        on id: UInt32, of link: Link, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        var message = Identify()
        message.key = configuration.secret.key
        message.family = "martlet/1"
        message.agent = configuration.agent
        message.addresses = Array(configuration.addresses.prefix(Identify.Limits.addresses))
        message.protocols = served
        message.observed = contacts[link].flatMap { Multiaddr($0.endpoint) }
        drive(link, .write(id, Framing.frame(message.encoded)), at: now, into: &outputs)
        drive(link, .finish(id), at: now, into: &outputs)
        forget(id, on: link)
    }

    /// Learns what a peer tells of itself.
    mutating func learn(
        _ bytes: [UInt8], of name: PeerID, on link: Link, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        do {
            let identity = try Identify(decoding: bytes, from: name)
            peers[name]?.identity = identity
            outputs.append(.identified(name, identity))
            guard configuration.isDiscovering, let host = contacts[link]?.endpoint.host else {
                return
            }
            for address in addresses(of: name, at: host) {
                dial(.learned(address, isKept: false), at: now, into: &outputs)
            }
        } catch {
            charge(name, .identify(error), at: now, into: &outputs)
        }
    }

    /// Asks a peer for others.
    mutating func exchange(
        with name: PeerID, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        exchangeCount += 1
        let ticket = Ticket(1 << 63 | exchangeCount)
        waitingExchanges[ticket] = name
        request(ticket, name, configuration.exchange, [], at: now, into: &outputs)
    }

    /// The peers that we tell a peer of, as addresses each behind its length.
    func introductions(for asker: PeerID) -> [UInt8] {
        guard let there = peers[asker].flatMap({ contacts[$0.link] })?.endpoint.host else {
            return []
        }
        var bytes: [UInt8] = []
        var count = 0
        for name in connected where name != asker {
            guard let host = peers[name].flatMap({ contacts[$0.link] })?.endpoint.host else {
                continue
            }
            for address in addresses(of: name, at: host) {
                guard count < Limits.addresses, let endpoint = address.endpoint,
                    Host(there).mayTell(of: Host(endpoint.host))
                else { continue }
                bytes += Framing.frame(address.encoded)
                count += 1
            }
        }
        return bytes
    }

    /// Learns of the peers that a peer told of.
    mutating func exchanged(
        _ ticket: Ticket, _ result: Result<[UInt8], Requests.Failure>, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        guard let name = waitingExchanges.removeValue(forKey: ticket),
            case .success(let bytes) = result,
            let host = peers[name].flatMap({ contacts[$0.link] })?.endpoint.host
        else { return }
        guard bytes.count <= Limits.exchangeBytes else {
            return charge(name, .streams, at: now, into: &outputs)
        }
        var framing = Framing(limit: Multiaddr.limit)
        framing.feed(bytes)
        do {
            var count = 0
            while let piece = try framing.next(), count < Limits.addresses {
                count += 1
                guard let address = try? Multiaddr(decoding: piece), address.peer != nil,
                    let endpoint = address.endpoint,
                    Host(host).mayTell(of: Host(endpoint.host))
                else { continue }
                dial(.learned(address, isKept: false), at: now, into: &outputs)
            }
        } catch {
            charge(name, .streams, at: now, into: &outputs)
        }
    }

    /// Where a peer accepts connections, as far as it may tell; seen from a host.
    private func addresses(of name: PeerID, at host: String) -> [Multiaddr] {
        let told = peers[name]?.identity?.addresses ?? []
        return told.prefix(Dialer.Limits.addresses).compactMap { address in
            guard let endpoint = address.endpoint, address.peer ?? name == name else {
                return nil
            }
            // Who accepts on all addresses accepts on the one it was seen at.
            if Host(endpoint.host) == .unspecified {
                return Multiaddr(Endpoint(host: host, port: endpoint.port), peer: name)
            }
            guard Host(host).mayTell(of: Host(endpoint.host)) else { return nil }
            return address.naming(name)
        }
    }
}
