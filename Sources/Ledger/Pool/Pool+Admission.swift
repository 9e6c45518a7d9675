import EVM
import Primitives

/// What is asked of a transaction at the door.
extension Pool {
    /// Checks what does not depend on the state; returns the most that it may cost.
    func check(_ signed: SignedTransaction) throws(PoolRejection) -> UInt256 {
        let transaction = signed.transaction
        guard transaction.kind != .blob || limits.takesBlobs else { throw .blobs }
        guard signed.encoded.count <= limits.transactionBytes else {
            throw .oversized(found: signed.encoded.count, limit: limits.transactionBytes)
        }
        do throws(InvalidTransaction) {
            try checkForm(transaction)
        } catch {
            throw .invalid(error)
        }
        guard transaction.maxPriorityFeePerGas >= limits.minimumTip else {
            throw .underpriced(
                found: transaction.maxPriorityFeePerGas, needed: limits.minimumTip)
        }
        return transaction.greatestCost ?? .max
    }

    private func checkForm(_ transaction: Transaction) throws(InvalidTransaction) {
        try transaction.checkKind(revision, chainID: rules.chainID)
        guard transaction.gasLimit <= head.gasLimit else {
            throw .gasLimitAboveBlock(found: transaction.gasLimit, left: head.gasLimit)
        }
        try transaction.checkPriority()
        _ = try transaction.checkGas(revision, blockLimit: head.gasLimit)
    }

    /// The sender as the pool knows it, or else as it is in the state.
    func account(
        of signed: SignedTransaction, on state: some StateView
    ) throws(PoolRejection) -> PoolAccount {
        if let known = accounts[signed.sender] { return known }
        guard let stored = state.account(signed.sender) else {
            return PoolAccount(nonce: 0, balance: .zero)
        }
        guard signed.isImpersonated || !isContract(stored, state) else {
            throw .invalid(.senderIsContract)
        }
        return PoolAccount(nonce: stored.nonce, balance: stored.balance)
    }

    /// Whether an account cannot send (EIP-3607); a delegation (EIP-7702) is no contract.
    func isContract(_ account: Account, _ state: some StateView) -> Bool {
        account.codeHash != Account.emptyCodeHash
            && !state.code(account.codeHash).starts(with: [0xef, 0x01, 0x00])
    }

    /// Checks a transaction against its sender and those that the sender sent before.
    func check(
        _ signed: SignedTransaction, cost: UInt256, in account: PoolAccount,
        replacing replaced: PoolEntry?
    ) throws(PoolRejection) {
        let nonce = signed.transaction.nonce
        guard nonce >= account.nonce else {
            throw .invalid(.nonceTooLow(found: nonce, expected: account.nonce))
        }
        guard nonce < .max else { throw .invalid(.nonceAtLimit) }
        guard nonce - account.nonce < UInt64(limits.perAccount) else {
            let next = account.nonce + UInt64(account.executable)
            throw .invalid(.nonceTooHigh(found: nonce, expected: next))
        }
        let others = account.cost &- (replaced?.cost ?? .zero)
        let (total, overflow) = others.addingReportingOverflow(cost)
        guard !overflow, total <= account.balance else {
            throw .invalid(
                .insufficientFunds(found: account.balance, needed: overflow ? .max : total))
        }
        guard let replaced else {
            guard account.entries.count < limits.perAccount else {
                throw .accountLimit(limits.perAccount)
            }
            return
        }
        let old = replaced.transaction.transaction
        guard raises(signed.transaction.maxFeePerGas, old.maxFeePerGas),
            raises(signed.transaction.maxPriorityFeePerGas, old.maxPriorityFeePerGas)
        else { throw .replacementUnderpriced }
    }

    func raises(_ new: UInt256, _ old: UInt256) -> Bool {
        let hundred = new.multipliedReportingOverflow(by: 100)
        let needed = old.multipliedReportingOverflow(by: UInt256(100 + limits.replacementPercent))
        if hundred.overflow { return true }
        return !needed.overflow && hundred.partialValue >= needed.partialValue && new > old
    }
}
