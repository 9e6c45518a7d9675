import Crypto
public import Identifiers
public import Primitives

/// 2,048 bits that tell which addresses and topics a block's logs cannot hold (Yellow Paper, 4.3.1).
public struct Bloom: Hashable, Sendable {
    /// The 256 bytes.
    public private(set) var bytes: [UInt8]

    /// The bloom of no logs.
    public static let empty = Bloom()

    private static let zeros = [UInt8](repeating: 0, count: 256)

    /// Creates the bloom of no logs.
    public init() {
        bytes = Bloom.zeros
    }

    /// Creates a bloom from exactly 256 bytes; `nil` for any other count.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 256 else { return nil }
        self.bytes = bytes
    }

    /// Creates the bloom of some logs.
    public init(_ logs: [Log]) {
        self.init()
        for log in logs {
            insert(log.address.bytes)
            for topic in log.topics { insert(topic.bytes) }
        }
    }

    /// Whether there can be a log of this address.
    public func mayContain(_ address: Address) -> Bool { holds(Bloom.bits(address.bytes)) }

    /// Whether there can be a log with this topic.
    public func mayContain(_ topic: Hash32) -> Bool { holds(Bloom.bits(topic.bytes)) }

    /// Sets the bits of another bloom, too.
    public mutating func formUnion(_ other: Bloom) {
        guard other.bytes != Bloom.zeros else { return }
        for index in 0..<256 { bytes[index] |= other.bytes[index] }
    }

    /// Adds an address or topic.
    private mutating func insert(_ entry: [UInt8]) {
        for bit in Bloom.bits(entry) { bytes[255 - bit >> 3] |= 1 << UInt8(bit & 7) }
    }

    private func holds(_ bits: [Int]) -> Bool {
        bits.allSatisfy { bytes[255 - $0 >> 3] & 1 << UInt8($0 & 7) != 0 }
    }

    /// Three numbers of eleven bits, from the first three pairs of bytes of the hash.
    private static func bits(_ entry: [UInt8]) -> [Int] {
        let word = keccak256(entry).a
        return [48, 32, 16].map { Int(word >> $0 & 2047) }
    }
}
