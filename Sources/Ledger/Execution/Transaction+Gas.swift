public import EVM

/// The gas that a transaction costs before anything runs.
public struct IntrinsicGas: Hashable, Sendable {
    /// What it costs at the start.
    public let start: UInt64
    /// The least that it costs in the end (EIP-7623).
    public let floor: UInt64
}

extension Transaction {
    /// The most gas a transaction may use since Osaka (EIP-7825).
    public static let gasCap: UInt64 = 1 << 24

    /// What an authorization costs at the start (EIP-7702).
    static let authorizationGas: UInt64 = 25000
    /// What of it comes back if the account was there (EIP-7702).
    static let authorizationRefund: Int64 = 12500

    /// The gas it costs before anything runs (Yellow Paper, g₀).
    public func intrinsicGas(_ revision: Revision) -> IntrinsicGas {
        // Nothing here overflows: all counts are of bytes that are in memory.
        let nonzero = UInt64(data.count { $0 != 0 })
        let zeros = UInt64(data.count) - nonzero
        let floor = revision >= .prague ? 21000 + 10 * (zeros + 4 * nonzero) : 0
        var gas = 21000 + 4 * zeros + (revision >= .istanbul ? 16 : 68) * nonzero
        if to == nil {
            if revision >= .homestead { gas += 32000 }
            if revision >= .shanghai { gas += 2 * ((UInt64(data.count) + 31) / 32) }
        }
        for access in accessList { gas += 2400 + 1900 * UInt64(access.slots.count) }
        gas += Transaction.authorizationGas * UInt64(authorizationList.count)
        return IntrinsicGas(start: gas, floor: floor)
    }
}
