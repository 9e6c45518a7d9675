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
    ///
    /// Each address and topic is hashed once, and all together: a block's logs repeat most of them.
    public init(_ logs: [Log]) {
        self.init()
        var addresses: Set<Address> = []
        var topics: Set<Hash32> = []
        var entries: [[UInt8]] = []
        for log in logs {
            if addresses.insert(log.address).inserted { entries.append(log.address.bytes) }
            for topic in log.topics where topics.insert(topic).inserted {
                entries.append(topic.bytes)
            }
        }
        for hash in Keccak256.hashes(of: entries) {
            for shift in Bloom.shifts {
                let bit = Bloom.bit(hash, shift)
                bytes[255 - bit >> 3] |= 1 << UInt8(bit & 7)
            }
        }
    }

    /// Whether there can be a log of this address.
    public func mayContain(_ address: Address) -> Bool { holds(keccak256(address.bytes)) }

    /// Whether there can be a log with this topic.
    public func mayContain(_ topic: Hash32) -> Bool { holds(keccak256(topic.bytes)) }

    /// Sets the bits of another bloom, too.
    public mutating func formUnion(_ other: Bloom) {
        guard other.bytes != Bloom.zeros else { return }
        for index in 0..<256 { bytes[index] |= other.bytes[index] }
    }

    private func holds(_ hash: Hash32) -> Bool {
        Bloom.shifts.allSatisfy { shift in
            let bit = Bloom.bit(hash, shift)
            return bytes[255 - bit >> 3] & 1 << UInt8(bit & 7) != 0
        }
    }

    /// Where in a hash's first word the three numbers lie: its first three pairs of bytes.
    private static let shifts: [UInt64] = [48, 32, 16]

    /// One of the three numbers, of eleven bits.
    private static func bit(_ hash: Hash32, _ shift: UInt64) -> Int { Int(hash.a >> shift & 2047) }
}
