internal import Index
internal import Ledger
internal import Machine
internal import Primitives
internal import RPC

/// For whom the index is asked.
enum Look: Sendable {
    /// For what follows the chain with it.
    case indexer
    /// For a request to the API.
    case enquiry(Ticket, Enquiry, headers: [HTTPRequest.Header])
}

/// A request to the API that waits for a program.
struct Run: Sendable {
    let caller: Ticket
    let enquiry: Enquiry
    let headers: [HTTPRequest.Header]
}

/// The index: written on as blocks become final, and asked by the API.
extension Node {
    /// How many requests to the API may wait.
    private static let enquiryLimit = 64
    /// How many of them may wait for a program.
    private static let runLimit = 4

    /// Lets the index follow the chain.
    mutating func followWithIndex(at now: Instant) {
        guard configuration.index else { return }
        let head = IndexPoint(number: chain.head.number, hash: chain.headHash)
        if indexer.head != head { tell(Indexer.Input.headed(head), at: now) }
    }

    /// Does what the index's follower asks for.
    mutating func perform(_ output: Indexer.Output, at now: Instant) {
        switch output {
        case .look(let statements): effects.append(.look(look(for: .indexer), statements))
        case .change(let statements): effects.append(.index(look(for: .indexer), statements))
        case .read(let point): compute(.index(chain.view, after: point), for: .indexReading)
        case .compare(let points): compute(.compare(points, chain.view), for: .indexComparing)
        case .emit(let event): log(event)
        }
    }

    private mutating func look(for asker: Look) -> Ticket {
        let ticket = ticket()
        looks[ticket] = asker
        return ticket
    }

    /// Gives what came of statements to whoever asked.
    mutating func take(_ found: Found, for ticket: Ticket, at now: Instant) {
        switch looks.removeValue(forKey: ticket) {
        case .indexer: tell(.found(found), at: now)
        case .enquiry(let ticket, let enquiry, let headers):
            if case .lost(let reason) = found { tell(Indexer.Input.lost(reason), at: now) }
            answer(enquiry, found, for: ticket, headers)
        case nil: break
        }
    }

    /// Serves a request to the API.
    mutating func enquire(
        _ ticket: Ticket, _ request: HTTPRequest, headers: [HTTPRequest.Header], at now: Instant
    ) {
        do throws(APIFailure) {
            let enquiry = try Enquiry(request)
            let statements = try enquiry.statements(standing)
            guard enquiries < Self.enquiryLimit else { throw .busy }
            if let program = enquiry.program(configuration.vyper, standing) {
                guard runs.count < Self.runLimit else { throw .busy }
                enquiries += 1
                return run(program, Run(caller: ticket, enquiry: enquiry, headers: headers))
            }
            enquiries += 1
            guard !statements.isEmpty else { return answer(enquiry, nil, for: ticket, headers) }
            let asker = Look.enquiry(ticket, enquiry, headers: headers)
            effects.append(.look(look(for: asker), statements))
        } catch {
            effects.append(.reply(ticket, error.response.adding(headers)))
        }
    }

    private mutating func answer(
        _ enquiry: Enquiry, _ found: Found?, for ticket: Ticket, _ headers: [HTTPRequest.Header]
    ) {
        compute(
            .enquire(enquiry, found, chain.view, standing),
            for: .enquiry(ticket, headers: headers))
    }

    private mutating func run(_ program: Program, _ run: Run) {
        let ticket = ticket()
        runs[ticket] = run
        effects.append(.run(ticket, program))
    }

    /// Goes on with a request that waited for a program.
    mutating func take(_ end: ProgramEnd, for ticket: Ticket) {
        guard let run = runs.removeValue(forKey: ticket) else { return }
        guard run.enquiry.isSubmission else {
            compiler = Enquiry.Compiler(end)
            return answer(run.enquiry, nil, for: run.caller, run.headers)
        }
        compute(
            .verify(run.enquiry, end, chain.view, standing),
            for: .enquiry(run.caller, headers: run.headers))
    }

    /// Answers who gave a source, once what is to be kept of it is on disk.
    mutating func verified(_ response: HTTPResponse, _ write: Write?, for caller: Ticket) {
        enquiries -= 1
        guard let write else { return effects.append(.reply(caller, response)) }
        let ticket = ticket()
        keeping[ticket] = (caller, response)
        effects.append(.commit(Node.commitTicket(ticket), [write]))
    }

    private var standing: Enquiry.Standing {
        Enquiry.Standing(
            isKept: configuration.index, point: indexer.point, failure: indexer.failure,
            compiler: compiler)
    }

    /// Gives every event of the index its line.
    private mutating func log(_ event: Indexer.Event) {
        switch event {
        case .opened(let point):
            record(
                .debug, "index", "opened",
                [.init("height", point.map { "\($0.number)" } ?? "none")])
        case .catchingUp(let number, let head):
            record(.info, "index", "catching up", [.init("at", number), .init("of", head)])
        case .caughtUp(let number):
            record(.info, "index", "caught up", [.init("height", number)])
        case .wentBack(let point):
            record(
                .info, "index", "went back",
                [.init("height", point.map { "\($0.number)" } ?? "none")])
        case .lost(let reason):
            record(.warn, "index", "damaged, made again", [.init("why", reason)])
        case .failed(let reason):
            record(.warn, "index", "cannot be used, tried again", [.init("why", reason)])
        }
    }
}

extension HTTPResponse {
    /// The same with further header fields.
    func adding(_ fields: [HTTPRequest.Header]) -> HTTPResponse {
        HTTPResponse(status: status, headers: headers + fields, body: body)
    }
}
