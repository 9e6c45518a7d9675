import Encoding
public import Ledger
public import Machine
public import Primitives

/// Takes messages in, has their calls answered, and puts the replies together.
///
/// What it has at hand it answers on the spot; what needs the chain it hands out as a reading for
/// a worker, what needs the pool or the node it asks for by output. The calls of one batch run in
/// their order, but neighbours of one sort run at once: a batch may send a transaction and then
/// read, and a batch of a hundred reads is one job.
public struct Dispatcher: Machine {
    /// Who waits for a reply.
    public enum Caller: Hashable, Sendable {
        /// An HTTP request, and the header fields that its response must have.
        case request(Ticket, headers: [HTTPRequest.Header])
        /// A WebSocket.
        case session(Session)
    }

    /// What can happen.
    public enum Input: Sendable {
        /// A message came.
        case received(Caller, [UInt8])
        /// A query in GraphQL came; only some may send transactions.
        case queried(Ticket, headers: [HTTPRequest.Header], [UInt8], mayChange: Bool)
        /// A WebSocket is gone.
        case disconnected(Session)
        /// What was asked under a ticket is answered, each call in its place.
        case answered(Ticket, [Reply])
        /// The pool does not hold the transaction that was asked for: the chain may.
        case missed(Ticket)
        /// There is a new head, or something else of it changed.
        case headed(Head)
        /// A block became final.
        case finalized(Overlay)
        /// A transaction was admitted to the pool.
        case admitted(SignedTransaction)
    }

    /// What it asks of the node.
    public enum Output: Sendable {
        /// Answer an HTTP request.
        case reply(Ticket, HTTPResponse)
        /// Send a message on a WebSocket.
        case send(Session, [UInt8])
        /// Read the chain's last final view on a worker: `ReadCall.answer`, call by call.
        case read(Ticket, [ReadCall])
        /// Offer a transaction to the pool; the answer is its hash or the pool's reason.
        case submit(Ticket, [UInt8])
        /// Answer what the node alone knows.
        case ask(Ticket, NodeCall)
    }

    var head: Head
    var watches: Watches
    var exchanges: [UInt64: Exchange] = [:]
    var questions: [Ticket: Question] = [:]
    private var readQueue = ReadQueue()
    private var nextExchange: UInt64 = 0
    private var nextTicket: UInt64 = 0
    private var openBySession: [Session: Int] = [:]

    /// Creates a dispatcher; the seed names filters and subscriptions.
    public init(head: Head, seed: UInt64) {
        self.head = head
        watches = Watches(seed: seed)
    }

    /// When the first filter expires.
    public var deadline: Instant? { watches.deadline }

    /// Takes one input in.
    public mutating func handle(
        _ input: Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        switch input {
        case .received(let caller, let bytes): receive(caller, bytes, at: now, into: &outputs)
        case .queried(let ticket, let headers, let bytes, let mayChange):
            let caller = Caller.request(ticket, headers: headers)
            query(caller, bytes, mayChange: mayChange, at: now, into: &outputs)
        case .disconnected(let session): watches.drop(session)
        case .answered(let ticket, let replies): take(replies, ticket, at: now, into: &outputs)
        case .missed(let ticket): readInstead(ticket, into: &outputs)
        case .headed(let head): self.head = head
        case .finalized(let block): send(watches.finalized(block), into: &outputs)
        case .admitted(let transaction): send(watches.admitted(transaction), into: &outputs)
        }
    }

    /// Drops filters that nobody asked.
    public mutating func wake(at now: Instant, into outputs: inout Outbox<Output>) {
        watches.expire(at: now)
    }

    private mutating func receive(
        _ caller: Caller, _ bytes: [UInt8], at now: Instant, into outputs: inout Outbox<Output>
    ) {
        switch Message(bytes) {
        case .refused(let error):
            deliver(Reply(error).response(id: .null), to: caller, into: &outputs)
        case .single(let request):
            open([request], isBatch: false, caller, at: now, into: &outputs)
        case .batch(let requests):
            open(requests, isBatch: true, caller, at: now, into: &outputs)
        }
    }

    private mutating func open(
        _ requests: [Request], isBatch: Bool, _ caller: Caller, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        var exchange = Exchange(caller: caller, isBatch: isBatch, requests: requests)
        exchange.session = session(of: caller)
        begin(exchange, at: now, into: &outputs)
    }

    /// Begins with the calls of a message.
    mutating func begin(
        _ exchange: Exchange, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        var exchange = exchange
        nextExchange += 1
        advance(&exchange, nextExchange, at: now, into: &outputs)
        if !exchange.isDone { exchanges[nextExchange] = exchange }
    }

    private func session(of caller: Caller) -> Session? {
        if case .session(let session) = caller { session } else { nil }
    }

    /// Whether a further exchange may wait for answers.
    private func hasRoom(for exchange: Exchange) -> Bool {
        if exchange.hasWaited { return true }
        guard exchanges.count < RPCLimits.openRequests else { return false }
        guard let session = exchange.session else { return true }
        return openBySession[session, default: 0] < RPCLimits.openRequestsPerSession
    }

    /// Answers calls in their order up to the next one that must wait, and delivers at the end.
    private mutating func advance(
        _ exchange: inout Exchange, _ number: UInt64, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        while let call = exchange.current {
            if let reply = immediate(call, exchange.session, at: now) {
                exchange.append(reply)
            } else if hasRoom(for: exchange) {
                wait(&exchange, number, into: &outputs)
                return
            } else {
                exchange.append(Reply(RPCError.limitExceeded))
            }
        }
        if exchange.hasWaited, let session = exchange.session { release(session) }
        deliver(
            exchange.response, to: exchange.caller, status: exchange.status, into: &outputs)
    }

    /// The answer to a call that needs nobody else; `nil` if it does.
    private mutating func immediate(
        _ call: Result<Call, RPCError>, _ session: Session?, at now: Instant
    ) -> Reply? {
        switch call {
        case .failure(let error): return Reply(error)
        case .success(.head(let call)):
            return Reply { () throws(RPCError) in try head.answer(call) }
        case .success(.watch(.filterLogs(let id))):
            do {
                try watches.touch(id, at: now)
                return nil
            } catch {
                return Reply(error)
            }
        case .success(.watch(let call)):
            return Reply { () throws(RPCError) in try watch(call, session, at: now) }
        case .success(.read), .success(.submit), .success(.node): return nil
        }
    }

    /// Hands out the current call, and with it those after it that may run at the same time.
    private mutating func wait(
        _ exchange: inout Exchange, _ number: UInt64, into outputs: inout Outbox<Output>
    ) {
        if !exchange.hasWaited, let session = exchange.session {
            openBySession[session, default: 0] += 1
        }
        exchange.hasWaited = true
        let first = exchange.replies.count
        let reads = readings(exchange, from: first)
        if !reads.isEmpty {
            exchange.expect(reads.count)
            handOut(readQueue.add(question(number, at: first), reads), into: &outputs)
            return
        }
        let submissions = exchange.run(from: first) { call in
            if case .success(.submit(let bytes)) = call { bytes } else { nil }
        }
        exchange.expect(max(submissions.count, 1))
        for (offset, bytes) in submissions.enumerated() {
            outputs.append(.submit(question(number, at: first + offset), bytes))
        }
        if case .success(.node(let call)) = exchange.requests[first].call {
            outputs.append(.ask(question(number, at: first, about: call), call))
        }
    }

    /// The calls that make up one reading: a slow one, or neighbours that are quick.
    private func readings(_ exchange: Exchange, from first: Int) -> [ReadCall] {
        let reads = exchange.run(from: first) { readable($0) }
        let quick = reads.prefix { !$0.isSlow }.prefix(RPCLimits.quickCallsAtOnce)
        return Array(quick.isEmpty ? reads.prefix(1) : quick)
    }

    private func handOut(
        _ readings: [ReadQueue.Reading], into outputs: inout Outbox<Output>
    ) {
        for reading in readings { outputs.append(.read(reading.ticket, reading.calls)) }
    }

    /// The reading that a call asks for, if it asks for one.
    private func readable(_ call: Result<Call, RPCError>) -> ReadCall? {
        switch call {
        case .success(.read(let call)): call
        case .success(.watch(.filterLogs(let id))): watches.filter(id).map(ReadCall.logs)
        default: nil
        }
    }

    private mutating func question(
        _ exchange: UInt64, at index: Int, about call: NodeCall? = nil
    ) -> Ticket {
        nextTicket += 1
        let ticket = Ticket(nextTicket)
        questions[ticket] = Question(exchange: exchange, index: index, call: call)
        return ticket
    }

    private mutating func take(
        _ replies: [Reply], _ ticket: Ticket, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        handOut(readQueue.finished(ticket), into: &outputs)
        guard let question = questions.removeValue(forKey: ticket),
            var exchange = exchanges.removeValue(forKey: question.exchange)
        else { return }
        exchange.place(replies, at: question.index)
        if !exchange.isWaiting {
            advance(&exchange, question.exchange, at: now, into: &outputs)
        }
        if !exchange.isDone { exchanges[question.exchange] = exchange }
    }

    private mutating func readInstead(_ ticket: Ticket, into outputs: inout Outbox<Output>) {
        guard case .pooled(let hash)? = questions[ticket]?.call else { return }
        handOut(readQueue.add(ticket, [.transaction(hash)]), into: &outputs)
    }

    private mutating func release(_ session: Session) {
        let open = openBySession[session, default: 1] - 1
        openBySession[session] = open > 0 ? open : nil
    }

    func deliver(
        _ bytes: [UInt8], to caller: Caller, status: UInt16 = 200,
        into outputs: inout Outbox<Output>
    ) {
        switch caller {
        case .request(let ticket, let headers):
            outputs.append(.reply(ticket, HTTPFace.response(bytes, status: status, headers)))
        case .session(let session):
            if !bytes.isEmpty { outputs.append(.send(session, bytes)) }
        }
    }

    private func send(_ pushes: [(Session, [UInt8])], into outputs: inout Outbox<Output>) {
        for (session, bytes) in pushes { outputs.append(.send(session, bytes)) }
    }
}
