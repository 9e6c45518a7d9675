import CUV

/// Lets other threads wake the loop: the one call of libuv that any thread may make.
final class Waker: @unchecked Sendable {
    // Unchecked, for the pointer is constant and `uv_async_send` is safe from any thread.
    private let handle = UnsafeMutablePointer<uv_async_t>.allocate(capacity: 1)

    /// Makes a waker of a loop.
    init(of loop: UnsafeMutablePointer<uv_loop_t>) throws(LinuxFailure) {
        let code = uv_async_init(loop, handle) { _ in }
        guard code == 0 else {
            handle.deallocate()
            throw .thread(uvText(code))
        }
    }

    /// Makes the loop's current or next wait for events end.
    func wake() {
        uv_async_send(handle)
    }
}

/// libuv's words for an error code.
func uvText(_ code: Int32) -> String {
    guard let text = uv_strerror(code) else { return "error \(code)" }
    return String(cString: text)
}
