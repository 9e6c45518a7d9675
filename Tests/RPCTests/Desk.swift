import Encoding
import Identifiers
import Ledger
import Machine
import Primitives
import RPC

/// A disk with nothing on it: what the chain holds is all in memory.
struct EmptyDisk: Disk, Snapshot {
    func snapshot() -> any Snapshot { self }
    func value(_ key: [UInt8], in table: Table) -> [UInt8]? { nil }
    func entries(from start: [UInt8], in table: Table, limit: Int) -> [Entry] { [] }
    func last(in table: Table) -> Entry? { nil }
}

/// A dispatcher with a chain beside it that answers readings at once, as a node's worker would.
struct Desk {
    static let rich = Address(UInt256(0xaaaa))
    static let contract = Address(UInt256(0xcccc))

    var dispatcher: Dispatcher
    var chain: Chain
    var now = Instant.start
    /// What was asked of the node and is not answered.
    var asked: [(Ticket, NodeCall)] = []
    var submitted: [(Ticket, [UInt8])] = []
    /// What was sent to WebSockets.
    var sent: [(Session, JSON)] = []
    /// Whether readings are answered at once.
    var answersReads = true
    var readings: [(Ticket, [ReadCall])] = []
    /// How many HTTP requests there were.
    private(set) var requests: UInt64 = 0
    private(set) var replies: [Ticket: HTTPResponse] = [:]

    /// Begins with a chain of two accounts.
    init() throws {
        var header = Header()
        header.gasLimit = 30_000_000
        let genesis = Genesis(
            rules: ChainRules(chainID: 1337), header: header,
            accounts: [
                Allocation(address: Desk.rich, nonce: 7, balance: UInt256(10_000_000_000)),
                Allocation(
                    address: Desk.contract, nonce: 1, balance: 5, code: [0x60, 0x00],
                    storage: [1: 0x2a]),
            ] + Genesis.systemContracts)
        var head = Head(chainID: 1337, version: "Martlet/test")
        head.number = 5
        head.baseFee = 1_000_000_000
        head.tip = 7
        self.init(chain: try Chain.open(EmptyDisk(), genesis: genesis).chain, head: head)
    }

    init(chain: Chain, head: Head) {
        self.chain = chain
        dispatcher = Dispatcher(head: head, seed: 1)
    }

    /// Sends a body and returns the response's body, or `nil` if it is still open.
    mutating func post(_ body: String) throws -> [UInt8]? { try post(Array(body.utf8)) }

    mutating func post(_ body: [UInt8]) throws -> [UInt8]? {
        requests += 1
        let ticket = Ticket(requests)
        handle(.received(.request(ticket, headers: []), body))
        return replies.removeValue(forKey: ticket)?.body
    }

    /// Sends a body and returns the response as JSON; `null` if there is none.
    mutating func ask(_ body: String) throws -> JSON {
        guard let bytes = try post(body), !bytes.isEmpty else { return .null }
        return try JSON(decoding: bytes)
    }

    /// Calls a method with parameters written as JSON.
    mutating func call(_ method: String, _ parameters: String = "") throws -> JSON {
        try ask(
            #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":[\#(parameters)]}"#)
    }

    /// Sends a message by a WebSocket; replies and pushes are in `sent`.
    mutating func tell(_ session: Session, _ method: String, _ parameters: String = "") {
        let body = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":[\#(parameters)]}"#
        handle(.received(.session(session), Array(body.utf8)))
    }

    mutating func handle(_ input: Dispatcher.Input) {
        var outbox = Outbox<Dispatcher.Output>()
        dispatcher.handle(input, at: now, into: &outbox)
        for output in outbox.drain() {
            switch output {
            case .reply(let ticket, let response): replies[ticket] = response
            case .send(let session, let bytes):
                sent.append((session, (try? JSON(decoding: bytes)) ?? .null))
            case .read(let ticket, let calls):
                readings.append((ticket, calls))
                if answersReads { answerReads() }
            case .submit(let ticket, let bytes): submitted.append((ticket, bytes))
            case .ask(let ticket, let call): asked.append((ticket, call))
            }
        }
    }

    mutating func answerReads() {
        let view = chain.view
        let open = readings
        readings = []
        for (ticket, calls) in open {
            handle(.answered(ticket, calls.map { $0.answer(on: view) }))
        }
    }

    /// The reply to the HTTP request of this number, if it came.
    mutating func reply(_ number: UInt64) throws -> JSON? {
        try replies.removeValue(forKey: Ticket(number)).map { try JSON(decoding: $0.body) }
    }
}
