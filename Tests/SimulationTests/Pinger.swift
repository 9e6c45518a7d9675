import Machine
import Primitives
import Simulation

/// A resident that counts to others over links, and keeps its count on disk.
///
/// Each dials those before it and sends one number after another, each after the last came back; a
/// number that comes out of order is said as an error.
struct Pinger: Resident {
    struct Adding: Job {
        let number: UInt64

        func run() -> UInt64 { number + 1 }
    }

    typealias Work = Adding

    static let port: UInt16 = 9000

    private(set) var deadline: Instant?
    private(set) var count: UInt64
    private(set) var synced: UInt64
    private let index: Int
    private let recovered: Recovered
    private var links: [Link: [UInt8]] = [:]
    private var dials: [Ticket: Int] = [:]
    private var next: UInt64 = 1
    private var isNew = true

    init(index: Int, recovered: Recovered) {
        self.index = index
        self.recovered = recovered
        let last = recovered.disk.snapshot().last(in: Table(1))
        count = last.map { Self.number($0.value) } ?? 0
        synced = count
        deadline = .start
    }

    mutating func handle(
        _ input: Occurrence<Adding>, at now: Instant, into outputs: inout Outbox<Effect<Adding>>
    ) {
        switch input {
        case .opened(let link, let ticket, _):
            links[link] = []
            guard let ticket else { return }
            dials[ticket] = nil
            outputs.append(.write(link, Self.bytes(1)))
        case .refused(let ticket):
            guard let node = dials.removeValue(forKey: ticket) else { return }
            dial(node, into: &outputs)
        case .received(let link, let bytes):
            links[link, default: []] += bytes
            while let whole = links[link]?.prefix(8), whole.count == 8 {
                links[link]?.removeFirst(8)
                outputs.append(.compute(Ticket(link.number), Adding(number: Self.number(whole))))
            }
        case .computed(let ticket, let number):
            let link = Link(ticket.number)
            guard links[link] != nil else { return }
            count += 1
            outputs.append(.write(link, Self.bytes(number)))
            if count % 50 == 0 {
                let write = Write(Table(1), Self.bytes(count), Self.bytes(count))
                outputs.append(.append(Ticket(0), Self.bytes(count)))
                outputs.append(.commit(Ticket(count), [write]))
            }
        case .persisted(let ticket): synced = max(synced, ticket.number)
        case .closed(let link):
            links[link] = nil
            if index > 0 { dial(index - 1, into: &outputs) }
        case .requested(let ticket, _):
            let body = Array("\(count)".utf8)
            outputs.append(.reply(ticket, HTTPResponse(status: 200, body: body)))
        default: break
        }
    }

    mutating func wake(at now: Instant, into outputs: inout Outbox<Effect<Adding>>) {
        deadline = now.advanced(by: .seconds(1))
        guard isNew else { return }
        isNew = false
        outputs.append(.listen(Endpoint(host: "0.0.0.0", port: Self.port)))
        for node in 0..<index { dial(node, into: &outputs) }
    }

    private mutating func dial(_ node: Int, into outputs: inout Outbox<Effect<Adding>>) {
        dials[Ticket(next)] = node
        let host = World<Pinger>.host(of: node)
        outputs.append(.dial(Ticket(next), Endpoint(host: host, port: Self.port)))
        next += 1
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
