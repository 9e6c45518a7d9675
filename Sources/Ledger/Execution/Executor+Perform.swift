import EVM
import Identifiers
import Primitives

extension Executor {
    /// Carries out a transaction that was found valid.
    func perform(
        _ signed: SignedTransaction, _ intrinsic: IntrinsicGas, price: UInt256
    ) -> Executed {
        let transaction = signed.transaction
        let sender = signed.sender
        let bought = UInt256(transaction.gasLimit) &* price
        let blobPrice = min(environment.blobBaseFee, transaction.maxFeePerBlobGas)
        let blobs = UInt256(transaction.blobGas) &* blobPrice
        journal.debit(sender, bought &+ blobs)
        // A call that only asks may name any nonce: the account's own counts.
        let nonce = journal.nonce(sender)
        journal.setNonce(sender, nonce &+ 1)

        let recipient = transaction.to ?? Address.created(by: sender, nonce: nonce)
        warmUp(transaction, sender: sender, recipient: recipient)
        let start = begin(transaction, intrinsic)
        for authorization in transaction.authorizationList { apply(authorization) }
        // What authorizations of accounts that were there give back, execution may use; the block
        // counts it nonetheless.
        let granted =
            interpreter.stateGas.paysForFailure
            ? 0 : UInt64(interpreter.stateGas.reservoir - start.reservoir)
        if revision >= .prague, let delegate = journal.code(recipient).delegate {
            _ = journal.warm(delegate)
        }

        let outcome = run(
            transaction, from: sender, to: recipient, price: price,
            gas: start.gas)
        if revision >= .amsterdam { giveBackDestroyed() }
        let (gasUsed, greatest) = settle(transaction, outcome, floor: intrinsic.floor)
        // The gas that goes with an address that is taken is no work (EIP-684).
        let isTaken = outcome.status == .failed(.addressCollision)
        let work = isTaken ? intrinsic.start : greatest + granted
        let blockGas = blockGas(work, intrinsic)
        let rest = UInt256(transaction.gasLimit - gasUsed)
        journal.credit(sender, rest &* price)
        // Only a call that nobody pays for may offer less than the base fee.
        let fee = revision >= .london ? min(environment.baseFee, price) : .zero
        let tip = price &- fee
        journal.credit(environment.coinbase, UInt256(gasUsed) &* tip)
        let logs = journal.endTransaction()
        return Executed(
            outcome: outcome, gasUsed: gasUsed, greatestGasUsed: greatest, blockGas: blockGas,
            gasPrice: price, logs: logs)
    }

    /// The gas that execution begins with, and what of it is set apart for the state (EIP-8037).
    private func begin(
        _ transaction: Transaction, _ intrinsic: IntrinsicGas
    ) -> (gas: UInt64, reservoir: Int64) {
        let gas = transaction.gasLimit - intrinsic.start
        guard revision >= .amsterdam else { return (gas, 0) }
        let cap = Transaction.gasCap - min(intrinsic.regular, Transaction.gasCap)
        interpreter.stateGas = StateGas(
            reservoir: Int64(clamping: gas - min(gas, cap)),
            paysForFailure: environment.rules.paysForFailedState)
        return (min(gas, cap), interpreter.stateGas.reservoir)
    }

    /// What of the gas the block counts: all that was used, the kinds apart (EIP-7778, EIP-8037).
    private func blockGas(
        _ all: UInt64, _ intrinsic: IntrinsicGas
    ) -> BlockGas {
        guard revision >= .amsterdam else { return BlockGas(regular: all) }
        let stateGas = interpreter.stateGas
        let state = UInt64(max(0, Int64(intrinsic.state) + stateGas.used))
        let aside = state + UInt64(stateGas.forfeited)
        return BlockGas(
            regular: max(all - min(all, aside), intrinsic.floor), state: state)
    }

    private func run(
        _ transaction: Transaction, from sender: Address, to recipient: Address, price: UInt256,
        gas: UInt64
    ) -> Outcome {
        interpreter.environment.origin = sender
        interpreter.environment.gasPrice = price
        interpreter.environment.blobHashes = transaction.blobHashes
        return interpreter.run(
            Message(
                sender: sender, recipient: recipient, createsContract: transaction.to == nil,
                value: transaction.value, input: transaction.data, gas: Int64(clamping: gas)))
    }

    /// Runs a call of the rules themselves, which no one pays for.
    func runSystem(_ message: Message) -> Outcome {
        interpreter.environment.origin = message.sender
        interpreter.stateGas = StateGas()
        interpreter.environment.gasPrice = .zero
        interpreter.environment.blobHashes = []
        return interpreter.run(message)
    }

    /// What is warm from the start (EIP-2929, EIP-2930, EIP-3651).
    func warmUp(_ transaction: Transaction, sender: Address, recipient: Address) {
        guard revision >= .berlin else { return }
        _ = journal.warm(sender)
        _ = journal.warm(recipient)
        if revision >= .shanghai { _ = journal.warm(environment.coinbase) }
        for access in transaction.accessList {
            _ = journal.warm(access.address)
            for slot in access.slots { journal.warm(access.address, slot) }
        }
    }

    /// Sets an account's code to a delegation, if the authorization holds (EIP-7702).
    func apply(_ authorization: Authorization) {
        guard
            authorization.chainID.isZero
                || authorization.chainID == UInt256(environment.rules.chainID),
            authorization.nonce < .max, let authority = authorization.recoverAuthority()
        else { return }
        _ = journal.warm(authority)
        let isFree =
            journal.codeHash(authority) == Account.emptyCodeHash
            || journal.code(authority).delegate != nil
        guard isFree, journal.nonce(authority) == authorization.nonce else { return }
        if journal.exists(authority) {
            if revision >= .amsterdam {
                grantAccount()
            } else {
                journal.refund(Transaction.authorizationRefund)
            }
        }
        let isCleared = authorization.address == .zero
        journal.setCode(authority, isCleared ? [] : Code.delegation(to: authorization.address))
        journal.incrementNonce(authority)
    }

    /// The gas that is charged in the end, after what comes back (EIP-3529, EIP-7623), and before.
    private func settle(
        _ transaction: Transaction, _ outcome: Outcome, floor: UInt64
    ) -> (charged: UInt64, greatest: UInt64) {
        let left = max(0, outcome.gasLeft) + interpreter.stateGas.reservoir
        let used = transaction.gasLimit - min(transaction.gasLimit, UInt64(max(0, left)))
        let refund = min(UInt64(max(0, journal.refund)), used / (revision >= .london ? 5 : 2))
        return (max(used - refund, floor), revision >= .amsterdam ? used : max(used, floor))
    }

    /// Gives back what the accounts cost that are gone when the transaction ends (EIP-8037).
    ///
    /// No more comes back than execution charged: the account that the transaction itself makes is
    /// paid before.
    private func giveBackDestroyed() {
        guard !interpreter.stateGas.paysForFailure else { return }
        let prices = interpreter.statePrices
        var all: Int64 = 0
        for index in journal.destroyed {
            all += prices.account + prices.code(journal.entries[index].code?.count ?? 0)
            all += prices.slot * Int64(journal.slotCount(index))
        }
        interpreter.stateGas.giveBack(min(all, max(0, interpreter.stateGas.used)))
    }

    /// Gives back what an authorization paid for an account that was there (EIP-8037).
    private func grantAccount() {
        let price = interpreter.statePrices.account
        if interpreter.stateGas.paysForFailure {
            interpreter.stateGas.giveBack(price)
        } else {
            interpreter.stateGas.reservoir += price
        }
    }
}
