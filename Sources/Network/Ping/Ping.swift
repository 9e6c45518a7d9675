public import Machine
public import Primitives

/// Asks a peer from time to time whether it is there (libp2p specs, ping).
///
/// Thirty-two bytes go over a stream and must come back. The stream stays open between pings.
public struct Ping: Machine {
    /// What can happen.
    public enum Input: Sendable {
        /// The peer agreed to the stream.
        case opened
        /// Bytes came back.
        case received([UInt8])
    }

    /// What it asks for.
    public enum Output: Hashable, Sendable {
        /// Write bytes.
        case send([UInt8])
        /// The peer is there; so long the bytes took.
        case answered(Duration)
        /// The peer did not answer in time, or with other bytes.
        case failed
    }

    /// The bounds of pings.
    public enum Limits {
        /// How many bytes a ping has.
        public static let size = 32
        /// Time from one answer to the next ping.
        public static let interval = Duration.seconds(5)
        /// How long an answer may take.
        public static let timeout = Duration.seconds(10)
    }

    private var random: Random
    private var inflow = Inflow()
    private var expected: [UInt8] = []
    private var sent: Instant?
    private var due: Instant?

    /// Creates a ping whose bytes follow from the seed.
    public init(seed: UInt64) {
        random = Random(seed: seed)
    }

    /// When an answer is too late, or the next ping is due.
    public var deadline: Instant? { sent?.advanced(by: Limits.timeout) ?? due }

    /// Takes one input in.
    public mutating func handle(
        _ input: Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        switch input {
        case .opened: send(at: now, into: &outputs)
        case .received(let bytes):
            inflow.feed(bytes)
            guard let start = sent, inflow.count <= Limits.size else {
                return outputs.append(.failed)
            }
            guard inflow.count == Limits.size else { return }
            guard inflow.takeAll() == expected else { return outputs.append(.failed) }
            sent = nil
            due = now.advanced(by: Limits.interval)
            outputs.append(.answered(start.duration(to: now)))
        }
    }

    /// Sends the next ping, or gives the peer up.
    public mutating func wake(at now: Instant, into outputs: inout Outbox<Output>) {
        guard let deadline, deadline <= now else { return }
        guard sent == nil else {
            sent = nil
            due = nil
            return outputs.append(.failed)
        }
        send(at: now, into: &outputs)
    }

    private mutating func send(at now: Instant, into outputs: inout Outbox<Output>) {
        expected = []
        for _ in 0..<Limits.size / 8 {
            let word = random.next()
            for shift in 0..<8 as Range<UInt64> {
                expected.append(UInt8(truncatingIfNeeded: word >> (8 * shift)))
            }
        }
        sent = now
        due = nil
        outputs.append(.send(expected))
    }
}
