public import EVM

/// The gas that a transaction costs before anything runs.
public struct IntrinsicGas: Hashable, Sendable {
    /// What it costs at the start.
    public let start: UInt64
    /// The part of it that pays for what is added to the state (EIP-8037).
    public let state: UInt64
    /// The least that it costs in the end (EIP-7623).
    public let floor: UInt64

    /// The part that pays for work.
    public var regular: UInt64 { start - state }
}

extension Transaction {
    /// The most gas a transaction may use since Osaka (EIP-7825).
    public static let gasCap: UInt64 = 1 << 24

    /// What an authorization costs at the start (EIP-7702).
    static let authorizationGas: UInt64 = 25000
    /// What of it comes back if the account was there (EIP-7702).
    static let authorizationRefund: Int64 = 12500

    /// The gas it costs before anything runs (Yellow Paper, g₀).
    ///
    /// Since Amsterdam it hangs on the gas limit of the block, too (EIP-8037).
    public func intrinsicGas(_ revision: Revision, blockLimit: UInt64) -> IntrinsicGas {
        // Nothing here overflows: all counts are of bytes that are in memory.
        let nonzero = UInt64(data.count { $0 != 0 })
        let zeros = UInt64(data.count) - nonzero
        if revision >= .amsterdam { return amsterdamGas(zeros + 4 * nonzero, blockLimit) }
        let floor = revision >= .prague ? 21000 + 10 * (zeros + 4 * nonzero) : 0
        var gas = 21000 + 4 * zeros + (revision >= .istanbul ? 16 : 68) * nonzero
        if to == nil {
            if revision >= .homestead { gas += 32000 }
            if revision >= .shanghai { gas += initcodeGas }
        }
        gas += accessListGas + Transaction.authorizationGas * UInt64(authorizationList.count)
        return IntrinsicGas(start: gas, state: 0, floor: floor)
    }

    /// Amsterdam's: bytes of any kind have one floor, which those of the access list pay in any
    /// case (EIP-7976, EIP-7981), and what is added to the state is paid apart (EIP-8037).
    private func amsterdamGas(_ tokens: UInt64, _ blockLimit: UInt64) -> IntrinsicGas {
        let prices = StatePrices(gasLimit: blockLimit)
        let listed = accessList.reduce(0) { $0 + 20 + 32 * UInt64($1.slots.count) }
        let authorizations = UInt64(authorizationList.count)
        var gas = 21000 + 4 * tokens + accessListGas + 64 * listed + 7500 * authorizations
        var state = UInt64(prices.account + prices.delegation) * authorizations
        if to == nil {
            gas += 9000 + initcodeGas
            state += UInt64(prices.account)
        }
        return IntrinsicGas(
            start: gas + state, state: state, floor: 21000 + 64 * (UInt64(data.count) + listed))
    }

    /// What the words of the code that creates cost (EIP-3860).
    private var initcodeGas: UInt64 { 2 * ((UInt64(data.count) + 31) / 32) }

    /// What the announced accounts and slots cost (EIP-2930).
    private var accessListGas: UInt64 {
        accessList.reduce(0) { $0 + 2400 + 1900 * UInt64($1.slots.count) }
    }
}
