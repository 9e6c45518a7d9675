public import Identifiers
import Primitives

extension Executor {
    /// Executes a transaction that nobody signed, as callers imagine it (`eth_call`).
    ///
    /// What binds a transaction to its place in a block does not count: nonce, sender's code, the
    /// cap on its gas. What it costs does, so its gas, fees and funds are checked.
    public func simulate(
        _ transaction: Transaction, from sender: Address
    ) throws(InvalidTransaction) -> Executed {
        try checkFees(transaction)
        let intrinsic = transaction.intrinsicGas(revision)
        guard transaction.gasLimit >= intrinsic.start else {
            throw .intrinsicGas(found: transaction.gasLimit, needed: intrinsic.start)
        }
        guard transaction.gasLimit >= intrinsic.floor else {
            throw .floorGas(found: transaction.gasLimit, needed: intrinsic.floor)
        }
        guard transaction.nonce < .max else { throw .nonceAtLimit }
        if transaction.kind == .blob, transaction.maxFeePerBlobGas < environment.blobBaseFee {
            throw .blobFeeBelowPrice(
                found: transaction.maxFeePerBlobGas, price: environment.blobBaseFee)
        }
        let balance = journal.balance(sender)
        guard let needed = transaction.greatestCost, balance >= needed else {
            throw .insufficientFunds(found: balance, needed: transaction.greatestCost ?? .max)
        }
        let price = transaction.effectiveGasPrice(baseFee: environment.baseFee)
        return perform(SignedTransaction(transaction, sender: sender), intrinsic, price: price)
    }
}
