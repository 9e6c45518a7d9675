import Machine
public import Primitives

/// How far the index goes: its newest block.
public struct IndexPoint: Hashable, Sendable {
    /// The block's number.
    public let number: UInt64
    /// The block's hash.
    public let hash: Hash32

    /// Creates a point.
    public init(number: UInt64, hash: Hash32) {
        self.number = number
        self.hash = hash
    }

    /// Reads a row of number and hash; `nil` if it holds anything else.
    init?(_ row: [Cell]) {
        guard row.count == 2, case .integer(let number) = row[0], case .bytes(let bytes) = row[1],
            let hash = Hash32(bytes)
        else { return nil }
        self.init(number: UInt64(bitPattern: number), hash: hash)
    }
}
