public import Machine
public import Primitives

extension Connection {
    /// Opens a stream for the first of these protocols that the peer speaks; `nil` if it cannot be.
    ///
    /// With one protocol bytes may be written at once, behind the proposal.
    public mutating func open(
        _ protocols: [String], at now: Instant, into outputs: inout Outbox<Output>
    ) -> UInt32? {
        guard isOpen, let id = yamux.open(at: now) else { return nil }
        let until = now.advanced(by: Limits.negotiation)
        negotiations[id] = Negotiation(multistream: Multistream(.dialer(protocols)), until: until)
        negotiate(.opened, on: id, at: now, into: &outputs)
        return id
    }

    /// Begins the agreement on a stream that the peer opened.
    mutating func admit(_ id: UInt32, at now: Instant) {
        let until = now.advanced(by: Limits.negotiation)
        negotiations[id] = Negotiation(multistream: Multistream(.listener(protocols)), until: until)
    }

    /// Takes in what arrived on a stream.
    mutating func receive(
        _ bytes: [UInt8], on id: UInt32, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        if negotiations[id] == nil {
            outputs.append(.received(id, bytes))
        } else {
            negotiate(.received(bytes), on: id, at: now, into: &outputs)
        }
    }

    private mutating func negotiate(
        _ input: Multistream.Input, on id: UInt32, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        var box = Outbox<Multistream.Output>()
        negotiations[id]?.multistream.handle(input, at: now, into: &box)
        for element in box.drain() {
            switch element {
            case .send(let bytes): mux(.write(id, bytes), at: now, into: &outputs)
            case .agreed(let name, let rest):
                let isFinished = negotiations.removeValue(forKey: id)?.isFinished ?? false
                outputs.append(yamux.isOurs(id) ? .agreed(id, name) : .opened(id, name))
                if !rest.isEmpty { outputs.append(.received(id, rest)) }
                // The peer may have said its last word within the agreement.
                if isFinished { outputs.append(.finished(id)) }
            case .failed:
                negotiations[id] = nil
                mux(.reset(id), at: now, into: &outputs)
                if yamux.isOurs(id) { outputs.append(.unsupported(id)) }
            }
        }
    }
}
