import Crypto
import Encoding
import Primitives

/// The write-ahead log as bytes: frames, one for each append, chained by their checksums.
///
/// A frame is the length of its payload (4 bytes, big-endian), 4 bytes that check the length,
/// 8 bytes that check the payload, and the payload: an RLP list of records. Both checks are the
/// first bytes of a Keccak-256 that begins with the check of the frame before, so a frame cannot
/// be lost, repeated or moved unnoticed. Only one append is ever under way: what a crash tears is
/// the last frame, and nothing that followed from it had left the node.
enum WAL {
    /// How a log was found.
    enum Condition: Hashable, Sendable {
        /// Nothing is wrong with it.
        case whole
        /// The last frame is torn: it was never acted on, and is cut off.
        case torn
        /// Something else is wrong: what was signed is no longer known (W4).
        case damaged
    }

    /// What a log says.
    struct Replay: Sendable {
        var records: [LogRecord] = []
        var condition = Condition.whole
    }

    static let head = 16

    /// A frame after the one with this check; returns its own check too.
    static func frame(
        _ records: [LogRecord], after check: UInt64
    ) -> (bytes: [UInt8], check: UInt64) {
        let payload = RLP.encode(.list(records.map(\.rlp)))
        let sum = sum(payload, after: check)
        var bytes = Array(Self.bytes(UInt64(payload.count)).suffix(4))
        bytes += Self.bytes(lengthSum(payload.count, after: check)).prefix(4)
        bytes += Self.bytes(sum) + payload
        return (bytes, sum)
    }

    /// Reads a log as far as it can be trusted.
    static func replay(_ log: [UInt8]) -> Replay {
        var replay = Replay()
        var start = 0
        var check: UInt64 = 0
        while start < log.count {
            guard log.count - start >= head else {
                replay.condition = .torn
                return replay
            }
            let length = Int(number(log[start..<start + 4]))
            let lengthSum = bytes(lengthSum(length, after: check)).prefix(4)
            guard lengthSum.elementsEqual(log[start + 4..<start + 8]) else {
                // A file that had grown but was not written yet reads as zeros.
                let isBlank = log[start...].allSatisfy { $0 == 0 }
                replay.condition = isBlank ? .torn : .damaged
                return replay
            }
            let end = start + head + length
            guard end <= log.count else {
                replay.condition = .torn
                return replay
            }
            let payload = Array(log[start + head..<end])
            check = sum(payload, after: check)
            guard check == number(log[start + 8..<start + 16]), let records = records(payload)
            else {
                // What a crash tears is short or ends in blanks; a last frame that is there to its
                // end may have been acted on, and was spoiled since.
                let isBlank = end == log.count && payload.suffix(8).allSatisfy { $0 == 0 }
                replay.condition = isBlank ? .torn : .damaged
                return replay
            }
            replay.records += records
            start = end
        }
        return replay
    }

    private static func records(_ payload: [UInt8]) -> [LogRecord]? {
        guard case .list(let values)? = try? RLP.decode(payload) else { return nil }
        var records: [LogRecord] = []
        for value in values {
            guard let record = try? LogRecord(value) else { return nil }
            records.append(record)
        }
        return records
    }

    private static func sum(_ payload: [UInt8], after check: UInt64) -> UInt64 {
        keccak256(bytes(check) + payload).a
    }

    private static func lengthSum(_ length: Int, after check: UInt64) -> UInt64 {
        keccak256(bytes(check) + bytes(UInt64(length))).a
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
