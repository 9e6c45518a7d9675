public import Identifiers
public import Machine
public import Primitives

/// Asks one peer for one thing: each request has a stream of its own, with one answer.
///
/// Both are behind their length; the asker says nothing after its request, the answerer nothing
/// after its response. A stream that is reset instead is a refusal (docs/protocols/requests.md).
public struct Requests: Machine {
    /// What can happen.
    public enum Input: Sendable {
        /// A request is to go out on a stream that was opened for it.
        case asked(Ticket, PeerID, [UInt8], on: StreamKey)
        /// A peer opened a stream for a request.
        case opened(StreamKey, PeerID, String)
        /// Bytes arrived.
        case received(StreamKey, [UInt8])
        /// The peer has no more to say.
        case finished(StreamKey)
        /// A stream is gone, for this reason.
        case ended(StreamKey, Failure)
        /// The owner answers; without bytes it refuses.
        case answered(RequestID, [UInt8]?)
    }

    /// What it asks for.
    public enum Output: Hashable, Sendable {
        /// Write bytes on a stream.
        case write(StreamKey, [UInt8])
        /// We have no more to say on a stream.
        case finish(StreamKey)
        /// A stream is to end at once.
        case reset(StreamKey)
        /// A peer asks for something.
        case requested(RequestID, PeerID, String, [UInt8])
        /// A request has its answer.
        case responded(Ticket, Result<[UInt8], Failure>)
        /// A peer did wrong.
        case report(PeerID, Offence)
    }

    /// Why there is no response.
    public enum Failure: Error, Hashable, Sendable {
        /// There is no connection to the peer.
        case notConnected
        /// The connection ended.
        case disconnected
        /// The peer does not speak the protocol.
        case unsupported
        /// The peer refused.
        case refused
        /// The peer took too long.
        case timeout
        /// There are too many requests open, or too much waits for the peer.
        case busy
        /// The response is malformed or too long.
        case malformed
        /// The request is longer than allowed.
        case tooLong
    }

    /// What a peer can do wrong.
    public enum Offence: Hashable, Sendable {
        /// Its request or response is malformed or too long.
        case malformed
        /// It asks for more at once than it may.
        case flood
        /// It did not answer in time.
        case silence
    }

    private struct Outgoing: Sendable {
        let ticket: Ticket
        let peer: PeerID
        let until: Instant
        var framing = Framing(limit: Limits.response)
        /// Whether the response is there, and only the stream's end is not.
        var isAnswered = false
    }

    private struct Incoming: Sendable {
        let peer: PeerID
        let name: String
        let until: Instant
        var framing = Framing(limit: Limits.request)
        var id: RequestID?
    }

    private var outgoing: [StreamKey: Outgoing] = [:]
    private var incoming: [StreamKey: Incoming] = [:]
    private var asked: [RequestID: StreamKey] = [:]
    private var nextID: UInt64 = 1

    /// Creates a machine with no request open.
    public init() {}

    /// When the first request has taken too long.
    public var deadline: Instant? {
        var first: Instant?
        for until in outgoing.values.lazy.map(\.until) { first = min(first ?? until, until) }
        for until in incoming.values.lazy.map(\.until) { first = min(first ?? until, until) }
        return first
    }

    /// How many requests of ours a peer has open.
    public func count(to peer: PeerID) -> Int {
        outgoing.values.reduce(0) { $0 + ($1.peer == peer ? 1 : 0) }
    }

    /// Takes one input in.
    public mutating func handle(
        _ input: Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        switch input {
        case .asked(let ticket, let peer, let bytes, let key):
            outgoing[key] = Outgoing(
                ticket: ticket, peer: peer, until: now.advanced(by: Limits.timeout))
            outputs.append(.write(key, Framing.frame(bytes)))
            outputs.append(.finish(key))
        case .opened(let key, let peer, let name):
            open(key, peer, name, at: now, into: &outputs)
        case .received(let key, let bytes):
            if outgoing[key] != nil {
                readResponse(key, bytes, into: &outputs)
            } else {
                readRequest(key, bytes, into: &outputs)
            }
        case .finished(let key):
            // Whoever ends without a whole message has nothing to say.
            if let entry = outgoing[key] {
                if entry.isAnswered { outgoing[key] = nil }
                end(key, .malformed, into: &outputs)
            } else if let entry = incoming[key], entry.id == nil {
                incoming[key] = nil
                outputs.append(.reset(key))
            }
        case .ended(let key, let failure):
            if let entry = outgoing.removeValue(forKey: key) {
                guard !entry.isAnswered else { return }
                outputs.append(.responded(entry.ticket, .failure(failure)))
            } else if let entry = incoming.removeValue(forKey: key), let id = entry.id {
                asked[id] = nil
            }
        case .answered(let id, let bytes):
            guard let key = asked.removeValue(forKey: id) else { return }
            incoming[key] = nil
            guard let bytes, bytes.count <= Limits.response else {
                return outputs.append(.reset(key))
            }
            outputs.append(.write(key, Framing.frame(bytes)))
            outputs.append(.finish(key))
        }
    }

    /// Ends requests that have taken too long.
    public mutating func wake(at now: Instant, into outputs: inout Outbox<Output>) {
        for key in outgoing.filter({ $0.value.until <= now }).keys.sorted() {
            if let entry = outgoing[key], !entry.isAnswered {
                outputs.append(.report(entry.peer, .silence))
            }
            end(key, .timeout, into: &outputs)
        }
        for key in incoming.filter({ $0.value.until <= now }).keys.sorted() {
            if let id = incoming.removeValue(forKey: key)?.id { asked[id] = nil }
            outputs.append(.reset(key))
        }
    }

    private mutating func open(
        _ key: StreamKey, _ peer: PeerID, _ name: String, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        let ofPeer = incoming.values.reduce(0) { $0 + ($1.peer == peer ? 1 : 0) }
        guard ofPeer < Limits.incomingPerPeer, incoming.count < Limits.incoming else {
            if ofPeer >= Limits.incomingPerPeer { outputs.append(.report(peer, .flood)) }
            return outputs.append(.reset(key))
        }
        incoming[key] = Incoming(
            peer: peer, name: name, until: now.advanced(by: Limits.patience))
    }

    private mutating func readRequest(
        _ key: StreamKey, _ bytes: [UInt8], into outputs: inout Outbox<Output>
    ) {
        guard let entry = incoming[key] else { return }
        do {
            // There is nothing to say behind a request.
            guard entry.id == nil else { throw Framing.Failure.length }
            incoming[key]?.framing.feed(bytes)
            guard let request = try incoming[key]?.framing.next() else { return }
            let id = RequestID(nextID)
            nextID += 1
            incoming[key]?.id = id
            asked[id] = key
            outputs.append(.requested(id, entry.peer, entry.name, request))
        } catch {
            incoming[key] = nil
            if let id = entry.id { asked[id] = nil }
            outputs.append(.reset(key))
            outputs.append(.report(entry.peer, .malformed))
        }
    }

    private mutating func readResponse(
        _ key: StreamKey, _ bytes: [UInt8], into outputs: inout Outbox<Output>
    ) {
        do {
            // There is nothing to say behind a response.
            guard outgoing[key]?.isAnswered == false else { throw Framing.Failure.length }
            outgoing[key]?.framing.feed(bytes)
            guard let response = try outgoing[key]?.framing.next(),
                let ticket = outgoing[key]?.ticket
            else { return }
            outgoing[key]?.isAnswered = true
            outputs.append(.responded(ticket, .success(response)))
        } catch {
            if let peer = outgoing[key]?.peer { outputs.append(.report(peer, .malformed)) }
            end(key, .malformed, into: &outputs)
        }
    }

    private mutating func end(
        _ key: StreamKey, _ failure: Failure, into outputs: inout Outbox<Output>
    ) {
        guard let entry = outgoing.removeValue(forKey: key) else { return }
        outputs.append(.reset(key))
        if !entry.isAnswered { outputs.append(.responded(entry.ticket, .failure(failure))) }
    }
}
