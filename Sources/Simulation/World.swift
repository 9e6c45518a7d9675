public import Machine
public import Primitives

/// A network of nodes that lives on one thread, in virtual time, under the weather of its seed.
///
/// The nodes are those that run under Linux, whole. Whatever happens follows from the seed, and is
/// summed up in a digest: equal seeds, equal digests. A scenario and its checkers share one world.
public final class World<Node: Resident> {
    /// What a node is made of.
    public struct Birth {
        /// Which node it is, from 0.
        public let index: Int
        /// How often it was started before.
        public let restarts: Int
        /// The disk, and the log as it was left.
        public let recovered: Recovered
        /// 32 bytes of chance, different at each start.
        public let entropy: [UInt8]
        /// The node's wall clock in milliseconds of Unix time.
        public let unixMilliseconds: UInt64
    }

    /// An answer to a request that was put to a node.
    public struct Reply: Sendable {
        /// Which node answered.
        public let node: Int
        /// The request.
        public let ticket: Ticket
        /// The answer.
        public let response: HTTPResponse
    }

    /// A line a node said.
    public struct Line: Sendable {
        /// Which node said it.
        public let node: Int
        /// When, in the world's time.
        public let time: Instant
        /// What it said.
        public let record: Record
    }

    /// A message a node sent on a WebSocket.
    public struct Message: Sendable {
        /// Which node sent it.
        public let node: Int
        /// On which WebSocket.
        public let session: Session
        /// The message.
        public let bytes: [UInt8]
    }

    /// One thing that happened.
    public struct Step: Sendable {
        /// The node it happened to, if to one.
        public let node: Int?
    }

    /// The sum of everything that happened.
    public internal(set) var digest = Digest()
    /// Lines below this level are not kept.
    public var level = Record.Level.info
    /// How many things have happened.
    public internal(set) var steps: UInt64 = 0
    /// How many lives ended because a disk was full.
    public internal(set) var fullDisks = 0
    /// How many times a bit of a log was turned over.
    public internal(set) var spoiledLogs = 0

    var time: UInt64 = 0
    var homes: [Home<Node>] = []
    var queue = EventQueue()
    var network: VirtualNetwork
    var chance: Random
    var weather: Weather
    var works: [Node.Work?] = []
    var freeWorks: [Int] = []
    var outbox = Outbox<Effect<Node.Work>>()
    var replies: [Reply] = []
    var lines: [Line] = []
    var messages: [Message] = []
    var tickets: UInt64 = 1
    var partitions: UInt64 = 0
    var isFair = false
    let unixMilliseconds: UInt64
    let isImpaired: (Node) -> Bool
    let make: (Birth) throws -> Node

    /// Creates a world, and starts all its nodes; throws what the first that cannot start throws.
    ///
    /// A node that is impaired counts among those that fail: no other must fail in its stead.
    public init(
        seed: UInt64, nodes: Int, weather: Weather, unixMilliseconds: UInt64 = 1_800_000_000_000,
        isImpaired: @escaping (Node) -> Bool = { _ in false },
        make: @escaping (Birth) throws -> Node
    ) throws {
        self.isImpaired = isImpaired
        chance = Random(seed: seed)
        self.weather = weather
        self.unixMilliseconds = unixMilliseconds
        self.make = make
        network = VirtualNetwork(nodes: nodes, weather: weather)
        for index in 0..<nodes {
            homes.append(
                Home(
                    life: Life(node: index, number: 0), drift: Self.draw(weather.drift, &chance),
                    skew: Self.draw(weather.skew, &chance)))
        }
        for index in 0..<nodes { try start(index) }
        scheduleFaults()
    }

    /// The world's own time; no node knows it.
    public var now: Instant { Instant(nanoseconds: time) }

    /// How many nodes there are, up or down.
    public var count: Int { homes.count }

    /// Whether a node is up.
    public func isUp(_ node: Int) -> Bool { homes[node].isUp }

    /// Reads a node that is up, in its place; `nil` if it is down.
    public func read<Result>(_ node: Int, _ body: (Node) -> Result) -> Result? {
        homes[node].read(body)
    }

    /// The numeric address that others dial to reach a node.
    public static func host(of node: Int) -> String { VirtualNetwork.host(of: node) }

    /// Lets the next thing happen; `nil` if nothing is to come.
    ///
    /// Answers, lines and messages gather until they are taken.
    public func step() -> Step? {
        guard let (time, event) = queue.take() else { return nil }
        self.time = time
        steps += 1
        return Step(node: happen(event))
    }

    /// Lets everything happen within a time; stops early when `isDone` says so after a step.
    ///
    /// Returns whether `isDone` said so.
    @discardableResult
    public func run(
        for duration: Duration, until isDone: (World<Node>) -> Bool = { _ in false }
    ) -> Bool {
        let end = now.advanced(by: duration).nanoseconds
        while let next = queue.nextTime, next <= end {
            _ = step()
            if isDone(self) { return true }
        }
        time = end
        return false
    }

    /// Takes the answers that have come since the last call.
    public func takeReplies() -> [Reply] {
        defer { replies = [] }
        return replies
    }

    /// Takes the lines that were said since the last call.
    public func takeLines() -> [Line] {
        defer { lines = [] }
        return lines
    }

    /// Takes the WebSocket messages that were sent since the last call.
    public func takeMessages() -> [Message] {
        defer { messages = [] }
        return messages
    }

    /// Puts a request to a node; if the node is down, or goes down first, no answer ever comes.
    @discardableResult
    public func request(_ node: Int, _ request: HTTPRequest) -> Ticket {
        let ticket = Ticket(draw())
        queue.add(.requested(node: node, ticket, request), at: time + 100_000)
        return ticket
    }

    /// Opens a WebSocket to a node, whose handshake is taken for granted.
    public func join(_ node: Int, path: String) -> Session {
        let session = Session(draw())
        queue.add(.joined(node: node, session, path: path), at: time + 100_000)
        return session
    }

    /// Sends a message to a node on a WebSocket.
    public func tell(_ node: Int, _ session: Session, _ bytes: [UInt8]) {
        queue.add(.told(node: node, session, bytes), at: time + 100_000)
    }

    /// Closes a WebSocket to a node.
    public func leave(_ node: Int, _ session: Session) {
        queue.add(.left(node: node, session), at: time + 100_000)
    }

    private func draw() -> UInt64 {
        defer { tickets += 1 }
        return tickets
    }

    private static func draw(_ limit: UInt64, _ chance: inout Random) -> Int64 {
        Int64(chance.next() % (2 * limit + 1)) - Int64(limit)
    }
}
