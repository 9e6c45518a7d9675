public import Primitives
public import Trie

/// What can be wrong with a question to the chain, or with what is kept of it.
public enum ChainError: Error, Hashable, Sendable {
    /// The chain has no block with this number.
    case unknownNumber(UInt64)
    /// The chain has no block with this hash.
    case unknownBlock(Hash32)
    /// The state after this block is no longer kept.
    case statePruned(number: UInt64, oldest: UInt64)
    /// Blocks before this one are no longer kept.
    case blocksPruned(oldest: UInt64)
    /// A node of a state trie is missing or damaged.
    case trie(TrieError)
    /// An entry of the database is missing or damaged.
    case damaged(String)
    /// The database was written by another version.
    case version(found: UInt64, expected: UInt64)
    /// The database holds another chain.
    case genesis(found: Hash32, expected: Hash32)
    /// The database holds a chain of another name with the same first block.
    case chainID(found: UInt64, expected: UInt64)
    /// A search for logs would be too much work, or find too much.
    case tooMany(String)
}

extension ChainError: CustomStringConvertible {
    /// What is wrong and, where a person can do something, what.
    public var description: String {
        switch self {
        case .unknownNumber(let number): "no block with number \(number)"
        case .unknownBlock(let hash): "no block with hash \(hash)"
        case .statePruned(let number, let oldest):
            "state of block \(number) is pruned, the oldest kept is \(oldest)"
        case .blocksPruned(let oldest):
            "pruned history unavailable, the oldest block kept is \(oldest)"
        case .trie(.missing(let path)):
            "database is damaged: state node \(path) is missing; \(ChainError.remedy)"
        case .trie(.damaged(let path)):
            "database is damaged: state node \(path) is unreadable; \(ChainError.remedy)"
        case .damaged(let what): "database is damaged: \(what); \(ChainError.remedy)"
        case .version(let found, let expected):
            "database has version \(found), this program reads version \(expected); "
                + "use the program that wrote it, or \(ChainError.remedy)"
        case .genesis(let found, let expected):
            "database holds the chain of genesis \(found), the configuration says \(expected); "
                + "check the genesis file, or name another data directory"
        case .chainID(let found, let expected):
            "database holds chain \(found), the configuration says \(expected); "
                + "check the genesis file, or name another data directory"
        case .tooMany(let what): what
        }
    }

    private static let remedy = "move the data directory away and let the node fetch the chain anew"
}
