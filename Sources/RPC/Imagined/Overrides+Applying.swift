import EVM
import Identifiers
import Ledger

extension Overrides {
    /// Makes the accounts of a block's state what the caller wants them to be.
    func apply(to executor: Executor) throws(RPCError) {
        executor.precompiles = try precompiles(executor.environment.revision)
        apply(to: executor.journal)
    }

    /// Makes the accounts of a state what the caller wants them to be.
    func apply(to journal: Journal) {
        for account in accounts {
            journal.override(
                account.address, nonce: account.nonce, balance: account.balance,
                code: account.code, storage: account.state, slots: account.stateDiff)
        }
    }

    /// The built-in contracts where they shall stand; `nil` if that is as usual.
    ///
    /// One whose account is overridden is gone, unless it shall stand elsewhere.
    func precompiles(_ revision: Revision) throws(RPCError) -> [Address: Precompile]? {
        let isUsual = accounts.allSatisfy { account in
            account.precompileTarget == nil && Precompile.at(account.address, in: revision) == nil
        }
        guard !isUsual else { return nil }
        var precompiles = Dictionary(
            Precompile.allCases.filter { $0.since <= revision }.map { ($0.address, $0) },
            uniquingKeysWith: { first, _ in first })
        var moved: [Address: Precompile] = [:]
        for account in accounts {
            let precompile = precompiles.removeValue(forKey: account.address)
            guard let target = account.precompileTarget else { continue }
            guard let precompile else {
                throw .server("account \(account.address) is not a precompile")
            }
            guard !accounts.contains(where: { $0.address == target }) else {
                throw RPCError(
                    code: target == account.address ? -38022 : -32000,
                    message: "account \(target) is already overridden")
            }
            // Of two that are moved to one place, the last stands there.
            moved[target] = precompile
        }
        return precompiles.merging(moved) { $1 }
    }
}
