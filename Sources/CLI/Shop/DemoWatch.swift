import Glibc
import Synchronization

/// Ends the network of a demonstration in order when Ctrl-C is pressed.
final class DemoWatch: Sendable {
    private let network = Mutex<LocalNetwork?>(nil)
    private let code = Mutex<Int32>(130)
    private let isEnding = Mutex(false)

    /// Starts a network, does something on it, and ends it.
    ///
    /// What fails because Ctrl-C ended the network is no failure.
    func supervise(_ local: LocalNetwork, _ body: (LocalNetwork) throws -> Void) throws {
        network.withLock { $0 = local }
        let outcome = Result {
            try local.start()
            try body(local)
        }
        // Then the thread of the signal ends the process.
        while isEnding.withLock({ $0 }) { sleep(1) }
        local.stop()
        try outcome.get()
    }

    /// From now on Ctrl-C is how it should end.
    func isDone() {
        code.withLock { $0 = 0 }
    }

    /// Says so, ends the network, and the process.
    func end() {
        isEnding.withLock { $0 = true }
        let code = code.withLock { $0 }
        let rest = code == 0 ? "" : " unfinished; another run goes on from here"
        DemoReport.interrupt("martlet demo shop: stopping the nodes\(rest)")
        network.withLock { $0 }?.stop()
        exit(code)
    }

    /// Ends the network without waiting for it.
    func endAtOnce() {
        network.withLock { $0 }?.killAll()
    }
}
