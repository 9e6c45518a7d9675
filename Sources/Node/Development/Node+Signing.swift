internal import Crypto
internal import Encoding
internal import Identifiers
internal import Ledger
internal import Machine
internal import Primitives
internal import RPC

/// The accounts of a development chain, for which the node signs.
extension Node {
    /// Signs a transaction that a caller describes, and offers it to the pool.
    mutating func send(_ request: CallRequest, for ticket: Ticket, at now: Instant) {
        var request = request
        if request.from == .zero, let first = DevelopmentAccounts.addresses.first {
            request.from = first
        }
        guard isOurs(request.from) else {
            return answer(ticket, .server("unknown account \(request.from)"), at: now)
        }
        if let gas = request.gas { return send(request, gas: gas, for: ticket, at: now) }
        // What would fail is told before it is sent, with the reason.
        let reading = withSetFee(ReadCall.estimateGas(request, .latest, Overrides()))
        compute(.read(chain.view, [reading]), for: .estimate(ticket, request))
    }

    /// An estimate for a block whose base fee the operator has set is made with that fee.
    func withSetFee(_ call: ReadCall) -> ReadCall {
        guard let fee = pool.setBaseFee,
            case .estimateGas(let request, let block, var overrides) = call,
            overrides.baseFee == nil
        else { return call }
        overrides.baseFee = fee
        return .estimateGas(request, block, overrides)
    }

    /// Takes in how much gas a transaction needs.
    mutating func estimated(
        _ reply: Reply?, _ request: CallRequest, for ticket: Ticket, at now: Instant
    ) {
        guard let reply else { return answer(ticket, .internal, at: now) }
        guard let gas = reply.number else { return tell(.answered(ticket, [reply]), at: now) }
        send(request, gas: gas, for: ticket, at: now)
    }

    private mutating func send(
        _ request: CallRequest, gas: UInt64, for ticket: Ticket, at now: Instant
    ) {
        let state = chain.view.state
        let nonce =
            pool.nextNonce(of: request.from) ?? state.account(request.from)?.nonce ?? 0
        do throws(RPCError) {
            let transaction = try request.transaction(
                chainID: genesis.rules.chainID, nonce: nonce, gas: gas,
                baseFee: pool.setBaseFee ?? chain.head.nextBaseFee)
            let signed =
                key(of: request.from).map { SignedTransaction(signing: transaction, with: $0) }
                ?? SignedTransaction(impersonating: request.from, transaction)
            do throws(PoolRejection) {
                try admit(signed, state, at: now)
            } catch {
                throw .server("\(error)")
            }
            refreshHead(at: now)
            if !hold(signed, for: ticket) { answer(ticket, inPool: signed.hash, at: now) }
        } catch {
            answer(ticket, error, at: now)
        }
    }

    /// Lets a caller wait until a transaction of his is in a block, if it will be at once.
    mutating func hold(_ transaction: SignedTransaction, for ticket: Ticket) -> Bool {
        guard development?.record.automines == true, genesis.blockIntervalMilliseconds == 0,
            pool.contains(transaction.hash)
        else { return false }
        development?.callers.append((transaction.hash, ticket))
        return true
    }

    /// Signs a digest for an account: `r`, `s`, and 27 or 28 as wallets write it.
    func signature(of digest: Hash32, by address: Address) throws(RPCError) -> [UInt8] {
        guard let key = key(of: address) else { throw .server("unknown account \(address)") }
        let signature = Secp256k1.sign(digest, with: key)
        return signature.r.bytes + signature.s.bytes + [27 + signature.recoveryID]
    }

    private func key(of address: Address) -> Secp256k1.SecretKey? {
        DevelopmentAccounts.addresses.firstIndex(of: address).map { DevelopmentAccounts.keys[$0] }
    }

    private func isOurs(_ address: Address) -> Bool {
        guard let settings = development?.record.settings else { return false }
        return settings.impersonatesAll || settings.impersonated.contains(address)
            || DevelopmentAccounts.addresses.contains(address)
    }
}
