import EVM
public import Identifiers
public import Primitives

/// What the maker of a block is paid for it, or of an ommer in it.
public struct BlockReward: Hashable, Sendable {
    /// Who is paid.
    public let recipient: Address
    /// How much, in wei.
    public let amount: UInt256
    /// Whether it is for an ommer.
    public let isForOmmer: Bool
}

extension BlockEnvironment {
    /// What is paid for a block with these ommers (Yellow Paper, 11.3; EIP-649, EIP-1234).
    ///
    /// The ommers' makers come first. Since the merge nothing is paid.
    public func rewards(_ ommers: [Header]) -> [BlockReward] {
        guard revision < .paris, rules.paysBlockRewards else { return [] }
        let ether: UInt64 = revision >= .constantinople ? 2 : revision >= .byzantium ? 3 : 5
        let reward = UInt256(ether) &* UInt256(1_000_000_000_000_000_000)
        let others = ommers.map { ommer in
            // An ommer is one to six blocks older: eight eighths less one for each.
            let eighths = 8 &- min(number &- ommer.number, 8)
            return BlockReward(
                recipient: ommer.beneficiary, amount: reward &* UInt256(eighths) / 8,
                isForOmmer: true)
        }
        let share = reward / 32 &* UInt256(UInt64(ommers.count))
        return others + [
            BlockReward(recipient: coinbase, amount: reward &+ share, isForOmmer: false)
        ]
    }
}
