import Glibc

/// A queue between threads, emptied from its front or in one go.
///
/// It is not bounded by itself: what is put in was asked for by the node, and the node bounds what
/// it asks for.
final class Mailbox<Element: Sendable>: @unchecked Sendable {
    // Unchecked, for the mutex guards all that is stored.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let filled = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var elements: [Element?] = []
    private var first = 0
    private var isClosed = false

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(filled, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(filled)
        pthread_mutex_destroy(mutex)
        filled.deallocate()
        mutex.deallocate()
    }

    /// Adds an element, and tells whether the mailbox was empty.
    @discardableResult
    func put(_ element: Element) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let wasEmpty = first == elements.count
        elements.append(element)
        pthread_cond_signal(filled)
        return wasEmpty
    }

    /// Lets all who wait go home once the mailbox is empty, at once if the rest is not wanted.
    func close(dropping: Bool = false) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isClosed = true
        if dropping { removeAll() }
        pthread_cond_broadcast(filled)
    }

    /// Whether the mailbox is closed.
    var isEnding: Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return isClosed
    }

    /// Waits until the mailbox is closed, but not longer than a time.
    func waitForEnd(atMost limit: Duration) {
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        let (seconds, attoseconds) = limit.components
        end.tv_nsec += Int(attoseconds / 1_000_000_000)
        end.tv_sec += Int(seconds) + end.tv_nsec / 1_000_000_000
        end.tv_nsec %= 1_000_000_000
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isClosed, pthread_cond_timedwait(filled, mutex, &end) == 0 {}
    }

    /// Takes whatever is there, without waiting.
    func takeAll() -> [Element] {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return removeAll()
    }

    /// Waits until something is there, and takes all; empty once the mailbox is closed and empty.
    func waitForAll() -> [Element] {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while first == elements.count && !isClosed { pthread_cond_wait(filled, mutex) }
        return removeAll()
    }

    /// Waits for the oldest element, and takes it; `nil` once the mailbox is closed and empty.
    func waitForOne() -> Element? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while first == elements.count && !isClosed { pthread_cond_wait(filled, mutex) }
        guard first < elements.count else { return nil }
        let oldest = elements[first]
        elements[first] = nil
        first += 1
        if first == elements.count || first > 1024 {
            elements.removeFirst(first)
            first = 0
        }
        return oldest
    }

    @discardableResult
    private func removeAll() -> [Element] {
        guard first < elements.count else { return [] }
        let taken = elements[first...].compactMap(\.self)
        elements = []
        first = 0
        return taken
    }
}
