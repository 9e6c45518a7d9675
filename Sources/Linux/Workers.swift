import Glibc
import Machine

/// Threads that run jobs, the oldest first, and patient ones only when nothing else wants to run.
///
/// Patient jobs have threads of their own, which the system schedules after all others of the
/// machine: under load they fall behind, and what is prompt does not wait for them.
final class Workers<Work: Job>: Sendable {
    private struct Task: Sendable {
        let ticket: Ticket
        let work: Work
    }

    private let prompt: Mailbox<Task>
    private let patient: Mailbox<Task>
    private let threads: [NativeThread]

    /// Starts so many workers of each kind; `answer` is called on the worker's thread.
    init(
        count: Int, answer: @escaping @Sendable (Ticket, Work.Answer) -> Void
    ) throws(LinuxFailure) {
        let prompt = Mailbox<Task>()
        let patient = Mailbox<Task>()
        var threads: [NativeThread] = []
        for tasks in [prompt, patient] {
            let isPatient = tasks === patient
            for _ in 0..<count {
                let thread = try NativeThread {
                    if isPatient { NativeThread.letOthersGoFirst() }
                    while let task = tasks.waitForOne() { answer(task.ticket, task.work.run()) }
                }
                threads.append(thread)
            }
        }
        self.prompt = prompt
        self.patient = patient
        self.threads = threads
    }

    /// Queues a job.
    func run(_ work: Work, for ticket: Ticket) {
        (work.isPatient ? patient : prompt).put(Task(ticket: ticket, work: work))
    }

    /// Forgets jobs that have not begun, and waits for those that have.
    func stop() {
        prompt.close(dropping: true)
        patient.close(dropping: true)
        for thread in threads { thread.join() }
    }
}

/// The number of workers that suits this machine: its cores, and at least two.
var suitableWorkerCount: Int {
    max(2, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}
