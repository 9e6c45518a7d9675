import Glibc
import Synchronization

/// A program that this process started, in a process group of its own.
///
/// A group of its own, so that Ctrl-C at a terminal reaches only the supervisor, which then ends
/// its children in order.
public final class ChildProcess: Sendable {
    /// The process's number.
    public let id: Int32

    private let outcome = Mutex<Int32?>(nil)

    /// Starts a program; what it says is appended to a file, its errors to another if one is named.
    public init(
        _ path: String, _ arguments: [String], output: String, errors: String? = nil
    ) throws(LinuxFailure) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        if let errors {
            posix_spawn_file_actions_addopen(
                &actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGINT, SIGTERM, SIGPIPE, SIGHUP] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, path, &actions, &attributes, &words, environ)
        guard code == 0 else { throw .program(path: path, reason: systemText(code)) }
        self.id = id
    }

    /// Whether the program still runs.
    public var isRunning: Bool { exitCode == nil }

    /// The exit code, or 128 and the signal that ended it; `nil` while it runs.
    public var exitCode: Int32? {
        outcome.withLock { outcome in
            if let outcome { return outcome }
            var status: Int32 = 0
            guard waitpid(id, &status, WNOHANG) == id else { return nil }
            let signal = status & 0x7f
            outcome = signal == 0 ? status >> 8 & 0xff : 128 + signal
            return outcome
        }
    }

    /// How the program ended, in words; `nil` while it runs.
    public var ending: String? {
        exitCode.map { code in
            guard code > 128, let name = strsignal(code - 128) else { return "code \(code)" }
            return "signal \(code - 128), \(String(cString: name).lowercased())"
        }
    }

    /// Sends a signal, unless the program has ended.
    public func signal(_ number: Int32) {
        if exitCode == nil { kill(id, number) }
    }

    /// Waits until the program has ended, at most for a time; answers whether it has.
    @discardableResult
    public func wait(atMost duration: Duration) -> Bool {
        let end = ContinuousClock.now.advanced(by: duration)
        while isRunning {
            if ContinuousClock.now >= end { return false }
            usleep(5_000)
        }
        return true
    }
}
