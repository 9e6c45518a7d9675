import CKeccak
public import Primitives

extension Keccak256 {
    /// Returns the hashes of messages, in their order.
    ///
    /// Four messages of about the same length are hashed at once where the processor can: many
    /// small ones, as a block's trie nodes are, then take less than half the time.
    public static func hashes(of messages: [[UInt8]]) -> [Hash32] {
        guard hasLanes else { return messages.map { keccak256($0) } }
        var hashes = [Hash32](repeating: .zero, count: messages.count)
        // Those of one group fill the same number of blocks.
        var groups = InlineArray<8, Group>(repeating: Group())
        for (index, message) in messages.enumerated() {
            let blocks = message.count / rate
            if blocks >= groups.count {
                hashes[index] = keccak256(message)
                continue
            }
            groups[blocks].add(index)
            if groups[blocks].count == 4 { groups[blocks].hash(messages, into: &hashes) }
        }
        for blocks in groups.indices { groups[blocks].hash(messages, into: &hashes) }
        return hashes
    }

    private static let hasLanes = ckeccak_has_lanes()

    /// Up to four messages that wait for each other.
    private struct Group {
        var count = 0
        private var indices = InlineArray<4, Int>(repeating: 0)

        mutating func add(_ index: Int) {
            indices[count] = index
            count += 1
        }

        /// Hashes the messages of the group and empties it; one alone goes the usual way.
        mutating func hash(_ messages: [[UInt8]], into hashes: inout [Hash32]) {
            if count == 1 { hashes[indices[0]] = keccak256(messages[indices[0]]) }
            if count > 1 {
                // Lanes that are left over repeat the first.
                for lane in count..<4 { indices[lane] = indices[0] }
                let results = lanes(
                    messages[indices[0]], messages[indices[1]], messages[indices[2]],
                    messages[indices[3]])
                for lane in 0..<count { hashes[indices[lane]] = results[lane] }
            }
            count = 0
        }
    }

    /// Hashes four messages of the same number of blocks.
    private static func lanes(
        _ first: [UInt8], _ second: [UInt8], _ third: [UInt8], _ fourth: [UInt8]
    ) -> InlineArray<4, Hash32> {
        var words = InlineArray<16, UInt64>(repeating: 0)
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                third.withUnsafeBufferPointer { third in
                    fourth.withUnsafeBufferPointer { fourth in
                        let messages: InlineArray<4, UnsafePointer<UInt8>?> = [
                            first.baseAddress, second.baseAddress, third.baseAddress,
                            fourth.baseAddress,
                        ]
                        let lengths: InlineArray<4, Int> = [
                            first.count, second.count, third.count, fourth.count,
                        ]
                        messages.span.withUnsafeBufferPointer { messages in
                            lengths.span.withUnsafeBufferPointer { lengths in
                                withUnsafeMutableBytes(of: &words) { hashes in
                                    ckeccak_hash_lanes(
                                        messages.baseAddress, lengths.baseAddress,
                                        hashes.baseAddress)
                                }
                            }
                        }
                    }
                }
            }
        }
        return InlineArray { lane in
            Hash32(
                a: words[4 * lane].byteSwapped, b: words[4 * lane + 1].byteSwapped,
                c: words[4 * lane + 2].byteSwapped, d: words[4 * lane + 3].byteSwapped)
        }
    }
}
