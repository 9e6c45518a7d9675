import CUV
import Glibc
import Machine
import Primitives

/// One thread that owns a node, its sockets and its time.
///
/// Each turn waits until something happens, hands all that happened to the node, wakes it if it is
/// due, and then performs all its effects: so what many occurrences ask for leaves in one write.
final class Loop<Node: Resident> {
    private enum Answer: Sendable {
        case computed(Ticket, Node.Work.Answer)
        case persisted([Ticket])
        case failed(LinuxFailure)
        case found(Ticket, Found)
        case ran(Ticket, ProgramEnd)
    }

    private let settings: Linux.Settings
    private let uv: UnsafeMutablePointer<uv_loop_t>
    private let timer = UnsafeMutablePointer<uv_timer_t>.allocate(capacity: 1)
    private let waker: Waker
    private let signals: Signals
    private let sockets: Sockets
    private let http: HTTPServer?
    private let disk: DiskThreads
    private let workers: Workers<Node.Work>
    private let index: IndexThread?
    private let programs: ProgramRunner
    private let answers: Mailbox<Answer>
    private let clock = Clock()

    private var node: Node
    private var outbox = Outbox<Effect<Node.Work>>()
    private var lines: LineWriter
    private var clockDue = Instant.start
    private var isStopping = false

    /// Opens the disk, serves HTTP, and makes the node.
    init(_ settings: Linux.Settings, makeNode: (Linux.Birth) throws -> Node) throws {
        self.settings = settings
        uv = .allocate(capacity: 1)
        uv_loop_init(uv)
        uv_timer_init(uv, timer)
        let waker = try Waker(of: uv)
        let answers = Mailbox<Answer>()
        let send = { @Sendable (answer: Answer) in if answers.put(answer) { waker.wake() } }
        http = try settings.http.map { endpoint throws(LinuxFailure) in
            try HTTPServer(at: endpoint, option: settings.httpPortOption) { waker.wake() }
        }
        let database = try Database(
            directory: settings.directory, isSynced: settings.outlastsPower)
        let journal = try JournalFile(
            directory: settings.directory, isSynced: settings.outlastsPower)
        let log = try journal.contents()
        disk = try DiskThreads(
            journal: journal, database: database,
            told: DiskThreads.Told(
                persisted: { send(.persisted($0)) }, failed: { send(.failed($0)) }))
        workers = try Workers(count: settings.workers ?? suitableWorkerCount) { ticket, answer in
            send(.computed(ticket, answer))
        }
        index = try settings.index.map { schema throws(LinuxFailure) in
            try IndexThread(directory: settings.directory, schema: schema) {
                send(.found($0, $1))
            }
        }
        programs = try ProgramRunner { send(.ran($0, $1)) }
        node = try makeNode(
            Linux.Birth(
                recovered: Recovered(disk: database, log: log), entropy: Entropy.seed(),
                unixMilliseconds: Clock.unixMilliseconds))
        self.waker = waker
        self.answers = answers
        signals = Signals(on: uv)
        sockets = Sockets(on: uv)
        lines = LineWriter(settings.log)
    }

    /// Runs until the node stops.
    func run() throws(LinuxFailure) {
        // The first turn listens for links, too.
        try turn()
        if let http { settings.serving?(http.port) }
        while !isStopping {
            wait()
            try turn()
        }
        stop()
    }

    /// Hands over all that happened, and performs what is asked for.
    private func turn() throws(LinuxFailure) {
        let now = clock.now
        tellTime(at: now)
        if signals.takeInterrupt() { tell(.interrupted, at: now) }
        for answer in answers.takeAll() { try tell(answer, at: now) }
        for event in sockets.takeEvents() { tell(Occurrence(event), at: now) }
        for event in http?.takeEvents() ?? [] { tell(Occurrence(event), at: now) }
        if let deadline = node.deadline, deadline <= now { node.wake(at: now, into: &outbox) }
        for effect in outbox.drain() { try perform(effect) }
        sockets.flush()
        lines.flush()
    }

    private func tell(_ occurrence: Occurrence<Node.Work>, at now: Instant) {
        node.handle(occurrence, at: now, into: &outbox)
    }

    private func tell(_ answer: Answer, at now: Instant) throws(LinuxFailure) {
        switch answer {
        case .computed(let ticket, let result):
            tell(Occurrence.computed(ticket, result), at: now)
        case .persisted(let tickets):
            for ticket in tickets { tell(Occurrence.persisted(ticket), at: now) }
        case .found(let ticket, let found): tell(Occurrence.found(ticket, found), at: now)
        case .ran(let ticket, let end): tell(Occurrence.ran(ticket, end), at: now)
        case .failed(let failure):
            lines.flush()
            throw failure
        }
    }

    private func tellTime(at now: Instant) {
        guard clockDue <= now else { return }
        tell(.clock(Clock.unixMilliseconds), at: now)
        clockDue = now.advanced(by: .seconds(10))
    }

    private func perform(_ effect: Effect<Node.Work>) throws(LinuxFailure) {
        switch effect {
        case .listen(let endpoint):
            try sockets.listen(at: endpoint, option: settings.portOption)
        case .dial(let ticket, let endpoint): sockets.dial(endpoint, for: ticket)
        case .write(let link, let bytes): sockets.write(bytes, to: link)
        case .close(let link): sockets.close(link)
        case .compute(let ticket, let work): workers.run(work, for: ticket)
        case .append(let ticket, let bytes): disk.append(bytes, for: ticket)
        case .replace(let ticket, let bytes): disk.replace(with: bytes, for: ticket)
        case .commit(let ticket, let writes): disk.commit(writes, for: ticket)
        case .index(let ticket, let statements): index?.change(statements, for: ticket)
        case .look(let ticket, let statements): index?.ask(statements, for: ticket)
        case .run(let ticket, let program): programs.run(program, for: ticket)
        case .reply(let ticket, let response): http?.reply(response, to: ticket)
        case .push(let session, let bytes): http?.push(bytes, to: session)
        case .dismiss(let session): http?.dismiss(session)
        case .record(let record): lines.add(record, at: Clock.unixMilliseconds)
        case .stop: isStopping = true
        }
    }

    /// Waits for the next event, at most until the node or the clock is due.
    private func wait() {
        let due = min(node.deadline ?? clockDue, clockDue)
        let now = clock.now
        guard due > now, !sockets.hasEvents else {
            uv_run(uv, UV_RUN_NOWAIT)
            return
        }
        uv_update_time(uv)
        let milliseconds = (due.nanoseconds - now.nanoseconds + 999_999) / 1_000_000
        uv_timer_start(timer, { _ in }, milliseconds, 0)
        uv_run(uv, UV_RUN_ONCE)
    }

    /// Finishes what was asked for, and lets all go.
    private func stop() {
        workers.stop()
        index?.stop()
        programs.stop()
        disk.stop()
        let end = clock.now.advanced(by: .seconds(2))
        while sockets.isSending && clock.now < end {
            uv_timer_start(timer, { _ in }, 50, 0)
            uv_run(uv, UV_RUN_ONCE)
        }
        sockets.closeAll()
        uv_run(uv, UV_RUN_NOWAIT)
        http?.stop()
        lines.flush()
    }
}

extension Occurrence {
    fileprivate init(_ event: SocketEvent) {
        switch event {
        case .opened(let link, let ticket, let endpoint):
            self = .opened(link, ticket, from: endpoint)
        case .refused(let ticket): self = .refused(ticket)
        case .received(let link, let bytes): self = .received(link, bytes)
        case .drained(let link): self = .drained(link)
        case .closed(let link): self = .closed(link)
        }
    }

    fileprivate init(_ event: HTTPEvent) {
        switch event {
        case .requested(let ticket, let request): self = .requested(ticket, request)
        case .joined(let session, let path): self = .joined(session, path: path)
        case .told(let session, let bytes): self = .told(session, bytes)
        case .left(let session): self = .left(session)
        }
    }
}
