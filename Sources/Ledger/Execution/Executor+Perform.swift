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
        for authorization in transaction.authorizationList { apply(authorization) }
        if revision >= .prague, let delegate = journal.code(recipient).delegate {
            _ = journal.warm(delegate)
        }

        let outcome = run(
            transaction, from: sender, to: recipient, price: price,
            gas: transaction.gasLimit - intrinsic.start)
        let (gasUsed, greatest) = settle(transaction, outcome, floor: intrinsic.floor)
        let rest = UInt256(transaction.gasLimit - gasUsed)
        journal.credit(sender, rest &* price)
        // Only a call that nobody pays for may offer less than the base fee.
        let fee = revision >= .london ? min(environment.baseFee, price) : .zero
        let tip = price &- fee
        journal.credit(environment.coinbase, UInt256(gasUsed) &* tip)
        let logs = journal.endTransaction()
        return Executed(
            outcome: outcome, gasUsed: gasUsed, greatestGasUsed: greatest, gasPrice: price,
            logs: logs)
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
        if journal.exists(authority) { journal.refund(Transaction.authorizationRefund) }
        let isCleared = authorization.address == .zero
        journal.setCode(authority, isCleared ? [] : Code.delegation(to: authorization.address))
        journal.incrementNonce(authority)
    }

    /// The gas that is charged in the end, after what comes back (EIP-3529, EIP-7623), and before.
    private func settle(
        _ transaction: Transaction, _ outcome: Outcome, floor: UInt64
    ) -> (charged: UInt64, greatest: UInt64) {
        let used = transaction.gasLimit - UInt64(max(0, outcome.gasLeft))
        let refund = min(UInt64(max(0, journal.refund)), used / (revision >= .london ? 5 : 2))
        return (max(used - refund, floor), max(used, floor))
    }
}
