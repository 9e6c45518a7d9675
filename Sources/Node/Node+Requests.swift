internal import Apps
internal import Consensus
internal import Encoding
internal import Identifiers
internal import Index
internal import Ledger
internal import Machine
internal import Network
internal import Primitives
internal import RPC

extension Node {
    /// Serves an HTTP request: a call, or a page.
    mutating func serve(_ ticket: Ticket, _ request: HTTPRequest, at now: Instant) {
        let policy = HTTPFace.Policy(origins: configuration.origins, hosts: configuration.hosts)
        switch HTTPFace.judge(request, policy) {
        case .call(_, let headers) where Enquiry.isMeant(request):
            enquire(ticket, request, headers: headers, at: now)
        case .call(let body, let headers):
            tell(.received(.request(ticket, headers: headers), body), at: now)
        case .query(let body, let mayChange, let headers):
            tell(.queried(ticket, headers: headers, body, mayChange: mayChange), at: now)
        case .page where Enquiry.isMeant(request):
            enquire(ticket, request, headers: HTTPFace.allowance(request, policy), at: now)
        case .page:
            let response = Pages.response(to: request) ?? HTTPResponse(status: 404)
            effects.append(.reply(ticket, response))
        case .respond(let response): effects.append(.reply(ticket, response))
        }
    }

    /// Lets a WebSocket in, at any path.
    mutating func join(_ session: Session, _ path: String) {
        record(.debug, "rpc", "websocket", [.init("path", path), .init("session", session.number)])
    }

    /// Does what the dispatcher of calls asks for.
    mutating func perform(_ output: Dispatcher.Output, at now: Instant) {
        switch output {
        case .reply(let ticket, let response): effects.append(.reply(ticket, response))
        case .send(let session, let bytes): effects.append(.push(session, bytes))
        case .read(let ticket, let calls):
            compute(.read(chain.view, calls.map(withSetFee)), for: .read(ticket))
        case .submit(let ticket, let bytes): submit(bytes, for: ticket, at: now)
        case .ask(let ticket, let call): answer(call, ticket, at: now)
        }
    }

    private mutating func answer(_ call: NodeCall, _ ticket: Ticket, at now: Instant) {
        let reply: Reply
        switch call {
        case .status: reply = Reply(status(at: now))
        case .validators: reply = Reply(validatorsJSON(at: now))
        case .isolate(let isIsolated):
            guard configuration.development else {
                reply = Reply(RPCError.server("only a development network can be cut off"))
                break
            }
            progress.isIsolated = isIsolated
            tell(.isolate(isIsolated), at: now)
            reply = Reply(true)
        case .pendingNonce(let address):
            let nonce =
                pool.nextNonce(of: address) ?? chain.view.state.account(address)?.nonce ?? 0
            reply = Reply(.quantity(nonce))
        case .pooled(let hash):
            guard let transaction = pool.transaction(hash) else {
                return tell(.missed(ticket), at: now)
            }
            reply = Reply(transaction.pendingJSON)
        case .poolContent(let sender): reply = Reply(pool.content(of: sender))
        case .query(let query):
            let seeing = query.seeing(pool.waiting(limit: RPCLimits.graphWaiting))
            return compute(.read(chain.view, [.query(seeing)]), for: .read(ticket))
        case .build(let request):
            let waiting = candidates(on: chain.view, gas: chain.head.gasLimit).map(\.encoded)
            return compute(
                .read(chain.view, [.build(request.filled(with: waiting))]), for: .read(ticket))
        case .develop(let call, let method):
            return develop(call, method: method, ticket, at: now)
        }
        tell(.answered(ticket, [reply]), at: now)
    }

    /// Gives the answer of a job to whoever waits for it.
    mutating func finish(_ ticket: Ticket, _ answer: Work.Result, at now: Instant) {
        switch (jobs.removeValue(forKey: ticket), answer) {
        case (.intake(let bundles), .recovered(let results)):
            recovered(results, for: bundles, at: now)
        case (.build(let view, let parent, let start), .built(let overlay, let said)):
            for line in said where development?.showsConsole ?? false {
                record(.info, "console", "said", [.init("text", line)])
            }
            if let overlay { note(overlay, since: start, at: now) }
            built(overlay, view: view, parent: parent, at: now)
        case (.judge(let proposal, let value, let start), .judged(let verdict)):
            if case .valid(let overlay) = verdict { note(overlay, since: start, at: now) }
            judged(verdict, proposal: proposal, value: value, at: now)
        case (.read(let question), .answered(let replies)):
            tell(.answered(question, explained(replies)), at: now)
        case (.estimate(let question, let request), .answered(let replies)):
            estimated(explained(replies).first, request, for: question, at: now)
        case (.recall(let question), .recalled(let blocks)):
            tell(
                .recalled(
                    question,
                    blocks.map { Consensus::Consensus.Recalled(record: $0.record, value: $0.value) }
                ), at: now)
        case (.indexReading, .indexed(let reading)): tell(.read(reading), at: now)
        case (.indexComparing, .compared(let point)): tell(.compared(point), at: now)
        case (.enquiry(let ticket, let headers), .responded(let response)):
            enquiries -= 1
            effects.append(.reply(ticket, response.adding(headers)))
        case (.enquiry(let ticket, let headers), .verified(let response, let write)):
            verified(response.adding(headers), write, for: ticket)
        case (.intake, _), (.build, _), (.judge, _), (.read, _), (.estimate, _), (.recall, _),
            (.indexReading, _), (.indexComparing, _), (.enquiry, _), (nil, _):
            preconditionFailure("a job was answered with another's answer")
        }
    }
}
