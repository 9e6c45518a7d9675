/// How much of the past a node keeps: an operator's choice, which may be another at each start.
public enum History: Hashable, Sendable {
    /// All blocks, and the states of the newest ``usualStates``.
    case blocks
    /// All blocks and all states.
    case full
    /// The states of so many blocks besides the newest, and the blocks themselves.
    ///
    /// Of blocks at least ``leastBlocks`` are kept, and the first one.
    case newest(UInt64)

    /// How many states are kept besides the newest, unless told otherwise.
    public static let usualStates: UInt64 = 128

    /// How many blocks are always kept: code may ask for the hashes of the last 256.
    public static let leastBlocks: UInt64 = 256

    /// How many final blocks' states are kept besides the newest.
    public var states: UInt64 {
        switch self {
        case .blocks: Self.usualStates
        case .full: .max
        case .newest(let count): count
        }
    }

    /// How many final blocks are kept besides the newest.
    public var blockCount: UInt64 {
        switch self {
        case .blocks, .full: .max
        case .newest(let count): max(count, Self.leastBlocks)
        }
    }
}

extension History: LosslessStringConvertible {
    /// How it is written: `full`, `blocks`, or a number from 1.
    public static let form = "full, blocks, or a number of blocks from 1"

    /// Reads what an operator wrote.
    public init?(_ description: String) {
        switch description {
        case "full": self = .full
        case "blocks": self = .blocks
        default:
            guard let count = UInt64(description), count > 0 else { return nil }
            self = .newest(count)
        }
    }

    /// What an operator would write.
    public var description: String {
        switch self {
        case .blocks: "blocks"
        case .full: "full"
        case .newest(let count): "\(count)"
        }
    }
}
