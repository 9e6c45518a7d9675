import Glibc

/// A thread of the operating system, with a stack large enough for deep calls of contracts.
public struct NativeThread: Sendable {
    private let handle: pthread_t

    /// Starts a thread that runs `body` once.
    ///
    /// A stack is address space until it is used, so a large one costs nothing.
    public init(
        stack bytes: Int = 64 << 20, body: @escaping @Sendable () -> Void
    ) throws(LinuxFailure) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, bytes)
        var handle = pthread_t()
        let box = Unmanaged.passRetained(Body(body))
        let code = pthread_create(
            &handle, &attributes,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw .thread(systemText(code))
        }
        self.handle = handle
    }

    /// Lets all other threads of the machine go before the calling one, if the system allows it.
    static func letOthersGoFirst() {
        setpriority(Int32(PRIO_PROCESS.rawValue), 0, 10)
    }

    /// Waits until the thread has ended; to be called once.
    public func join() {
        pthread_join(handle, nil)
    }
}

private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}
