public import Identifiers
public import Machine
public import Primitives

/// Messages for one peer, in order, over one stream that stays open (docs/protocols/gossip.md).
///
/// What cannot go out at once waits in a queue of its peer; when that is full, or has waited too
/// long, the oldest is dropped: here a newer message is worth more than an older one.
public struct Direct: Machine {
    /// What can happen.
    public enum Input: Sendable {
        /// A message is to go to a peer, who has room or not.
        case send(PeerID, [UInt8], hasRoom: Bool)
        /// A peer has room.
        case ready(PeerID)
    }

    /// What it asks for.
    public enum Output: Hashable, Sendable {
        /// Write bytes on the peer's stream.
        case write(PeerID, [UInt8])
    }

    /// The bounds of messages and queues.
    public enum Limits {
        /// The longest message.
        public static let message = 4 * 1_024 * 1_024
        /// How many messages wait for one peer.
        public static let count = 1_024
        /// How many bytes of messages wait for one peer.
        public static let bytes = 8 * 1_024 * 1_024
        /// How many peers have messages waiting.
        public static let peers = 256
        /// How long a message waits.
        public static let age = Duration.seconds(10)
    }

    private struct Queue: Sendable {
        var frames: [(bytes: [UInt8], since: Instant)] = []
        var first = 0
        var bytes = 0

        var count: Int { frames.count - first }

        mutating func drop() {
            bytes -= frames[first].bytes.count
            frames[first].bytes = []
            first += 1
            if first > 64, first * 2 > frames.count {
                frames.removeSubrange(..<first)
                first = 0
            }
        }
    }

    private var queues: [PeerID: Queue] = [:]

    /// How many messages were dropped.
    public private(set) var dropped = 0

    /// Creates a machine with nothing waiting.
    public init() {}

    /// When the first queue is looked through for what has waited too long.
    public private(set) var deadline: Instant?

    /// Whether messages wait for a peer.
    public func isWaiting(for peer: PeerID) -> Bool { queues[peer] != nil }

    /// Takes one input in.
    public mutating func handle(
        _ input: Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        switch input {
        case .send(let peer, let message, let hasRoom):
            guard message.count <= Limits.message else { return }
            if hasRoom, queues[peer] == nil {
                outputs.append(.write(peer, Framing.frame(message)))
            } else {
                enqueue(Framing.frame(message), for: peer, at: now)
            }
        case .ready(let peer):
            guard let queue = queues.removeValue(forKey: peer) else { return }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(queue.bytes)
            for frame in queue.frames[queue.first...] {
                if frame.since.advanced(by: Limits.age) > now {
                    bytes += frame.bytes
                } else {
                    dropped += 1
                }
            }
            if !bytes.isEmpty { outputs.append(.write(peer, bytes)) }
        }
    }

    /// Drops what has waited too long.
    public mutating func wake(at now: Instant, into outputs: inout Outbox<Output>) {
        guard let due = deadline, due <= now else { return }
        for peer in queues.keys {
            while let queue = queues[peer], queue.count > 0,
                queue.frames[queue.first].since.advanced(by: Limits.age) <= now
            {
                queues[peer]?.drop()
                dropped += 1
            }
            if queues[peer]?.count == 0 { queues[peer] = nil }
        }
        deadline = queues.isEmpty ? nil : now.advanced(by: Limits.age)
    }

    private mutating func enqueue(_ frame: [UInt8], for peer: PeerID, at now: Instant) {
        guard queues[peer] != nil || queues.count < Limits.peers else {
            dropped += 1
            return
        }
        var queue = queues.removeValue(forKey: peer) ?? Queue()
        queue.frames.append((frame, now))
        queue.bytes += frame.count
        while queue.count > Limits.count || (queue.bytes > Limits.bytes && queue.count > 1) {
            queue.drop()
            dropped += 1
        }
        queues[peer] = queue
        if deadline == nil { deadline = now.advanced(by: Limits.age) }
    }
}
