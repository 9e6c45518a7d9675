internal import Consensus
internal import Encoding
internal import Ledger
internal import Machine
internal import Primitives
internal import RPC
internal import Store

/// How a development chain goes back, and how it begins anew.
extension Node {
    /// Remembers everything as it is now.
    mutating func takeSnapshot(for ticket: Ticket, at now: Instant) {
        guard var record = development?.record else { return }
        var writes: [Write] = []
        if record.snapshots.count == Development.snapshotLimit {
            writes += forgetting(record.snapshots.removeFirst(), before: record.snapshots.first)
        }
        record.snapshotCount += 1
        let id = record.snapshotCount
        record.snapshots.append(
            DevelopmentRecord.Snapshot(
                id: id, commits: record.commits, settings: record.settings))
        record.isLogStale = false
        development?.record = record
        development?.kept[id] = dispatcher.kept
        let waiting = pool.senders.flatMap { pool.transactions(of: $0).entries }
        writes.append(
            Write(
                Tables.snapshots, Tables.key(id),
                RLP.encode(.list(waiting.map { .bytes($0.encoded) }))))
        writes.append(Write(Tables.meta, Tables.Meta.development.key, record.encoded))
        commit(writes, then: .none, for: ticket, Reply(.quantity(id)))
    }

    /// Forgets the oldest snapshot, and what only it needed.
    private mutating func forgetting(
        _ oldest: DevelopmentRecord.Snapshot, before next: DevelopmentRecord.Snapshot?
    ) -> [Write] {
        development?.kept[oldest.id] = nil
        let undone = (oldest.commits..<(next?.commits ?? oldest.commits)).map {
            Write(Tables.undo, Tables.key($0 + 1), nil)
        }
        return undone + [Write(Tables.snapshots, Tables.key(oldest.id), nil)]
    }

    /// Makes everything as it was: what was committed since is taken back, the newest first.
    mutating func revert(to id: UInt64, for ticket: Ticket, at now: Instant) {
        guard var record = development?.record,
            let place = record.snapshots.firstIndex(where: { $0.id == id })
        else { return tell(.answered(ticket, [Reply(false)]), at: now) }
        let snapshot = record.snapshots[place]
        let disk = chain.disk.snapshot()
        var writes: [Write] = []
        for number in stride(from: record.commits, to: snapshot.commits, by: -1) {
            guard let bytes = disk.value(Tables.key(number), in: Tables.undo),
                let undo = KeptWrites.decode(bytes)
            else {
                return answer(
                    ticket, .server("database is damaged: commit \(number) cannot be taken back"),
                    at: now)
            }
            writes += undo
            writes.append(Write(Tables.undo, Tables.key(number), nil))
        }
        for gone in record.snapshots[place...] {
            writes.append(Write(Tables.snapshots, Tables.key(gone.id), nil))
            if gone.id != id { development?.kept[gone.id] = nil }
        }
        record.snapshots.removeSubrange(place...)
        record.commits = snapshot.commits
        record.settings = snapshot.settings
        record.isLogStale = true
        development?.record = record
        let waiting = waiting(at: id, on: disk)
        development?.returning = waiting
        writes.append(Write(Tables.meta, Tables.Meta.development.key, record.encoded))
        commit(writes, then: .reverted(snapshot), for: ticket, Reply(true))
    }

    /// Takes the newest blocks back, as far as it is known how.
    mutating func rollBack(to height: UInt64, for ticket: Ticket, at now: Instant) {
        guard var record = development?.record, height < chain.head.number else {
            return tell(.answered(ticket, [Reply(.null)]), at: now)
        }
        let disk = chain.disk.snapshot()
        var writes: [Write] = []
        var found = chain.head.number
        while found > height {
            guard let bytes = disk.value(Tables.key(record.commits), in: Tables.undo),
                let undo = KeptWrites.decode(bytes)
            else {
                let text = "block \(found) cannot be taken back, only \(chain.head.number - found)"
                return answer(ticket, .server(text + " of the newest can"), at: now)
            }
            writes += undo
            writes.append(Write(Tables.undo, Tables.key(record.commits), nil))
            record.commits -= 1
            let heads = undo.filter {
                $0.table == Tables.meta && $0.key == Tables.Meta.head.key
            }
            if let head = heads.last?.value { found = Tables.number(head) ?? found }
        }
        for gone in record.snapshots where gone.commits > record.commits {
            writes.append(Write(Tables.snapshots, Tables.key(gone.id), nil))
            development?.kept[gone.id] = nil
        }
        record.snapshots.removeAll { $0.commits > record.commits }
        record.isLogStale = true
        development?.record = record
        development?.returning = pool.senders.flatMap { pool.transactions(of: $0).entries }
        writes.append(Write(Tables.meta, Tables.Meta.development.key, record.encoded))
        commit(writes, then: .rolledBack, for: ticket, Reply(.null))
    }

    /// What waited in the pool at a snapshot.
    private func waiting(at id: UInt64, on disk: any Snapshot) -> [SignedTransaction] {
        let bytes = disk.value(Tables.key(id), in: Tables.snapshots) ?? []
        let elements = (try? RLP.decode(bytes).list("transactions")) ?? []
        return elements.compactMap { element in
            guard let bytes = try? element.bytes("transaction") else { return nil }
            return try? SignedTransaction(decoding: bytes, isDevelopment: true)
        }
    }

    /// Begins another chain.
    mutating func beginAnew(for ticket: Ticket, at now: Instant) {
        guard let development else { return }
        var record = DevelopmentRecord()
        record.resets = development.record.resets + 1
        record.isLogStale = true
        let genesis = development.first.renewed(record.resets)
        do throws(ChainError) {
            var writes = try chain.beginningAnew(as: genesis)
            writes.append(Write(Tables.meta, Tables.Meta.development.key, record.encoded))
            self.development?.record = record
            self.development?.kept = [:]
            self.development?.returning = []
            self.development?.nextBlock = nil
            self.genesis = genesis
            commit(writes, then: .reset, for: ticket, Reply(true))
        } catch {
            answer(ticket, .server("\(error)"), at: now)
        }
    }

    /// Opens the chain again as the disk holds it now, with a pool and filters that fit it.
    mutating func reopen(at now: Instant, _ snapshot: DevelopmentRecord.Snapshot?) {
        for caller in development?.callers ?? [] {
            answer(caller.ticket, inPool: caller.hash, at: now)
        }
        development?.callers = []
        development?.isAsking = false
        do {
            let (chain, _) = try Chain.open(
                self.chain.disk, genesis: genesis, history: configuration.history)
            instance = Instance(chainID: genesis.rules.chainID, genesisHash: chain.genesisHash)
            // The log is of blocks that are gone: the new one takes its place with the first step.
            consensus = try Node.consensus(
                genesis, instance, validators, identity, chain,
                log: Consensus::Consensus.birth(of: instance), development?.record.commits ?? 0,
                now, nil)
            self.chain = chain
        } catch {
            record(
                .error, "development", "the chain cannot be opened again",
                [.init("why", "\(error)")])
            effects.append(.stop)
            return
        }
        pool = Pool(rules: genesis.rules, head: chain.head, limits: Node.poolLimits)
        pool.setBaseFee = development?.record.settings.nextBaseFee
        for transaction in development?.returning ?? [] {
            _ = try? pool.admit(transaction, on: chain.view.state)
        }
        development?.returning = []
        dispatcher.restore(snapshot.flatMap { development?.kept.removeValue(forKey: $0.id) })
        record(
            .info, "development", chain.head.number == 0 ? "is at its beginning" : "went back",
            [.init("height", chain.head.number), .init("hash", chain.headHash)])
    }
}
