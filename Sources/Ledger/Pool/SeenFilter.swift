public import Primitives

/// Remembers the hashes of what came lately, so that it is looked at only once.
///
/// Two generations: the older is forgotten whole when the newer is full.
public struct SeenFilter: Sendable {
    private let limit: Int
    private var newer: Set<Hash32> = []
    private var older: Set<Hash32> = []

    /// Creates a filter that remembers at least so many hashes, and at most twice as many.
    public init(limit: Int = 65_536) {
        self.limit = limit
    }

    /// Whether a hash came lately.
    public func contains(_ hash: Hash32) -> Bool { newer.contains(hash) || older.contains(hash) }

    /// Remembers a hash; returns whether it is new.
    public mutating func insert(_ hash: Hash32) -> Bool {
        guard !contains(hash) else { return false }
        if newer.count >= limit {
            older = newer
            newer = []
        }
        newer.insert(hash)
        return true
    }
}
