internal import Consensus
internal import Crypto
internal import Encoding
internal import Identifiers
internal import Ledger
internal import Machine
internal import Network
internal import Primitives
internal import RPC

extension Node {
    /// Offers a caller's transaction to the pool.
    mutating func submit(_ bytes: [UInt8], for ticket: Ticket, at now: Instant) {
        if let rejection = pool.refusal(of: bytes) {
            return tell(.answered(ticket, [Reply(RPCError.server("\(rejection)"))]), at: now)
        }
        let bundle = Intake.Bundle(origin: .caller(ticket), transactions: [bytes])
        guard intake.add(bundle) else {
            let error = RPCError.server("busy: too many transactions wait, try again later")
            return tell(.answered(ticket, [Reply(error)]), at: now)
        }
        startIntake()
    }

    /// Takes in what a peer spread: a list of transactions as they stand in a block.
    mutating func takeIn(
        _ content: [UInt8], _ id: MessageID, from peer: PeerID, at now: Instant
    ) {
        guard let transactions = try? TransactionBundle(decoding: content).transactions else {
            return tell(.validated(id, .reject), at: now)
        }
        // What is here already, or has no chance, is not worth the recovery of its sender.
        let welcome = zip(transactions, Keccak256.hashes(of: transactions)).filter {
            !pool.contains($1) && pool.refusal(of: $0) == nil
        }.map(\.0)
        let bundle = Intake.Bundle(origin: .peer(id), transactions: welcome)
        guard !welcome.isEmpty, intake.add(bundle) else {
            return tell(.validated(id, .ignore), at: now)
        }
        startIntake()
    }

    private mutating func startIntake() {
        while let bundles = intake.next() {
            compute(.recover(bundles.map(\.transactions)), for: .intake(bundles))
        }
    }

    /// Admits transactions whose senders are known now.
    mutating func recovered(
        _ results: [[Work.Recovery]], for bundles: [Intake.Bundle], at now: Instant
    ) {
        intake.finished()
        let state = chain.view.state
        for (bundle, results) in zip(bundles, results) {
            switch bundle.origin {
            case .caller(let ticket):
                guard let result = results.first else { continue }
                let reply = reply(to: result, state, at: now)
                if case .success(let transaction) = result,
                    reply == Reply(.string(transaction.hash.description)),
                    hold(transaction, for: ticket)
                {
                    continue
                }
                tell(.answered(ticket, [reply]), at: now)
            case .peer(let id):
                tell(.validated(id, verdict(on: results, state, at: now)), at: now)
            }
        }
        startIntake()
        tellWaiting(at: now)
        refreshHead(at: now)
    }

    private mutating func reply(
        to result: Work.Recovery, _ state: LedgerState, at now: Instant
    ) -> Reply {
        switch result {
        case .failure(let failure): return Reply(RPCError.server("\(failure)"))
        case .success(let transaction):
            do throws(PoolRejection) {
                try admit(transaction, state, at: now)
            } catch {
                return Reply(RPCError.server("\(error)"))
            }
            ownTransactions.add(transaction.hash, at: now)
            if intake.spread(transaction.encoded, at: now) { spreadTransactions(at: now) }
            return Reply(.string(transaction.hash.description))
        }
    }

    private mutating func verdict(
        on results: [Work.Recovery], _ state: LedgerState, at now: Instant
    ) -> Gossip.Verdict {
        var isNew = false
        for result in results {
            guard case .success(let transaction) = result else { return .reject }
            if (try? admit(transaction, state, at: now)) != nil { isNew = true }
        }
        return isNew ? .accept : .ignore
    }

    /// Puts a transaction into the pool, or says why not.
    mutating func admit(
        _ transaction: SignedTransaction, _ state: LedgerState, at now: Instant
    ) throws(PoolRejection) {
        let admission = try pool.admit(transaction, on: state)
        for transaction in admission.executable { tell(.admitted(transaction), at: now) }
    }

    /// Spreads what was admitted here.
    mutating func spreadTransactions(at now: Instant) {
        let transactions = intake.takeOutgoing(at: now)
        guard !transactions.isEmpty else { return }
        tell(
            .publish(transactionTopic, TransactionBundle(transactions: transactions).encoded),
            at: now)
    }

    /// The transactions that the next block may take up, best first.
    ///
    /// Those in blocks that are not final yet are left out: their nonces are used on this parent.
    /// Most use less than they may: those that may use twice the block's gas are tried.
    func candidates(on view: ChainView, gas: UInt64) -> [SignedTransaction] {
        let (double, overflow) = gas.multipliedReportingOverflow(by: 2)
        return pool.select(
            on: view, baseFee: pool.setBaseFee ?? view.head.nextBaseFee,
            gas: overflow ? gas : double,
            bytes: 2 * BlockPlan.byteLimit)
    }
}
