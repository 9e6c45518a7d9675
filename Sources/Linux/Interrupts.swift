import Glibc

/// Ctrl-C and the polite request to end, for commands that are no node.
public enum Interrupts {
    /// Calls `body` on a thread of its own when the process is asked to end; asked again, it ends
    /// after a call of `again`.
    ///
    /// To be called before other threads are made, for those must not catch the signals.
    public static func handle(
        _ body: @escaping @Sendable () -> Void, again: @escaping @Sendable () -> Void = {}
    ) throws(LinuxFailure) {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let watched = signals
        _ = try NativeThread {
            var signals = watched
            var caught: Int32 = 0
            sigwait(&signals, &caught)
            guard let _ = try? NativeThread(body: body) else { _exit(130) }
            sigwait(&signals, &caught)
            again()
            _exit(130)
        }
    }
}
