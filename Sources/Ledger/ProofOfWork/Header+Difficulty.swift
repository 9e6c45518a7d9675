import EVM
public import Primitives

/// How hard the next block is to find, as it was before the merge.
extension Header {
    /// The least difficulty of a block found by work (Yellow Paper, 4.3.4, D₀).
    public static let leastDifficulty: UInt256 = 131_072

    /// The difficulty of the block after this one that is made at a time.
    ///
    /// Yellow Paper 4.3.4 for Frontier, EIP-2 for Homestead, EIP-100 since Byzantium.
    public func nextDifficulty(_ rules: ChainRules, timestamp: UInt64) -> UInt256 {
        let next = number &+ 1
        let revision = rules.revision(atNumber: next, timestamp: timestamp)
        let elapsed = timestamp &- self.timestamp
        let step = difficulty / 2048
        let base: UInt256
        if revision < .homestead {
            base = elapsed < 13 ? difficulty &+ step : Header.less(difficulty, by: step)
        } else {
            let isByzantium = revision >= .byzantium
            let most: UInt64 = isByzantium && ommersHash != Header.emptyOmmersHash ? 2 : 1
            let slow = elapsed / (isByzantium ? 9 : 10)
            if slow <= most {
                base = difficulty &+ step &* UInt256(most - slow)
            } else {
                base = Header.less(difficulty, by: step &* UInt256(min(slow - most, 99)))
            }
        }
        let delay = rules.bombDelay(atNumber: next, timestamp: timestamp)
        let period = (next - min(delay, next)) / 100_000
        // The bomb doubles each hundred thousand blocks.
        let bomb = period > 1 ? UInt256.one << Int(clamping: period - 2) : .zero
        return max(base &+ bomb, Header.leastDifficulty)
    }

    private static func less(_ value: UInt256, by part: UInt256) -> UInt256 {
        value > part ? value &- part : .zero
    }
}

extension ChainRules {
    /// By how many blocks the difficulty bomb is put off at a block.
    ///
    /// EIP-649, EIP-1234, EIP-2384 (with Berlin in the official tests), EIP-3554, and what the
    /// rules name besides, such as EIP-4345 and EIP-5133.
    func bombDelay(atNumber number: UInt64, timestamp: UInt64) -> UInt64 {
        let named = bombDelays.last {
            $0.activation.holds(atNumber: number, timestamp: timestamp)
        }
        let revision = revision(atNumber: number, timestamp: timestamp)
        let usual: UInt64 =
            revision >= .london
            ? 9_700_000
            : revision >= .berlin
                ? 9_000_000
                : revision >= .constantinople
                    ? 5_000_000 : revision >= .byzantium ? 3_000_000 : 0
        return max(named?.blocks ?? 0, usual)
    }
}
