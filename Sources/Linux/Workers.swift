import Glibc
import Machine

/// Threads that run jobs, the oldest first.
final class Workers<Work: Job>: Sendable {
    private struct Task: Sendable {
        let ticket: Ticket
        let work: Work
    }

    private let tasks: Mailbox<Task>
    private let threads: [NativeThread]

    /// Starts workers; each answer is handed to `answer` on the worker's thread.
    init(
        count: Int, answer: @escaping @Sendable (Ticket, Work.Answer) -> Void
    ) throws(LinuxFailure) {
        let tasks = Mailbox<Task>()
        var threads: [NativeThread] = []
        for _ in 0..<count {
            let thread = try NativeThread {
                while let task = tasks.waitForOne() { answer(task.ticket, task.work.run()) }
            }
            threads.append(thread)
        }
        self.tasks = tasks
        self.threads = threads
    }

    /// Queues a job.
    func run(_ work: Work, for ticket: Ticket) {
        tasks.put(Task(ticket: ticket, work: work))
    }

    /// Forgets jobs that have not begun, and waits for those that have.
    func stop() {
        tasks.close(dropping: true)
        for thread in threads { thread.join() }
    }
}

/// The number of workers that suits this machine: its cores, and at least two.
var suitableWorkerCount: Int {
    max(2, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}
