import Crypto
import Identifiers
import Machine
import Network
import Primitives

/// Swarms on a wire in memory: bytes take a while, links break, halves of it can be cut off.
struct Village {
    struct Event {
        let at: UInt64
        let number: UInt64
        let to: Int
        let input: Swarm.Input
    }

    var swarms: [Swarm] = []
    /// What each swarm told its owner.
    var told: [[Swarm.Output]] = []
    var now = Instant(nanoseconds: 1_000_000_000)
    var random: Random
    /// Nanoseconds that bytes take.
    var delay: UInt64 = 1_000_000
    /// Whether bytes between two swarms are lost; a pair is cut when the test says so.
    var isCut: (Int, Int) -> Bool = { _, _ in false }
    /// Whether the driver has room for what is written.
    var isDrained = true
    /// Swarms that are not running.
    var dead: Set<Int> = []
    /// The verdict on each message that comes.
    var verdict: (Int, String, [UInt8]) -> Gossip.Verdict? = { _, _, _ in .accept }
    /// The answer to each request that comes.
    var answer: (Int, String, [UInt8]) -> [UInt8]? = { _, _, bytes in bytes }
    /// All bytes that were written.
    var bytesWritten = 0
    var writes = 0

    private var events: [Event] = []
    private var nextLink: UInt64 = 1
    private var nextEvent: UInt64 = 1
    /// The other end of each link.
    private(set) var ends: [Link: (owner: Int, other: Link)] = [:]

    init(seed: UInt64) {
        random = Random(seed: seed)
    }

    static func secret(_ index: Int) -> PeerSecret {
        let bytes = [UInt8](repeating: UInt8(index + 1), count: 32)
        if index % 2 == 0, let key = Secp256k1.SecretKey(bytes) { return .secp256k1(key) }
        guard let key = Ed25519.SecretKey(seed: bytes) else { preconditionFailure("a seed") }
        return .ed25519(key)
    }

    static func address(_ index: Int) -> Multiaddr? {
        Multiaddr(
            Endpoint(host: "127.0.0.1", port: UInt16(9_000 + index)), peer: secret(index).peer)
    }

    /// Adds a swarm that knows these others.
    mutating func add(
        knowing others: [Int], topics: [String] = [],
        change: (inout Swarm.Configuration) -> Void = { _ in }
    ) {
        let index = swarms.count
        swarms.append(Self.make(index, knowing: others, random: &random, at: now, change: change))
        told.append([])
        for topic in topics { act(index, .subscribe(topic)) }
    }

    /// Begins a swarm anew, with all it knew lost.
    mutating func restart(_ index: Int, knowing others: [Int], topics: [String] = []) {
        dead.remove(index)
        swarms[index] = Self.make(index, knowing: others, random: &random, at: now) { _ in }
        for topic in topics { act(index, .subscribe(topic)) }
    }

    /// Ends a swarm without a word; its links break.
    mutating func kill(_ index: Int) {
        dead.insert(index)
        for (link, end) in ends.sorted(by: { $0.key < $1.key }) where end.owner == index {
            breakLink(link)
        }
    }

    private static func make(
        _ index: Int, knowing others: [Int], random: inout Random, at now: Instant,
        change: (inout Swarm.Configuration) -> Void
    ) -> Swarm {
        var configuration = Swarm.Configuration(secret: secret(index))
        configuration.known = others.compactMap(address)
        configuration.addresses = [address(index)].compactMap { $0 }
        configuration.protocols = ["/test/1"]
        change(&configuration)
        let entropy = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        let made = Swarm(configuration, entropy: entropy, seed: random.next(), at: now)
        guard let made else { preconditionFailure("there is entropy enough") }
        return made
    }

    /// Gives an input to a swarm.
    mutating func act(_ index: Int, _ input: Swarm.Input) {
        guard !dead.contains(index) else { return }
        var box = Outbox<Swarm.Output>()
        swarms[index].handle(input, at: now, into: &box)
        perform(box.drain(), of: index)
    }

    /// Lets time pass.
    mutating func run(milliseconds: UInt64) {
        let end = now.nanoseconds + milliseconds * 1_000_000
        while true {
            var next = end + 1
            if let event = events.first { next = min(next, event.at) }
            for index in swarms.indices where !dead.contains(index) {
                if let deadline = swarms[index].deadline {
                    next = min(next, max(deadline.nanoseconds, now.nanoseconds))
                }
            }
            guard next <= end else { break }
            now = Instant(nanoseconds: next)
            if let event = events.first, event.at <= next {
                removeFirst()
                act(event.to, event.input)
            } else {
                for index in swarms.indices where !dead.contains(index) {
                    guard let deadline = swarms[index].deadline, deadline <= now else { continue }
                    var box = Outbox<Swarm.Output>()
                    swarms[index].wake(at: now, into: &box)
                    perform(box.drain(), of: index)
                }
            }
        }
        now = Instant(nanoseconds: end)
    }

    /// Breaks a link as a fault does: both ends are told.
    mutating func breakLink(_ link: Link) {
        guard let end = ends.removeValue(forKey: link) else { return }
        let other = ends.removeValue(forKey: end.other)
        post(.closed(link), to: end.owner)
        if let other { post(.closed(end.other), to: other.owner) }
    }

    /// Opens a link to a swarm from outside; what it writes is kept for the test.
    mutating func openRaw(to index: Int, host: String = "127.0.0.1") -> Link {
        let link = Link(nextLink)
        nextLink += 1
        act(index, .opened(link, nil, from: Endpoint(host: host, port: 1)))
        return link
    }

    /// The content of the messages that a swarm was given on a topic.
    func messages(_ index: Int, _ topic: String) -> [[UInt8]] {
        told[index].compactMap {
            if case .message(_, topic, let content, _) = $0 { content } else { nil }
        }
    }

    /// The outputs that are told to the owner and pass a filter.
    func told<T>(_ index: Int, _ pick: (Swarm.Output) -> T?) -> [T] {
        told[index].compactMap(pick)
    }

    private mutating func perform(_ outputs: [Swarm.Output], of index: Int) {
        for output in outputs {
            switch output {
            case .dial(let ticket, let endpoint): dial(ticket, endpoint, by: index)
            case .write(let link, let bytes):
                bytesWritten += bytes.count
                writes += 1
                if isDrained { post(.drained(link), to: index) }
                guard let end = ends[link], let other = ends[end.other] else {
                    told[index].append(output)
                    continue
                }
                if !isCut(index, other.owner) {
                    post(.received(end.other, bytes), to: other.owner)
                }
            case .close(let link):
                guard let end = ends.removeValue(forKey: link) else {
                    told[index].append(output)
                    continue
                }
                if let other = ends.removeValue(forKey: end.other) {
                    post(.closed(end.other), to: other.owner)
                }
            case .message(let id, let topic, let content, _):
                told[index].append(output)
                if let verdict = verdict(index, topic, content) {
                    act(index, .validated(id, verdict))
                }
            case .requested(let id, _, let name, let bytes):
                told[index].append(output)
                act(index, .respond(id, answer(index, name, bytes)))
            default: told[index].append(output)
            }
        }
    }

    private mutating func dial(_ ticket: Ticket, _ endpoint: Endpoint, by index: Int) {
        let other = Int(endpoint.port) - 9_000
        guard swarms.indices.contains(other), !dead.contains(other), !isCut(index, other) else {
            return post(.refused(ticket), to: index)
        }
        let (mine, theirs) = (Link(nextLink), Link(nextLink + 1))
        nextLink += 2
        ends[mine] = (index, theirs)
        ends[theirs] = (other, mine)
        post(.opened(mine, ticket, from: endpoint), to: index)
        post(.opened(theirs, nil, from: Endpoint(host: "127.0.0.1", port: 40_000)), to: other)
    }

    private mutating func post(_ input: Swarm.Input, to index: Int) {
        let event = Event(
            at: now.nanoseconds + delay, number: nextEvent, to: index, input: input)
        nextEvent += 1
        // Events are mostly in order: the place is sought from the end.
        var place = events.count
        while place > 0, events[place - 1].at > event.at { place -= 1 }
        events.insert(event, at: place)
    }

    private mutating func removeFirst() { events.removeFirst() }
}
