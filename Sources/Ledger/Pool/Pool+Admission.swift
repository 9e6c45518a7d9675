import EVM
import Primitives

/// What is asked of a transaction at the door.
extension Pool {
    /// Checks what does not depend on the state; returns the most that it may cost.
    func check(_ signed: SignedTransaction) throws(PoolRejection) -> UInt256 {
        let transaction = signed.transaction
        try checkKind(transaction)
        guard signed.encoded.count <= limits.transactionBytes else {
            throw .oversized(found: signed.encoded.count, limit: limits.transactionBytes)
        }
        let initcodeLimit = 2 * 24_576
        if revision >= .shanghai, transaction.to == nil, transaction.data.count > initcodeLimit {
            throw .initcodeTooLong(found: transaction.data.count, limit: initcodeLimit)
        }
        guard transaction.gasLimit <= head.gasLimit else {
            throw .gasAboveBlock(found: transaction.gasLimit, limit: head.gasLimit)
        }
        if revision >= .osaka, transaction.gasLimit > Transaction.gasCap {
            throw .gasAboveCap(found: transaction.gasLimit, cap: Transaction.gasCap)
        }
        guard transaction.maxPriorityFeePerGas <= transaction.maxFeePerGas else {
            throw .tipAboveFee
        }
        guard transaction.maxPriorityFeePerGas >= limits.minimumTip else {
            throw .underpriced(
                found: transaction.maxPriorityFeePerGas, needed: limits.minimumTip)
        }
        let intrinsic = transaction.intrinsicGas(revision)
        guard transaction.gasLimit >= intrinsic.start else {
            throw .intrinsicGas(found: transaction.gasLimit, needed: intrinsic.start)
        }
        guard transaction.gasLimit >= intrinsic.floor else {
            throw .floorGas(found: transaction.gasLimit, needed: intrinsic.floor)
        }
        return transaction.greatestCost ?? .max
    }

    func checkKind(_ transaction: Transaction) throws(PoolRejection) {
        let isActive =
            switch transaction.kind {
            case .legacy: true
            case .accessList: revision >= .berlin
            case .dynamicFee: revision >= .london
            case .blob: false
            case .setCode: revision >= .prague
            }
        guard isActive else { throw transaction.kind == .blob ? .blobs : .kindNotActive }
        // A legacy transaction for any chain is welcome: some contracts are deployed by such.
        if let chain = transaction.chainID, chain != rules.chainID {
            throw .wrongChain(found: chain, expected: rules.chainID)
        }
        if transaction.kind == .setCode, transaction.authorizationList.isEmpty {
            throw .noAuthorizations
        }
    }

    /// The sender as the pool knows it, or else as it is in the state.
    func account(
        of signed: SignedTransaction, on state: some StateView
    ) throws(PoolRejection) -> PoolAccount {
        if let known = accounts[signed.sender] { return known }
        guard let stored = state.account(signed.sender) else {
            return PoolAccount(nonce: 0, balance: .zero)
        }
        guard !isContract(stored, state) else { throw .senderIsContract }
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
            throw .nonceTooLow(found: nonce, next: account.nonce)
        }
        guard nonce < .max, nonce - account.nonce < UInt64(limits.perAccount) else {
            throw .nonceTooHigh(found: nonce, next: account.nonce + UInt64(account.executable))
        }
        let others = account.cost &- (replaced?.cost ?? .zero)
        let (total, overflow) = others.addingReportingOverflow(cost)
        guard !overflow, total <= account.balance else {
            throw .insufficientFunds(balance: account.balance, cost: overflow ? .max : total)
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
