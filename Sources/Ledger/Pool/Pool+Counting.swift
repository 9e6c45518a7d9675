public import Identifiers
public import Primitives

extension Pool {
    /// Whether any transaction could be taken up by the next block.
    public var hasExecutable: Bool { executableCount > 0 }

    /// Who signed a transaction, if it waits here.
    public func sender(of hash: Hash32) -> Address? { entries[hash]?.transaction.sender }
}
