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
        case .automine, .interval, .impersonate, .impersonateAll, .coinbase, .nextBaseFee:
            set(call, for: ticket, at: now)
        case .increaseTime, .setTime, .nextTimestamp: setTime(call, for: ticket, at: now)
        case .change(let change): amend(change, for: ticket, at: now)
        case .drop(let hash):
            let isThere = pool.contains(hash)
            pool.remove(hash)
            for caller in development?.takeCallers(of: hash) ?? [] {
                answer(caller, .server("transaction dropped"), at: now)
            }
            refreshHead(at: now)
            tell(.answered(ticket, [Reply(.bool(isThere))]), at: now)
        case .snapshot: takeSnapshot(for: ticket, at: now)
        case .revert(let id): revert(to: id, for: ticket, at: now)
        case .reset: beginAnew(for: ticket, at: now)
        case .send, .sign, .isAutomine: answer(ticket, .internal, at: now)
        }
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
            let (sum, overflow) = settings.clock(wall: wall).addingReportingOverflow(seconds)
            guard !overflow, sum <= .max >> 1 else {
                return refuse(seconds, for: ticket, at: now)
            }
            settings.setClock(sum, wall: wall)
        case .setTime(let time):
            guard isLater(time) else { return refuse(time, for: ticket, at: now) }
            settings.setClock(time, wall: wall)
        case .nextTimestamp(let time):
            guard isLater(time) else { return refuse(time, for: ticket, at: now) }
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
                "time \(time) is not after that of the newest block, \(chain.head.timestamp)"),
            at: now)
    }

    /// Makes an account another, in the state after the newest block.
    private mutating func amend(_ change: AccountChange, for ticket: Ticket, at now: Instant) {
        let state = chain.view.state
        var account = state.account(change.address) ?? Account()
        account.balance = change.balance ?? account.balance
        account.nonce = change.nonce ?? account.nonce
        var codes: [StateDiff.Code] = []
        if let code = change.code {
            account.codeHash = code.isEmpty ? Account.emptyCodeHash : keccak256(code)
            if !code.isEmpty { codes = [StateDiff.Code(hash: account.codeHash, bytes: code)] }
        }
        let slots = change.slot.map { [StateDiff.Slot(key: $0.key, value: $0.value)] } ?? []
        let isGone = account.isEmpty && slots.isEmpty && !state.hasStorage(change.address)
        let diff = StateDiff(
            changes: [
                StateDiff.Change(
                    address: change.address, account: isGone ? nil : account, storage: slots)
            ], codes: codes)
        do throws(ChainError) {
            let writes = try chain.amending(by: diff)
            commit(
                recording(writes), then: .changed(change.address), for: ticket, Reply(true))
        } catch {
            answer(ticket, .server("\(error)"), at: now)
        }
    }
}
