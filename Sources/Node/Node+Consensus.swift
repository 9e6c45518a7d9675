internal import Consensus
internal import Identifiers
internal import Ledger
internal import Machine
internal import Network
internal import Primitives
internal import RPC

extension Node {
    /// Does what consensus asks for.
    mutating func perform(_ output: Consensus::Consensus.Output, at now: Instant) {
        switch output {
        case .send(let message, let target): send(message, to: target, at: now)
        case .append(let ticket, let bytes): effects.append(.append(Node.logTicket(ticket), bytes))
        case .replace(let ticket, let bytes):
            effects.append(.replace(Node.logTicket(ticket), bytes))
        case .build(let request): build(request, at: now)
        case .judge(let request): judge(request, at: now)
        case .finalized(let block): finalize(block, at: now)
        case .recall(let ticket, let height, let count, let bytes):
            let work = Work.Duty.recall(chain.view, height: height, count: count, bytes: bytes)
            compute(work, for: .recall(ticket))
        case .report(let offence, let source): blame(source, for: offence, at: now)
        case .emit(let event): take(event)
        }
    }

    private mutating func build(_ request: Consensus::Consensus.Build, at now: Instant) {
        guard let view = chain.view(of: request.parentValue) else {
            return tell(.valueBuilt(view: request.view, parent: request.parent, nil), at: now)
        }
        compute(
            .build(plan(request, on: view, at: now)),
            for: .build(view: request.view, parent: request.parent, since: now))
    }

    private mutating func plan(
        _ request: Consensus::Consensus.Build, on view: ChainView, at now: Instant
    ) -> BlockPlan {
        guard development == nil else { return developmentPlan(request, on: view, at: now) }
        let gas = budget.gas(limit: view.head.gasLimit)
        return BlockPlan(
            parent: view,
            timestamp: max(view.head.timestamp, wallSeconds(at: now)),
            coinbase: validators.members[request.leader].address,
            extraData: request.commitment,
            gas: gas, candidates: candidates(on: view, gas: gas))
    }

    private mutating func judge(_ request: Consensus::Consensus.Judgement, at now: Instant) {
        let verdict: Consensus::Consensus.Verdict
        if let known = chain.overlay(request.value.hash) {
            // Built here, or judged before under another proposal: executed once.
            let fits =
                known.header.extraData == request.commitment.bytes
                && (development != nil
                    || known.header.beneficiary == validators.members[request.leader].address)
                && known.header.parentHash == request.parentValue
            verdict = fits ? .valid : .mismatched
        } else if let view = chain.view(of: request.parentValue) {
            let claim = BlockClaim(
                parent: view, hash: request.value.hash, bytes: request.value.bytes,
                coinbase: validators.members[request.leader].address,
                extraData: request.commitment, known: pool.known,
                latest: (unixMilliseconds(at: now) + 500) / 1_000)
            let errand = Errand.judge(
                proposal: request.proposal, value: request.value.hash, since: now)
            return compute(.judge(claim), for: errand)
        } else {
            verdict = .pending
        }
        tell(.valueJudged(proposal: request.proposal, verdict), at: now)
    }

    /// Notes what a block took to be executed.
    mutating func note(_ overlay: Overlay, since start: Instant, at now: Instant) {
        budget.note(gas: overlay.header.gasUsed, since: start, at: now)
        record(
            .debug, "ledger", "block executed",
            [
                .init("height", overlay.number), .init("gas", overlay.header.gasUsed),
                .init("transactions", overlay.block.transactions.count),
                .init("milliseconds", Node.milliseconds(now) - Node.milliseconds(start)),
                .init("budget", budget.gas(limit: overlay.header.gasLimit)),
            ])
    }

    /// Takes in a block that was built for this node to propose.
    mutating func built(_ overlay: Overlay?, view: UInt64, parent: Hash32, at now: Instant) {
        var value: Value?
        if let overlay, !isInVain(overlay), (try? chain.insert(overlay)) != nil {
            value = Value(hash: overlay.hash, bytes: overlay.block.encoded)
        }
        tell(.valueBuilt(view: view, parent: parent, value), at: now)
    }

    /// Takes in the verdict on a block.
    mutating func judged(_ judged: Work.Judged, proposal: Hash32, value: Hash32, at now: Instant) {
        let verdict: Consensus::Consensus.Verdict
        switch judged {
        case .valid(let overlay):
            do throws(ChainError) {
                try chain.insert(overlay)
                verdict = .valid
            } catch {
                verdict = .pending
            }
        case .invalid(let reason):
            record(.warn, "ledger", "block refused", [.init("hash", value), .init("why", reason)])
            verdict = .invalid
        case .mismatched: verdict = .mismatched
        case .early: verdict = .pending
        }
        tell(.valueJudged(proposal: proposal, verdict), at: now)
    }

    private mutating func finalize(_ final: Consensus::Consensus.Finalized, at now: Instant) {
        let finalization: Finalization
        do throws(ChainError) {
            finalization = try chain.finalize(
                final.value.hash, certificate: final.block.encoded)
        } catch {
            // Consensus asks for this only after the block was judged valid and kept.
            record(.error, "ledger", "final block is not at hand", [.init("why", error)])
            effects.append(.stop)
            return
        }
        var writes = finalization.writes
        for block in finalization.blocks {
            writes = settleDevelopment(block, writes, at: now)
        }
        let ticket = ticket()
        commits[ticket] = Finality(hash: final.value.hash, height: final.block.height)
        effects.append(.commit(Node.commitTicket(ticket), writes))
        let state = chain.view.state
        for overlay in finalization.blocks {
            let freed = pool.advance(
                to: overlay.header, changing: overlay.changedAccounts, state: state)
            tell(.finalized(overlay), at: now)
            for transaction in freed { tell(.admitted(transaction), at: now) }
        }
        tellWaiting(at: now)
        refreshHead(at: now)
    }

    /// Tells consensus whether there is something for a block.
    mutating func tellWaiting(at now: Instant) {
        // On a development chain that is also the operator's to say, and told when all is done.
        if development == nil { tell(.valueWaiting(pool.hasExecutable), at: now) }
    }

    /// Takes in that something is on disk.
    mutating func persisted(_ ticket: Ticket, at now: Instant) {
        let own = Ticket(ticket.number >> 1)
        guard ticket.number & 1 == 1 else { return tell(.persisted(own), at: now) }
        if let (caller, response) = keeping.removeValue(forKey: own) {
            return effects.append(.reply(caller, response))
        }
        guard !committed(own, at: now) else { return }
        guard let finality = commits.removeValue(forKey: own) else { return }
        chain.committed(finality.hash)
        if finality.height > 0 { tell(.committed(height: finality.height), at: now) }
    }

    /// Consensus draws the tickets of the log, the node those of the database: even and odd.
    static func logTicket(_ ticket: Ticket) -> Ticket { Ticket(ticket.number << 1) }
    static func commitTicket(_ ticket: Ticket) -> Ticket { Ticket(ticket.number << 1 | 1) }

    private mutating func blame(
        _ source: Source, for offence: Consensus::Consensus.Offence, at now: Instant
    ) {
        // Who merely passed a message on proved that a validator made it: it is not to blame.
        guard !PeerDirectory.isPassedOn(source), let peer = directory.peer(source) else { return }
        record(.warn, "consensus", "\(offence)", [.init("peer", peer.short)])
        tell(.ban(peer), at: now)
    }

    private mutating func take(_ event: Consensus::Consensus.Event) {
        switch event {
        case .entered(let view, let leader):
            progress.view = view
            progress.leader = leader
        case .finalized(let height, _, _):
            if let start = progress.syncStart, height >= progress.highest, height > start {
                progress.syncStart = nil
            }
        case .syncing(let height, _):
            progress.highest = max(progress.highest, height)
            if progress.syncStart == nil { progress.syncStart = chain.head.number }
        case .probationBegan(let condition): progress.silence = "probation: log \(condition)"
        case .probationEnded: progress.silence = nil
        case .halted(let alarm): progress.silence = "halted: \(alarm)"
        case .skipped, .proposed, .voted, .certified, .convicted: break
        }
        log(event)
    }
}
