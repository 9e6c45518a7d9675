internal import Consensus
internal import Crypto
internal import Encoding
internal import Identifiers
internal import Ledger
internal import Machine
internal import Primitives
internal import RPC
internal import Store

/// The order of things on a development chain: one after the other.
extension Node {
    /// What a development chain has; `nil` on any other.
    static func development(
        of genesis: Genesis, _ identity: Identity, on disk: any Disk
    ) throws(StartFailure) -> Development? {
        guard genesis.rules.isDevelopment,
            genesis.validators.first?.publicKey == identity.validator.publicKey.compressed
        else { return nil }
        let key = Tables.Meta.development.key
        guard let bytes = disk.snapshot().value(key, in: Tables.meta) else {
            return Development(first: genesis, record: DevelopmentRecord())
        }
        guard let record = try? DevelopmentRecord(decoding: bytes) else {
            throw .chain(.damaged("the record of the development chain is unreadable"))
        }
        return Development(first: genesis, record: record)
    }

    /// Takes an order in, or answers what needs no order.
    mutating func develop(
        _ call: DevelopmentCall, method: String, _ ticket: Ticket, at now: Instant
    ) {
        guard let development else { return answer(ticket, .methodNotFound(method), at: now) }
        switch call {
        case .send(let request): send(request, for: ticket, at: now)
        case .sign(let address, let digest):
            let reply = Reply { () throws(RPCError) in
                .string(Hex.encode(try signature(of: digest, by: address)))
            }
            tell(.answered(ticket, [reply]), at: now)
        case .isAutomine, .intervalSeconds, .nodeInfo, .metadata:
            tell(.answered(ticket, [Reply(told(call, development.record))]), at: now)
        default:
            guard development.orders.count < Development.orderLimit else {
                return answer(ticket, .limitExceeded, at: now)
            }
            self.development?.orders.append((ticket, call))
        }
    }

    /// Goes on with what was asked for, if nothing is under way; tells whether anything came of it.
    mutating func advanceDevelopment(at now: Instant) -> Bool {
        guard let development, development.commit == nil, commits.isEmpty, consensus.isAtRest
        else { return false }
        if development.mining == nil, let (ticket, call) = development.orders.first {
            self.development?.orders.removeFirst()
            perform(call, for: ticket, at: now)
            return true
        }
        let wants = development.mining != nil || development.record.automines && pool.hasExecutable
        if !wants, !development.callers.isEmpty {
            // What is not for the next block is in the pool: that is all there is to tell.
            self.development?.callers = []
            for caller in development.callers {
                answer(caller.ticket, inPool: caller.hash, at: now)
            }
            return true
        }
        guard wants != development.isAsking else { return false }
        self.development?.isAsking = wants
        tell(.valueWaiting(wants), at: now)
        return true
    }

    /// Notes that the time has come for a block that nobody asked for.
    mutating func keepInterval(at now: Instant) {
        guard let due = development?.nextBlock, due <= now else { return }
        scheduleBlock(at: now)
        guard development?.mining == nil else { return }
        development?.mining = Development.Mining(left: 1, step: nil, ticket: nil)
    }

    /// Sets when the next block is due that nobody asks for.
    mutating func scheduleBlock(at now: Instant) {
        guard let interval = development?.record.interval else { return }
        development?.nextBlock =
            interval > 0 ? now.advanced(by: .milliseconds(Int64(clamping: interval))) : nil
    }

    /// What the next block of a development chain is made of.
    mutating func developmentPlan(
        _ request: Consensus::Consensus.Build, on view: ChainView, at now: Instant
    ) -> BlockPlan {
        // The order for this block is taken: another may be given once it is final.
        development?.isAsking = false
        tell(.valueWaiting(false), at: now)
        let settings = development?.record.settings ?? .init()
        let mining = development?.mining
        let step = (mining?.step ?? settings.step).map { view.head.timestamp &+ $0 }
        let gas = settings.nextGasLimit ?? view.head.gasLimit
        var candidates = candidates(on: view, gas: gas)
        if mining == nil, genesis.blockIntervalMilliseconds == 0 {
            candidates = Array(candidates.prefix(1))
        }
        development?.candidate = mining == nil ? candidates.first?.hash : nil
        return BlockPlan(
            parent: view,
            timestamp: settings.nextTimestamp ?? step ?? settings.clock(wall: wallSeconds(at: now)),
            coinbase: settings.coinbase ?? validators.members[request.leader].address,
            extraData: request.commitment, gas: gas, candidates: candidates,
            baseFee: settings.nextBaseFee, gasLimit: settings.nextGasLimit,
            randomness: settings.nextRandomness)
    }

    /// Whether a block that was built is for nothing: what it was made for has no place in a block.
    mutating func isInVain(_ overlay: Overlay) -> Bool {
        guard let hash = development?.candidate, overlay.block.transactions.isEmpty
        else { return false }
        development?.candidate = nil
        pool.remove(hash)
        return true
    }

    /// Takes in that a block is final: whoever waited for it is answered, and what is set for it is done.
    ///
    /// Gives what to commit with it.
    mutating func settleDevelopment(_ block: Overlay, _ writes: [Write], at now: Instant) -> [Write]
    {
        guard var development else { return writes }
        let isTimed =
            development.record.settings.nextTimestamp != nil || development.mining?.step != nil
            || development.record.settings.step != nil
        if isTimed {
            development.record.settings.setClock(
                block.header.timestamp, wall: wallSeconds(at: now))
        }
        development.record.settings.nextTimestamp = nil
        development.record.settings.nextBaseFee = nil
        development.record.settings.nextGasLimit = nil
        development.record.settings.nextRandomness = nil
        pool.setBaseFee = nil
        development.candidate = nil
        var answered: [Ticket] = []
        if var mining = development.mining {
            mining.left -= 1
            development.mining = mining.left > 0 ? mining : nil
            if mining.left == 0, let ticket = mining.ticket { answered.append(ticket) }
        }
        var mined: [(Ticket, Hash32)] = []
        for transaction in block.block.transactions where !development.callers.isEmpty {
            for ticket in development.takeCallers(of: transaction.hash) {
                mined.append((ticket, transaction.hash))
            }
        }
        self.development = development
        for ticket in answered { tell(.answered(ticket, [Reply("0x0")]), at: now) }
        for (ticket, hash) in mined { answer(ticket, inPool: hash, at: now) }
        return recording(writes)
    }

    /// The writes with what keeps the record, and with what takes them back if a snapshot may need it.
    mutating func recording(_ writes: [Write]) -> [Write] {
        guard var record = development?.record else { return writes }
        var writes = writes
        record.isLogStale = false
        record.commits += 1
        let undo = KeptWrites.encode(chain.undo(of: writes))
        writes.append(Write(Tables.undo, Tables.key(record.commits), undo))
        // What no snapshot needs is kept for a while, for the newest blocks can be taken back.
        let (old, underflow) = record.commits.subtractingReportingOverflow(Development.undoLimit)
        if !underflow, old <= record.snapshots.first?.commits ?? .max {
            writes.append(Write(Tables.undo, Tables.key(old), nil))
        }
        development?.record = record
        writes.append(Write(Tables.meta, Tables.Meta.development.key, record.encoded))
        return writes
    }

    /// Commits what came of an order; the caller is answered once it is on disk.
    mutating func commit(
        _ writes: [Write], then completion: Development.Completion, for caller: Ticket,
        _ reply: Reply
    ) {
        let ticket = ticket()
        development?.commit = (ticket, completion, caller, reply)
        effects.append(.commit(Node.commitTicket(ticket), writes))
    }

    /// Takes in that an order's commit is on disk; tells whether it was one.
    mutating func committed(_ ticket: Ticket, at now: Instant) -> Bool {
        guard let commit = development?.commit, commit.ticket == ticket else { return false }
        development?.commit = nil
        switch commit.completion {
        case .none: break
        case .changed(let addresses):
            let freed = pool.advance(
                to: chain.head, changing: addresses, state: chain.view.state)
            for transaction in freed { tell(.admitted(transaction), at: now) }
        case .reverted(let snapshot): reopen(at: now, snapshot)
        case .rolledBack: reopen(at: now, nil)
        case .reset: reopen(at: now, nil)
        }
        tell(.answered(commit.caller, [commit.reply]), at: now)
        refreshHead(at: now)
        return true
    }

    func wallSeconds(at now: Instant) -> UInt64 { unixMilliseconds(at: now) / 1_000 }

    mutating func answer(_ ticket: Ticket, _ error: RPCError, at now: Instant) {
        tell(.answered(ticket, [Reply(error)]), at: now)
    }

    mutating func answer(_ ticket: Ticket, inPool hash: Hash32, at now: Instant) {
        tell(.answered(ticket, [Reply(.string(hash.description))]), at: now)
    }
}
