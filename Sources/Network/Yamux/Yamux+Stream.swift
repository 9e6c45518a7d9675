internal import Primitives

extension Yamux {
    /// One of the streams of a connection.
    struct Stream: Sendable {
        /// How much we may still send.
        var sendWindow = Limits.firstWindow
        /// How much the other side may still send.
        var receiveWindow = Limits.firstWindow
        /// The window we keep open to the other side.
        var window = Limits.firstWindow
        /// How much the other side has sent since it was last given room.
        var credit: UInt32 = 0
        /// When the other side was last given room.
        var updated: Instant
        /// What waits for room.
        var pending = Inflow()
        /// Flags that the next frame carries: SYN of ours, ACK of theirs.
        var owed: Flags
        /// Whether we want to say that there is no more.
        var isFinishing = false
        /// Whether we said that there is no more.
        var hasFinished = false
        /// Whether the other side said that there is no more.
        var isFinished = false

        init(owed: Flags, at now: Instant) {
            self.owed = owed
            updated = now
        }

        /// The flags for the next frame, which are then no longer owed.
        mutating func takeOwed() -> Flags {
            defer { owed = [] }
            return owed
        }

        /// Writes as much as there is room for.
        mutating func flush(_ id: UInt32, into output: inout [UInt8]) {
            while pending.count > 0, sendWindow > 0 {
                let count = min(pending.count, Int(sendWindow), Limits.frame)
                sendWindow -= UInt32(count)
                let last = isFinishing && count == pending.count
                output += Header(.data, takeOwed().union(last ? .fin : []), id, UInt32(count))
                output += pending.bytes[pending.cursor..<pending.cursor + count]
                pending.skip(count)
                if last { hasFinished = true }
            }
            if isFinishing, !hasFinished, pending.count == 0 {
                output += Header(.data, takeOwed().union(.fin), id, 0)
                hasFinished = true
            }
        }

        /// Counts bytes that were used, and gives the other side room again when it is time.
        mutating func use(
            _ count: UInt32, _ id: UInt32, at now: Instant, into output: inout [UInt8]
        ) {
            credit += count
            guard !isFinished, credit >= window / 2 else { return }
            if updated.duration(to: now) < Limits.growth, window < Limits.window {
                let more = min(window, Limits.window - window)
                window += more
                credit += more
            }
            output += Header(.window, takeOwed(), id, credit)
            receiveWindow += credit
            credit = 0
            updated = now
        }
    }
}
