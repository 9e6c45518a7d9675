import Machine
import Primitives

/// Ordered links of bytes between nodes, with delay, bandwidth, stalls, partitions and resets.
///
/// A link's number tells its connection and its side, so nothing needs to be looked up.
struct VirtualNetwork {
    /// One end of a connection.
    struct Side {
        /// Whose end it is.
        let life: Life
        /// Whether this end has been told of, and is not closed.
        var isOpen = false
        /// When the last bytes towards this end arrive.
        var lastArrival: UInt64 = 0
        /// Bytes under way towards this end.
        var inFlight = 0
        /// Whether the other end has not been told yet that there is room again.
        var owesRoom = false
        /// What waits for the end of a partition.
        var held: [Event] = []
        /// The arrival to which bytes written in the same step are added.
        var step: UInt64 = 0
        /// Where that arrival lies.
        var slot = 0
    }

    private struct Connection {
        var sides: (Side, Side)
    }

    /// Bytes that a link takes in before it is full.
    static let room = 256 << 10

    private var connections: [Connection] = []
    private var listeners: [Endpoint: Life] = [:]
    private var isBlocked: [Bool]
    /// Whether there is a way between two nodes at all, in any weather.
    private var isJoined: [Bool]
    private var isClogged: [Bool]
    private let count: Int
    private var weather: Weather

    init(nodes: Int, weather: Weather) {
        count = nodes
        self.weather = weather
        isBlocked = Array(repeating: false, count: nodes * nodes)
        isJoined = Array(repeating: true, count: nodes * nodes)
        isClogged = Array(repeating: false, count: nodes)
    }

    /// The numeric address of a node.
    static func host(of node: Int) -> String { "10.0.\(node >> 8).\(node & 255 + 1)" }

    /// One end of a connection, by its link.
    subscript(link: Link) -> Side {
        get {
            let sides = connections[Int(link.number >> 1)].sides
            return link.number & 1 == 0 ? sides.0 : sides.1
        }
        _modify {
            let index = Int(link.number >> 1)
            if link.number & 1 == 0 {
                yield &connections[index].sides.0
            } else {
                yield &connections[index].sides.1
            }
        }
    }

    /// The same connection seen from the other end.
    static func other(_ link: Link) -> Link { Link(link.number ^ 1) }

    /// Whether bytes from one node reach another.
    func isReachable(_ source: Int, _ target: Int) -> Bool {
        let way = source * count + target
        return source == target || isJoined[way] && !isBlocked[way]
    }

    /// Lets each node have a way to the next few around a ring, and to no other.
    mutating func formRing(reach: Int) {
        for source in 0..<count {
            for target in 0..<count {
                let distance = (target - source + count) % count
                isJoined[source * count + target] = min(distance, count - distance) <= reach
            }
        }
    }

    /// Lets no bytes pass from one node to another, or lets them pass again.
    mutating func setBlocked(_ source: Int, _ target: Int, _ isBlocked: Bool) {
        self.isBlocked[source * count + target] = isBlocked
    }

    /// Lets all bytes pass at full speed.
    mutating func heal() {
        for index in isBlocked.indices { isBlocked[index] = false }
        for index in isClogged.indices { isClogged[index] = false }
    }

    /// Ends what the weather does to single bytes; delays stay.
    mutating func clearUp() {
        heal()
        weather.stallChance = 0
        weather.splitChance = 0
    }

    /// Lets the bytes of a node crawl, or lets them run again.
    mutating func setClogged(_ node: Int, _ clogged: Bool) {
        isClogged[node] = clogged
    }

    /// Accepts connections at an endpoint.
    mutating func listen(_ life: Life, at endpoint: Endpoint) {
        listeners[Self.named(endpoint, of: life.node)] = life
    }

    /// Who listens at an endpoint, as seen from a node.
    func listener(at endpoint: Endpoint, from node: Int) -> Life? {
        listeners[Self.named(endpoint, of: node)]
    }

    /// Makes a connection between one who dialed and one who listens; returns the dialer's end.
    mutating func connect(_ dialer: Life, _ listener: Life) -> Link {
        let link = Link(UInt64(connections.count) << 1)
        connections.append(Connection(sides: (Side(life: dialer), Side(life: listener))))
        return link
    }

    /// All links of a life that are open.
    func links(of life: Life) -> [Link] {
        connections.indices.compactMap { index in
            let sides = connections[index].sides
            if sides.0.life == life && sides.0.isOpen { return Link(UInt64(index) << 1) }
            if sides.1.life == life && sides.1.isOpen { return Link(UInt64(index) << 1 | 1) }
            return nil
        }
    }

    /// The ends at which something waits for the end of a partition.
    func heldLinks() -> [Link] {
        (0..<UInt64(connections.count) * 2).map { Link($0) }.filter { !self[$0].held.isEmpty }
    }

    /// All links that are open at both ends, by their dialer's end.
    func wholeLinks() -> [Link] {
        connections.indices.filter { index in
            connections[index].sides.0.isOpen && connections[index].sides.1.isOpen
        }.map { Link(UInt64($0) << 1) }
    }

    /// When bytes that leave now arrive at an end, after all that left before them.
    mutating func arrival(
        at link: Link, of bytes: Int, leaving now: UInt64, by chance: inout Random
    ) -> UInt64 {
        let source = self[Self.other(link)].life.node
        var delay = delay(from: source, by: &chance)
        if weather.stallChance > 0 && chance.next() & 0xffff < weather.stallChance {
            delay += 200_000_000 + chance.next() % 1_800_000_000
        }
        let duration = UInt64(bytes) * 1_000_000_000 / weather.bandwidth
        let last = self[link].lastArrival
        let time = max(now + delay, last) + duration
        self[link].lastArrival = time
        return time
    }

    /// How long the way from a node takes.
    func delay(from node: Int, by chance: inout Random) -> UInt64 {
        let delay = weather.latency + chance.next() % (weather.jitter + 1)
        return isClogged[node] ? delay * 20 : delay
    }

    private static func named(_ endpoint: Endpoint, of node: Int) -> Endpoint {
        switch endpoint.host {
        case "0.0.0.0", "127.0.0.1", "::": Endpoint(host: host(of: node), port: endpoint.port)
        default: endpoint
        }
    }
}
