import Glibc
package import Machine

/// The thread that owns the index: it carries out and answers, one after the other.
///
/// The node asks for one change at a time and bounds its questions, so that no queue grows. The
/// file may be lost: one that is damaged is taken away, and the node is told to begin again.
final class IndexThread: Sendable {
    private struct Entry: Sendable {
        let ticket: Ticket
        let statements: [Statement]
        let isChange: Bool
    }

    private let entries = Mailbox<Entry>()
    private let thread: NativeThread

    /// Starts the thread; `found` is called on it.
    init(
        directory: String, schema: String, found: @escaping @Sendable (Ticket, Found) -> Void
    ) throws(LinuxFailure) {
        let entries = entries
        thread = try NativeThread {
            NativeThread.letOthersGoFirst()
            let keeper = IndexKeeper(path: directory + "/index.sqlite", schema: schema)
            while let entry = entries.waitForOne() {
                found(entry.ticket, keeper.carryOut(entry.statements, isChange: entry.isChange))
            }
        }
    }

    /// Changes the index.
    func change(_ statements: [Statement], for ticket: Ticket) {
        entries.put(Entry(ticket: ticket, statements: statements, isChange: true))
    }

    /// Asks the index.
    func ask(_ statements: [Statement], for ticket: Ticket) {
        entries.put(Entry(ticket: ticket, statements: statements, isChange: false))
    }

    /// Forgets what has not begun, and ends the thread.
    func stop() {
        entries.close(dropping: true)
        thread.join()
    }
}

/// The file, while it can be used.
package final class IndexKeeper {
    private let path: String
    private let schema: String
    private var file: IndexFile?

    /// Remembers where the file is; it is opened when it is needed.
    package init(path: String, schema: String) {
        self.path = path
        self.schema = schema
    }

    /// Carries statements out, and takes a file away that is not what was written.
    package func carryOut(_ statements: [Statement], isChange: Bool) -> Found {
        do throws(IndexFile.Failure) {
            let file = try opened()
            guard isChange else { return .rows(try file.answers(to: statements)) }
            try file.write(statements)
            return .rows([])
        } catch {
            switch error {
            case .damaged(let reason): return renew(reason)
            case .failed(let reason):
                // What made it fail may be over when it is opened again.
                file = nil
                return .failed(reason)
            case .tooLong: return .tooLong
            }
        }
    }

    private func opened() throws(IndexFile.Failure) -> IndexFile {
        if let file { return file }
        let opened = try IndexFile(path: path, schema: schema)
        file = opened
        return opened
    }

    private func renew(_ reason: String) -> Found {
        file = nil
        for ending in ["", "-wal", "-shm"] { unlink(path + ending) }
        return .lost(reason)
    }
}
