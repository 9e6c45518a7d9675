import EVM
import Primitives

/// The rules that look at nothing but the transaction: the door of the pool asks them, too.
extension Transaction {
    /// Checks that its kind is active, has what the kind needs, and is for this chain.
    func checkKind(_ revision: Revision, chainID: UInt64) throws(InvalidTransaction) {
        let since: Revision =
            switch kind {
            // One without a chain is for any: some contracts are deployed by such.
            case .legacy: self.chainID == nil ? .frontier : .spuriousDragon
            case .accessList: .berlin
            case .dynamicFee: .london
            case .blob: .cancun
            case .setCode: .prague
            }
        guard revision >= since else { throw .kindNotActive(kind) }
        if let found = self.chainID, found != chainID {
            throw .wrongChain(found: found, expected: chainID)
        }
        if kind == .setCode, authorizationList.isEmpty { throw .noAuthorizations }
        if to == nil, kind == .setCode || kind == .blob { throw .noRecipient }
    }

    /// Checks that the block's maker gets no more than is paid at all.
    func checkPriority() throws(InvalidTransaction) {
        guard maxPriorityFeePerGas <= maxFeePerGas else { throw .priorityAboveFee }
    }

    /// Checks its gas and its initcode; returns what it costs before the first instruction.
    func checkGas(
        _ revision: Revision, blockLimit: UInt64
    ) throws(InvalidTransaction) -> IntrinsicGas {
        if revision >= .osaka, revision < .amsterdam, gasLimit > Transaction.gasCap {
            throw .gasLimitAboveCap(found: gasLimit, cap: Transaction.gasCap)
        }
        let intrinsic = intrinsicGas(revision, blockLimit: blockLimit)
        // Since Amsterdam the cap is on the gas for work, which execution keeps to (EIP-8037).
        let least = max(intrinsic.regular, intrinsic.floor)
        if revision >= .amsterdam, least > Transaction.gasCap {
            throw .intrinsicGas(found: Transaction.gasCap, needed: least)
        }
        let initcodeLimit = Interpreter.initcodeLimit(revision)
        if revision >= .shanghai, to == nil, data.count > initcodeLimit {
            throw .initcodeTooLong(found: data.count, limit: initcodeLimit)
        }
        guard gasLimit >= intrinsic.start else {
            throw .intrinsicGas(found: gasLimit, needed: intrinsic.start)
        }
        guard gasLimit >= intrinsic.floor else {
            throw .floorGas(found: gasLimit, needed: intrinsic.floor)
        }
        return intrinsic
    }
}
