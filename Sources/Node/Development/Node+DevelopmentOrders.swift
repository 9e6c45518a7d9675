internal import Consensus
internal import Encoding
internal import Identifiers
internal import Crypto
internal import Ledger
internal import Machine
internal import Primitives
internal import RPC
internal import Store

/// What the operator of a development chain can have done.
extension Node {
    /// Carries one order out.
    mutating func perform(_ call: DevelopmentCall, for ticket: Ticket, at now: Instant) {
        switch call {
        case .mine(let count, let step, let timestamp):
            mine(count, step, timestamp, for: ticket, at: now)
        case .automine, .interval, .impersonate, .impersonateAll, .coinbase, .nextBaseFee,
            .gasLimit, .randomness, .timestampStep, .showsConsole:
            set(call, for: ticket, at: now)
        case .increaseTime, .setTime, .nextTimestamp: setTime(call, for: ticket, at: now)
        case .change(let changes): amend(changes, for: ticket, at: now)
        case .drop(let hash):
            let isThere = pool.contains(hash)
            drop([hash], at: now)
            tell(.answered(ticket, [Reply(.bool(isThere))]), at: now)
        case .dropAll(let sender):
            let senders = sender.map { [$0] } ?? pool.senders
            drop(senders.flatMap { pool.transactions(of: $0).entries.map(\.hash) }, at: now)
            tell(.answered(ticket, [Reply(.null)]), at: now)
        case .rollBack(let count):
            rollBack(to: chain.head.number - min(count, chain.head.number), for: ticket, at: now)
        case .setHead(let number): rollBack(to: number, for: ticket, at: now)
        case .dump: dump(for: ticket, at: now)
        case .snapshot: takeSnapshot(for: ticket, at: now)
        case .revert(let id): revert(to: id, for: ticket, at: now)
        case .reset: beginAnew(for: ticket, at: now)
        case .send, .sign, .isAutomine, .intervalSeconds, .nodeInfo, .metadata:
            answer(ticket, .internal, at: now)
        }
    }

    private mutating func drop(_ hashes: [Hash32], at now: Instant) {
        for hash in hashes {
            pool.remove(hash)
            for caller in development?.takeCallers(of: hash) ?? [] {
                answer(caller, .server("transaction dropped"), at: now)
            }
        }
        refreshHead(at: now)
    }

    private mutating func dump(for ticket: Ticket, at now: Instant) {
        let view = chain.view
        let reply = Reply { () throws(RPCError) in
            do throws(ChainError) {
                return .string(StateDump.text(of: try view.allocations(), height: view.number))
            } catch {
                throw .server("\(error)")
            }
        }
        tell(.answered(ticket, [reply]), at: now)
    }

    private mutating func mine(
        _ count: UInt64, _ step: UInt64?, _ timestamp: UInt64?, for ticket: Ticket,
        at now: Instant
    ) {
        guard count <= Development.blockLimit else {
            return answer(
                ticket,
                .invalidParameters("\(count) blocks: at most \(Development.blockLimit) at once"),
                at: now)
        }
        if let timestamp {
            guard isLater(timestamp) else { return refuse(timestamp, for: ticket, at: now) }
            development?.record.settings.nextTimestamp = timestamp
        }
        guard count > 0 else { return tell(.answered(ticket, [Reply("0x0")]), at: now) }
        development?.mining = Development.Mining(left: count, step: step, ticket: ticket)
    }

    /// Sets what is no more than a setting.
    private mutating func set(_ call: DevelopmentCall, for ticket: Ticket, at now: Instant) {
        guard var record = development?.record else { return }
        switch call {
        case .automine(let automines): record.automines = automines
        case .interval(let milliseconds): record.interval = milliseconds
        case .coinbase(let address): record.settings.coinbase = address
        case .impersonateAll(let all): record.settings.impersonatesAll = all
        case .impersonate(let address, let isOn):
            var addresses = record.settings.impersonated.filter { $0 != address }
            guard !isOn || addresses.count < Development.orderLimit else {
                return answer(ticket, .limitExceeded, at: now)
            }
            if isOn { addresses.append(address) }
            record.settings.impersonated = addresses.sorted()
        case .nextBaseFee(let fee):
            record.settings.nextBaseFee = fee
            pool.setBaseFee = fee
        case .gasLimit(let limit):
            guard limit >= Header.leastGasLimit, limit <= .max >> 1 else {
                return answer(ticket, .invalidParameters("gas limit \(limit)"), at: now)
            }
            record.settings.nextGasLimit = limit
        case .randomness(let hash): record.settings.nextRandomness = hash
        case .timestampStep(let step): record.settings.step = step
        case .showsConsole(let isOn): development?.showsConsole = isOn
        default: return answer(ticket, .internal, at: now)
        }
        development?.record = record
        if case .interval = call { scheduleBlock(at: now) }
        commit(recording([]), then: .none, for: ticket, Reply(true))
    }

    private mutating func setTime(_ call: DevelopmentCall, for ticket: Ticket, at now: Instant) {
        guard var settings = development?.record.settings else { return }
        let wall = wallSeconds(at: now)
        switch call {
        case .increaseTime(let seconds):
            // Blocks that follow each other quickly are ahead of the clock: the next is to be later yet.
            let clock = max(settings.clock(wall: wall), chain.head.timestamp)
            let (sum, overflow) = clock.addingReportingOverflow(seconds)
            guard !overflow, sum <= .max >> 1 else {
                return refuse(seconds, for: ticket, at: now)
            }
            settings.setClock(sum, wall: wall)
        case .setTime(let time):
            guard isLater(time) else { return refuse(time, for: ticket, at: now) }
            settings.setClock(time, wall: wall)
        case .nextTimestamp(let time):
            // Tools give back the newest block's time: then the next is as soon as can be.
            guard isLater(time) || time == chain.head.timestamp else {
                return refuse(time, for: ticket, at: now)
            }
            settings.nextTimestamp = time
        default: return answer(ticket, .internal, at: now)
        }
        development?.record.settings = settings
        let shift = Int64(clamping: settings.ahead) - Int64(clamping: settings.behind)
        commit(recording([]), then: .none, for: ticket, Reply(.integer(shift)))
    }

    private func isLater(_ time: UInt64) -> Bool {
        time > chain.head.timestamp && time <= .max >> 1
    }

    private mutating func refuse(_ time: UInt64, for ticket: Ticket, at now: Instant) {
        answer(
            ticket,
            .invalidParameters(
                "time \(time) is before that of the newest block, \(chain.head.timestamp)"),
            at: now)
    }

    /// Makes accounts others, in the state after the newest block.
    private mutating func amend(_ changes: [AccountChange], for ticket: Ticket, at now: Instant) {
        let state = chain.view.state
        let codes = Dictionary(
            changes.compactMap(\.code).filter { !$0.isEmpty }.map { (keccak256($0), $0) },
            uniquingKeysWith: { first, _ in first })
        let diff = StateDiff(
            changes: changes.sorted { $0.address < $1.address }.map { $0.change(of: state) },
            codes: codes.sorted { $0.key < $1.key }
                .map { StateDiff.Code(hash: $0.key, bytes: $0.value) })
        do throws(ChainError) {
            let writes = try chain.amending(by: diff)
            commit(
                recording(writes), then: .changed(changes.map(\.address)), for: ticket, Reply(true))
        } catch {
            answer(ticket, .server("\(error)"), at: now)
        }
    }
}

extension AccountChange {
    /// How the account is to be, as a part of a diff.
    fileprivate func change(of state: LedgerState) -> StateDiff.Change {
        var account = state.account(address) ?? Account()
        account.balance = (balance ?? account.balance) &+ (gift ?? .zero)
        account.nonce = nonce ?? account.nonce
        if let code {
            account.codeHash = code.isEmpty ? Account.emptyCodeHash : keccak256(code)
        }
        let values = Dictionary(
            slots.map { ($0.key, $0.value) }, uniquingKeysWith: { _, last in last })
        let storage = values.sorted { $0.key < $1.key }
            .map { StateDiff.Slot(key: $0.key, value: $0.value) }
        let isGone = account.isEmpty && storage.isEmpty && !state.hasStorage(address)
        return StateDiff.Change(
            address: address, account: isGone ? nil : account, storage: storage)
    }
}
