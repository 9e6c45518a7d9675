public import Identifiers
import Primitives

extension Executor {
    /// Executes a transaction that nobody signed, as callers imagine it (`eth_call`).
    ///
    /// What binds a transaction to its place in a block does not count: nonce, sender's code, the
    /// cap on its gas. What it costs does, so its gas, fees and funds are checked.
    /// With `strictly` the nonce counts, and nobody may offer less than the base fee; without,
    /// whoever offers nothing for gas pays nothing.
    public func simulate(
        _ transaction: Transaction, from sender: Address, strictly: Bool = true,
        checksNonce: Bool = false
    ) throws(InvalidTransaction) -> Executed {
        let isFree = transaction.maxFeePerGas.isZero && !strictly
        if checksNonce { try checkNonce(transaction, of: sender) }
        guard transaction.nonce < .max else { throw .nonceAtLimit }
        if !isFree { try checkFees(transaction) }
        try checkBlobFee(transaction, strictly: strictly)
        let balance = journal.balance(sender)
        guard let needed = transaction.greatestCost, balance >= needed else {
            throw .insufficientFunds(found: balance, needed: transaction.greatestCost ?? .max)
        }
        let intrinsic = transaction.intrinsicGas(revision, blockLimit: environment.gasLimit)
        guard transaction.gasLimit >= intrinsic.start else {
            throw .intrinsicGas(found: transaction.gasLimit, needed: intrinsic.start)
        }
        guard transaction.gasLimit >= intrinsic.floor else {
            throw .floorGas(found: transaction.gasLimit, needed: intrinsic.floor)
        }
        let price =
            isFree ? .zero : transaction.effectiveGasPrice(baseFee: environment.baseFee)
        return perform(SignedTransaction(transaction, sender: sender), intrinsic, price: price)
    }

    private func checkBlobFee(
        _ transaction: Transaction, strictly: Bool
    ) throws(InvalidTransaction) {
        let most = Int(clamping: environment.blobParameters?.max ?? 0)
        guard transaction.kind != .blob || transaction.blobHashes.count <= most else {
            throw .tooManyBlobs(found: transaction.blobHashes.count, limit: most)
        }
        guard transaction.kind == .blob, strictly || !transaction.maxFeePerBlobGas.isZero,
            transaction.maxFeePerBlobGas < environment.blobBaseFee
        else { return }
        throw .blobFeeBelowPrice(
            found: transaction.maxFeePerBlobGas, price: environment.blobBaseFee)
    }
}
