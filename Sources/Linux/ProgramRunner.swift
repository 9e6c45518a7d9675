import Glibc
import Machine

/// Runs programs for the node, one at a time, each on a leash.
///
/// A program gets a folder of its own, no standard input, and bounds on time, memory and output;
/// with its end the folder and all that it started are gone.
final class ProgramRunner: Sendable {
    private struct Order: Sendable {
        let ticket: Ticket
        let program: Program
    }

    private let orders = Mailbox<Order>()
    private let thread: NativeThread

    /// Starts the thread; `ran` is called on it.
    init(ran: @escaping @Sendable (Ticket, ProgramEnd) -> Void) throws(LinuxFailure) {
        let orders = orders
        thread = try NativeThread {
            NativeThread.letOthersGoFirst()
            while let order = orders.waitForOne() {
                ran(order.ticket, ProgramRunner.run(order.program, until: { orders.isEnding }))
            }
        }
    }

    /// Queues a program.
    func run(_ program: Program, for ticket: Ticket) {
        orders.put(Order(ticket: ticket, program: program))
    }

    /// Ends what runs, and the thread.
    func stop() {
        orders.close(dropping: true)
        thread.join()
    }

    /// Runs a program to its end.
    static func run(_ program: Program, until isEnding: () -> Bool = { false }) -> ProgramEnd {
        var template = Array(("/tmp/martlet-run-" + String(repeating: "X", count: 6)).utf8CString)
        guard let made = mkdtemp(&template) else { return .missing(systemText(errno)) }
        let folder = String(cString: made)
        defer { remove(folder) }
        for file in program.files {
            guard write(file.bytes, to: "\(folder)/\(file.name)") else {
                return .missing(systemText(errno))
            }
        }
        // The shell sets what posix_spawn cannot: the folder, and the most memory.
        let script = #"cd "$1" && ulimit -v "$2" && ulimit -f 65536 && shift 2 && exec "$@""#
        let words =
            ["-c", script, "sh", folder, "\(program.memory >> 10)", program.path]
            + program.arguments
        let child: ChildProcess
        do throws(LinuxFailure) {
            child = try ChildProcess(
                "/bin/sh", words, output: "\(folder)/.output", errors: "\(folder)/.errors")
        } catch {
            return .missing("\(error)")
        }
        defer { kill(-child.id, SIGKILL) }
        if let excess = watch(child, program, folder, isEnding) {
            kill(-child.id, SIGKILL)
            child.wait(atMost: .seconds(5))
            return .exceeded(excess)
        }
        return .ended(
            code: child.exitCode ?? -1, output: contents("\(folder)/.output", program.output),
            errors: contents("\(folder)/.errors", program.output))
    }

    /// Waits for the end; what went beyond its bound, if anything did.
    private static func watch(
        _ child: ChildProcess, _ program: Program, _ folder: String, _ isEnding: () -> Bool
    ) -> String? {
        let end = ContinuousClock.now.advanced(by: program.duration)
        while !child.wait(atMost: .milliseconds(50)) {
            if isEnding() { return "the node stops" }
            if ContinuousClock.now > end { return "it took more than \(program.duration)" }
            for name in [".output", ".errors"] where size("\(folder)/\(name)") > program.output {
                return "it said more than \(program.output) bytes"
            }
        }
        return nil
    }

    private static func size(_ path: String) -> Int {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
    }

    private static func write(_ bytes: [UInt8], to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Glibc.write(file, $0.baseAddress, $0.count)
            }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    private static func contents(_ path: String, _ limit: Int) -> [UInt8] {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: min(size(path), limit))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                read(file, $0.baseAddress.map { $0 + filled }, $0.count - filled)
            }
            guard count > 0 else { break }
            filled += count
        }
        return Array(bytes.prefix(filled))
    }

    /// Takes a folder away, and all that is in it.
    private static func remove(_ folder: String) {
        let child = try? ChildProcess("/bin/rm", ["-rf", folder], output: "/dev/null")
        child?.wait(atMost: .seconds(5))
    }
}
