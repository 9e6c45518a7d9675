public import Crypto
public import Identifiers
public import Machine
public import Primitives

/// One link to a peer: made private by `Noise`, divided into streams by `Yamux`.
///
/// What is to go out in one step of the swarm is gathered, and encrypted once at its end by
/// `flush`. Bytes that the driver has no room for wait here, up to a limit.
public struct Connection: Machine {
    /// What can happen.
    public enum Input: Sendable {
        /// The link is there.
        case opened
        /// Bytes arrived.
        case received([UInt8])
        /// The driver has written all that it was given.
        case drained
        /// Bytes are to go out on a stream.
        case write(UInt32, [UInt8])
        /// We have no more to say on a stream.
        case finish(UInt32)
        /// A stream is to end at once.
        case reset(UInt32)
        /// The connection is about to end.
        case leave
    }

    /// What it asks for.
    public enum Output: Hashable, Sendable {
        /// The peer has proved its name, and streams can be opened.
        case established(PeerID)
        /// The peer opened a stream for a protocol.
        case opened(UInt32, String)
        /// The peer agreed to the protocol of a stream of ours.
        case agreed(UInt32, String)
        /// The peer speaks none of the protocols of a stream of ours.
        case unsupported(UInt32)
        /// Bytes arrived on a stream.
        case received(UInt32, [UInt8])
        /// The peer has no more to say on a stream.
        case finished(UInt32)
        /// A stream ended at once.
        case reset(UInt32)
        /// The peer is about to end the connection.
        case left
        /// The connection is of no use any more.
        case failed(Failure)
    }

    /// Why a connection is of no use.
    public enum Failure: Error, Hashable {
        /// There is no agreement on encryption or on streams.
        case negotiation(Multistream.Failure)
        /// The channel is not private, or not with whom it should be.
        case noise(Noise.Failure)
        /// The peer broke the rules of streams.
        case yamux(Yamux.Failure)
        /// The agreements took too long.
        case timeout
        /// The peer does not read.
        case stalled
    }

    /// A stream whose protocol is not agreed.
    struct Negotiation: Sendable {
        var multistream: Multistream
        let until: Instant
        /// Whether the peer has said its last word already.
        var isFinished = false
    }

    enum Phase: Sendable {
        case securing, shaking, muxing, open, failed
    }

    let isDialer: Bool
    private(set) var phase = Phase.securing
    private var selection: Multistream
    private var noise: Noise
    var yamux: Yamux
    /// The streams whose protocol is not agreed, and until when it must be.
    var negotiations: [UInt32: Negotiation] = [:]
    /// The protocols that the peer may open streams for.
    let protocols: [String]
    private let began: Instant
    /// What is to go out as it is, before all that is to be encrypted.
    private var raw: [UInt8] = []
    /// What is to go out encrypted.
    private var plain: [UInt8] = []
    private var inFlight = 0
    private var stalledSince: Instant?
    private var starved: (released: UInt64, since: Instant)?

    /// Creates one side of a connection.
    public init(
        isDialer: Bool, identity: Noise.Identity, ephemeral: X25519.SecretKey,
        expected: PeerID?, protocols: [String], at now: Instant
    ) {
        self.isDialer = isDialer
        self.protocols = protocols
        began = now
        selection = Multistream(isDialer ? .dialer(["/noise"]) : .listener(["/noise"]))
        noise = Noise(
            isInitiator: isDialer, identity: identity, ephemeral: ephemeral, expected: expected)
        yamux = Yamux(isClient: isDialer, at: now)
    }

    /// When a handshake, an agreement or a stall has taken too long.
    public var deadline: Instant? {
        switch phase {
        case .failed: return nil
        case .securing, .shaking, .muxing: return began.advanced(by: Limits.handshake)
        case .open:
            var first = [stalledSince, starved?.since].compactMap { $0?.advanced(by: Limits.stall) }
                .min()
            for until in negotiations.values.lazy.map(\.until) {
                first = min(first ?? until, until)
            }
            return first
        }
    }

    /// Whether streams can be opened.
    public var isOpen: Bool {
        if case .open = phase { true } else { false }
    }

    /// How many bytes wait for the peer, here and for room in streams.
    public var backlog: Int { plain.count + yamux.backlog + inFlight }

    /// Takes one input in.
    public mutating func handle(
        _ input: Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        switch input {
        case .opened: select(.opened, at: now, into: &outputs)
        case .received(let bytes): receive(bytes, at: now, into: &outputs)
        case .drained:
            inFlight = 0
            stalledSince = nil
        case .write(let id, let bytes): mux(.write(id, bytes), at: now, into: &outputs)
        case .finish(let id): mux(.finish(id), at: now, into: &outputs)
        case .reset(let id):
            negotiations[id] = nil
            mux(.reset(id), at: now, into: &outputs)
        case .leave: mux(.leave, at: now, into: &outputs)
        }
    }

    /// Ends what has taken too long.
    public mutating func wake(at now: Instant, into outputs: inout Outbox<Output>) {
        guard case .open = phase else {
            if let deadline, deadline <= now { fail(.timeout, into: &outputs) }
            return
        }
        notice(at: now)
        for since in [stalledSince, starved?.since] {
            guard let since, since.advanced(by: Limits.stall) <= now else { continue }
            return fail(.stalled, into: &outputs)
        }
        let late = negotiations.filter { $0.value.until <= now }.keys.sorted()
        for id in late {
            negotiations[id] = nil
            mux(.reset(id), at: now, into: &outputs)
            if yamux.isOurs(id) { outputs.append(.unsupported(id)) }
        }
    }

    /// The bytes that can go out now, encrypted; `nil` if there are none or no room for them.
    public mutating func flush(
        at now: Instant, into outputs: inout Outbox<Output>
    ) -> [UInt8]? {
        if backlog > Limits.backlog { fail(.stalled, into: &outputs) }
        notice(at: now)
        guard inFlight < Limits.inFlight, !(raw.isEmpty && plain.isEmpty) else { return nil }
        var output = raw
        raw = []
        if !plain.isEmpty {
            var box = Outbox<Noise.Output>()
            let room = Limits.inFlight - inFlight
            if plain.count <= room {
                noise.handle(.write(plain), at: now, into: &box)
                plain = []
            } else {
                noise.handle(.write(Array(plain[..<room])), at: now, into: &box)
                plain.removeSubrange(..<room)
            }
            for element in box.drain() {
                switch element {
                case .send(let bytes): output = output.isEmpty ? bytes : output + bytes
                case .failed(let failure): fail(.noise(failure), into: &outputs)
                case .established, .received: continue
                }
            }
        }
        if inFlight == 0 { stalledSince = now }
        inFlight += output.count
        return output
    }

    /// Notices whether the peer has given room to streams since the last time.
    private mutating func notice(at now: Instant) {
        if yamux.backlog == 0 {
            starved = nil
        } else if starved?.released != yamux.released {
            starved = (yamux.released, now)
        }
    }

    /// Marks the connection as useless.
    mutating func fail(_ failure: Failure, into outputs: inout Outbox<Output>) {
        if case .failed = phase { return }
        phase = .failed
        outputs.append(.failed(failure))
    }

    /// Gives an input to the streams and does what they ask for.
    mutating func mux(
        _ input: Yamux.Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        guard case .open = phase else { return }
        var box = Outbox<Yamux.Output>()
        yamux.handle(input, at: now, into: &box)
        for element in box.drain() {
            guard case .open = phase else { return }
            switch element {
            case .send(let bytes):
                if plain.isEmpty { plain = bytes } else { plain += bytes }
            case .opened(let id): admit(id, at: now)
            case .received(let id, let bytes): receive(bytes, on: id, at: now, into: &outputs)
            case .finished(let id):
                if negotiations[id] == nil {
                    outputs.append(.finished(id))
                } else {
                    negotiations[id]?.isFinished = true
                }
            case .reset(let id):
                if negotiations.removeValue(forKey: id) == nil || yamux.isOurs(id) {
                    outputs.append(.reset(id))
                }
            case .left: outputs.append(.left)
            case .failed(let failure): fail(.yamux(failure), into: &outputs)
            }
        }
    }

    private mutating func receive(
        _ bytes: [UInt8], at now: Instant, into outputs: inout Outbox<Output>
    ) {
        switch phase {
        case .securing: select(.received(bytes), at: now, into: &outputs)
        case .shaking, .muxing, .open: secure(.received(bytes), at: now, into: &outputs)
        case .failed: return
        }
    }

    /// Agrees on encryption first, and on streams inside it second.
    private mutating func select(
        _ input: Multistream.Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        var box = Outbox<Multistream.Output>()
        selection.handle(input, at: now, into: &box)
        for element in box.drain() {
            switch (element, phase) {
            case (.send(let bytes), .securing): raw += bytes
            case (.send(let bytes), _): plain += bytes
            case (.agreed(_, let rest), .securing):
                phase = .shaking
                secure(.opened, at: now, into: &outputs)
                if !rest.isEmpty { secure(.received(rest), at: now, into: &outputs) }
            case (.agreed(_, let rest), _):
                phase = .open
                if let peer { outputs.append(.established(peer)) }
                if !rest.isEmpty { mux(.received(rest), at: now, into: &outputs) }
            case (.failed(let failure), _): fail(.negotiation(failure), into: &outputs)
            }
        }
    }

    /// The peer, once it has proved its name.
    public private(set) var peer: PeerID?

    private mutating func secure(
        _ input: Noise.Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        var box = Outbox<Noise.Output>()
        noise.handle(input, at: now, into: &box)
        for element in box.drain() {
            switch (element, phase) {
            case (.send(let bytes), _): raw += bytes
            case (.established(let peer, _), _):
                self.peer = peer
                phase = .muxing
                let names = ["/yamux/1.0.0"]
                selection = Multistream(isDialer ? .dialer(names) : .listener(names))
                select(.opened, at: now, into: &outputs)
            case (.received(let bytes), .muxing): select(.received(bytes), at: now, into: &outputs)
            case (.received(let bytes), _): mux(.received(bytes), at: now, into: &outputs)
            case (.failed(let failure), _): fail(.noise(failure), into: &outputs)
            }
        }
    }
}
