import CUV
import Glibc

/// Ctrl-C and the polite request to end: the first is told to the node, the second ends at once.
final class Signals {
    private let handles: [UnsafeMutablePointer<uv_signal_t>]
    private var count = 0
    private var isTold = true

    /// Begins to catch signals on a loop.
    init(on loop: UnsafeMutablePointer<uv_loop_t>) {
        signal(SIGPIPE, SIG_IGN)
        let numbers = [SIGINT, SIGTERM]
        handles = numbers.map { _ in .allocate(capacity: 1) }
        for (handle, number) in zip(handles, numbers) {
            uv_signal_init(loop, handle)
            handle.pointee.data = Unmanaged.passUnretained(self).toOpaque()
            uv_signal_start(
                handle,
                { handle, _ in
                    guard let data = handle?.pointee.data else { return }
                    Unmanaged<Signals>.fromOpaque(data).takeUnretainedValue().caught()
                }, number)
        }
    }

    /// Tells once of the first signal.
    func takeInterrupt() -> Bool {
        defer { isTold = true }
        return !isTold
    }

    private func caught() {
        count += 1
        if count > 1 { _exit(130) }
        isTold = false
    }
}
