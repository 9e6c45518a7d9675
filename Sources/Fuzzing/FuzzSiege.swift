internal import Machine
internal import Network
internal import Primitives

/// A swarm with one authenticated peer, who then says whatever a fuzzer chooses.
///
/// Machines are values: the handshake is made once, and each run begins with a copy of what stood
/// after it.
struct FuzzSiege: Sendable {
    /// The protocols on which the victim listens; a run's first byte chooses one.
    static let protocols = [
        "/meshsub/1.2.0", "/meshsub/1.1.0", "/ipfs/id/1.0.0", "/ipfs/id/push/1.0.0",
        "/ipfs/ping/1.0.0", "/martlet/direct/1", "/martlet/peers/1", "/blocks",
    ]

    /// What stands when both have proved their names.
    static let ready: FuzzSiege? = {
        guard var siege = FuzzSiege() else { return nil }
        return siege.connect() ? siege : nil
    }()

    private var swarm: Swarm
    private var connection: Connection
    private let link = Link(1)

    private init?() {
        guard let swarm = FuzzPeer.victim.swarm(),
            let connection = FuzzPeer.attacker.connection()
        else { return nil }
        self.swarm = swarm
        self.connection = connection
    }

    private mutating func connect() -> Bool {
        var told = Outbox<Swarm.Output>()
        var box = Outbox<Connection.Output>()
        swarm.handle(.opened(link, nil, from: FuzzPeer.endpoint), at: .start, into: &told)
        connection.handle(.opened, at: .start, into: &box)
        for _ in 0..<8 { exchange(&told) }
        return connection.isOpen
    }

    /// Carries bytes both ways once.
    private mutating func exchange(_ told: inout Outbox<Swarm.Output>) {
        var box = Outbox<Connection.Output>()
        if let bytes = connection.flush(at: .start, into: &box) {
            swarm.handle(.received(link, bytes), at: .start, into: &told)
            connection.handle(.drained, at: .start, into: &box)
        }
        for case .write(_, let bytes) in told.drain() {
            connection.handle(.received(bytes), at: .start, into: &box)
            swarm.handle(.drained(link), at: .start, into: &told)
        }
    }

    /// Opens a stream for the protocol that the first byte names, and says the rest on it.
    mutating func attack(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        var box = Outbox<Connection.Output>()
        var told = Outbox<Swarm.Output>()
        let name = Self.protocols[Int(first) % Self.protocols.count]
        guard let id = connection.open([name], at: .start, into: &box) else { return }
        for piece in FuzzTarget.pieces(Array(bytes.dropFirst())) {
            connection.handle(.write(id, piece), at: .start, into: &box)
            exchange(&told)
        }
        connection.handle(.finish(id), at: .start, into: &box)
        exchange(&told)
        swarm.wake(at: .start.advanced(by: .seconds(1)), into: &told)
    }

    /// Says what no honest peer would on a stream: many short ones, opened and ended at once.
    mutating func attackFrames(_ bytes: [UInt8]) {
        var box = Outbox<Connection.Output>()
        var told = Outbox<Swarm.Output>()
        var streams: [UInt32] = []
        for byte in bytes.prefix(256) {
            let name = Self.protocols[Int(byte & 7)]
            switch byte >> 6 {
            case 0:
                if let id = connection.open([name], at: .start, into: &box) { streams.append(id) }
            case 1:
                if let id = streams.last {
                    connection.handle(.write(id, [byte, 0]), at: .start, into: &box)
                }
            case 2:
                if let id = streams.popLast() {
                    connection.handle(.reset(id), at: .start, into: &box)
                }
            default:
                if let id = streams.popLast() {
                    connection.handle(.finish(id), at: .start, into: &box)
                }
            }
            exchange(&told)
        }
    }
}
