import EVM
public import Primitives

extension ChainRules {
    /// When the rules change by a block's time, in order; each time once.
    public var changeTimes: [UInt64] {
        let all = forks.map(\.activation) + blobChanges.map(\.activation)
        return Set(
            all.compactMap { activation in
                if case .time(let time) = activation, time > 0 { time } else { nil }
            }
        ).sorted()
    }

    /// A checksum of the chain's beginning and all changes up to a moment (EIP-6122, `FORK_HASH`).
    ///
    /// Changes that hold from the beginning on do not count, nor does the merge: which block it
    /// came with was not known ahead.
    public func forkHash(
        genesis: Hash32, bornAt birth: UInt64, atNumber number: UInt64, timestamp: UInt64
    ) -> UInt32 {
        let activations =
            forks.filter { $0.revision != .paris }.map(\.activation)
            + bombDelays.map(\.activation)
            + (daoForkBlock.map { [.block($0)] } ?? [])
        let blocks = Set(
            activations.compactMap { activation -> UInt64? in
                if case .block(let block) = activation, block > 0 { block } else { nil }
            })
        var sum = CRC32()
        sum.update(genesis.bytes)
        for block in blocks.sorted() where block <= number { sum.update(bigEndian: block) }
        for time in changeTimes where time > birth && time <= timestamp {
            sum.update(bigEndian: time)
        }
        return sum.value
    }
}

/// A checksum of bytes (ISO 3309, the polynomial of Ethernet).
private struct CRC32 {
    private var state: UInt32 = .max

    var value: UInt32 { ~state }

    mutating func update(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            state ^= UInt32(byte)
            for _ in 0..<8 { state = state >> 1 ^ (state & 1 == 1 ? 0xedb8_8320 : 0) }
        }
    }

    mutating func update(bigEndian number: UInt64) {
        update((0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) })
    }
}
