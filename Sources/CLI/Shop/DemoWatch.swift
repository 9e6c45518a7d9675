import Glibc
import Synchronization

/// Ends the network of a demonstration in order when Ctrl-C is pressed.
final class DemoWatch: Sendable {
    private let network = Mutex<LocalNetwork?>(nil)
    private let code = Mutex<Int32>(130)

    /// Takes a network under its watch.
    func supervise(_ local: LocalNetwork) {
        network.withLock { $0 = local }
    }

    /// From now on Ctrl-C is how it should end.
    func isDone() {
        code.withLock { $0 = 0 }
    }

    /// Says so, ends the network, and the process.
    func end() {
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
