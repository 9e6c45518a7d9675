public import Identifiers
public import Primitives

extension Pool {
    /// Whether any transaction could be taken up by the next block.
    public var hasExecutable: Bool { accounts.values.contains { $0.executable > 0 } }

    /// How many transactions could be taken up; looks at each sender.
    public var executableCount: Int { accounts.values.reduce(0) { $0 + $1.executable } }

    /// Who signed a transaction, if it waits here.
    public func sender(of hash: Hash32) -> Address? { entries[hash]?.transaction.sender }
}
