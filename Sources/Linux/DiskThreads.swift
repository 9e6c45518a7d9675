import CMalloc
import Machine

/// The two threads that make writes last: one for the log, one for the database.
///
/// The log has its own, so that a vote does not wait for a block. Each takes all that is queued,
/// writes it in one go, syncs once, and then says of each part that it is safe. What is asked of
/// one keeps its order; between the two there is none.
final class DiskThreads: Sendable {
    private enum Entry: Sendable {
        case append(Ticket, [UInt8])
        case replace(Ticket, [UInt8])
    }

    private struct Batch: Sendable {
        let ticket: Ticket
        let writes: [Write]
    }

    private let entries = Mailbox<Entry>()
    private let batches = Mailbox<Batch>()
    private let threads: [NativeThread]

    /// What the threads have to say, on their own thread.
    struct Told: Sendable {
        /// These are safely on disk.
        let persisted: @Sendable ([Ticket]) -> Void
        /// A write failed, which is final.
        let failed: @Sendable (LinuxFailure) -> Void
    }

    /// Starts the threads.
    init(
        journal: consuming JournalFile, database: Database, told: Told
    ) throws(LinuxFailure) {
        let journal = JournalBox(journal)
        let (entries, batches) = (entries, batches)
        let first = try NativeThread { Self.keep(journal, entries, told) }
        let second = try NativeThread { Self.commit(to: database, batches, told) }
        threads = [first, second]
    }

    /// Appends to the log.
    func append(_ bytes: [UInt8], for ticket: Ticket) {
        entries.put(.append(ticket, bytes))
    }

    /// Replaces the log.
    func replace(with bytes: [UInt8], for ticket: Ticket) {
        entries.put(.replace(ticket, bytes))
    }

    /// Commits writes to the database.
    func commit(_ writes: [Write], for ticket: Ticket) {
        batches.put(Batch(ticket: ticket, writes: writes))
    }

    /// Waits until all that was asked is done, and ends the threads.
    func stop() {
        entries.close()
        batches.close()
        for thread in threads { thread.join() }
    }

    private static func keep(_ journal: JournalBox, _ entries: Mailbox<Entry>, _ told: Told) {
        while true {
            let taken = entries.waitForAll()
            if taken.isEmpty { return }
            do throws(LinuxFailure) {
                try journal.write(taken, told)
            } catch {
                return told.failed(error)
            }
        }
    }

    private static func commit(to database: Database, _ batches: Mailbox<Batch>, _ told: Told) {
        // Nothing waits for the database but the log's trimming.
        if database.isSynced { NativeThread.letOthersGoFirst() }
        let clock = ContinuousClock()
        while true {
            let taken = batches.waitForAll()
            if taken.isEmpty { return }
            do throws(LinuxFailure) {
                let begun = clock.now
                try database.commit(taken.map(\.writes))
                told.persisted(taken.map(\.ticket))
                let rest = begun.duration(to: clock.now) * restFactor
                if database.isSynced, taken.count < backlog {
                    batches.waitForEnd(atMost: min(rest, longestRest))
                }
                // The allocator keeps what blocks took, several times what is in use after a
                // hard hour; now that they are written, the system gets it back.
                malloc_trim(0)
            } catch {
                return told.failed(error)
            }
        }
    }

    /// After a commit the database rests for so many times what that took.
    ///
    /// Blocks that come one after the other change the same pages of the file, which commits of
    /// several blocks write once; and the log, which votes wait for, has the disk to itself.
    private static let restFactor = 16
    /// The longest rest: what is final waits no longer in memory and log alone.
    private static let longestRest = Duration.seconds(5)
    /// With so many batches at once there is no rest.
    private static let backlog = 64

    /// The log, owned by its thread.
    private final class JournalBox: @unchecked Sendable {
        // Unchecked, for after the start only the log's thread uses it.
        private var file: JournalFile

        init(_ file: consuming JournalFile) {
            self.file = file
        }

        /// Writes entries in order, as many in one go as can be.
        func write(_ taken: [Entry], _ told: Told) throws(LinuxFailure) {
            var parts: [[UInt8]] = []
            var tickets: [Ticket] = []
            for entry in taken {
                switch entry {
                case .append(let ticket, let bytes):
                    parts.append(bytes)
                    tickets.append(ticket)
                case .replace(let ticket, let bytes):
                    // What the log held until now is replaced with it, appended or not.
                    parts = []
                    try file.replace(with: bytes)
                    tickets.append(ticket)
                }
            }
            if !parts.isEmpty { try file.append(parts) }
            told.persisted(tickets)
        }
    }
}
