import CUV
import Glibc
import Machine

/// One TCP connection: reads at once, writes through a bounded queue.
///
/// libuv holds a reference to it from its first call until the handle is closed.
final class SocketLink {
    /// Its number.
    let name: Link
    /// When it must be connected, or gone, on libuv's clock; `nil` if it may stay.
    var due: UInt64?
    /// The dial that has not been answered.
    private(set) var unansweredDial: Ticket?
    /// Whether the handle is closed, or about to be.
    private(set) var isEnded = false

    private unowned let sockets: Sockets
    private let handle = UnsafeMutablePointer<uv_tcp_t>.allocate(capacity: 1)
    private var pending: [UInt8] = []
    private var sending: [UInt8] = []
    private var isMarked = false
    private var isFinishing = false

    /// Whether bytes wait to be sent.
    var isSending: Bool { !isEnded && !(pending.isEmpty && sending.isEmpty) }

    private var stream: UnsafeMutablePointer<uv_stream_t> {
        UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_stream_t.self)
    }

    /// Creates a link; `nil` if the system has no room for it.
    init?(
        _ name: Link, on loop: UnsafeMutablePointer<uv_loop_t>, for sockets: Sockets, dial: Ticket?
    ) {
        self.name = name
        self.sockets = sockets
        unansweredDial = dial
        guard uv_tcp_init(loop, handle) == 0 else {
            handle.deallocate()
            return nil
        }
        handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
    }

    /// Begins to connect; answers `false`, and is gone, if that cannot be.
    func connect(to endpoint: Endpoint) -> Bool {
        guard var address = SocketAddress(endpoint) else { return abandoned() }
        let request = UnsafeMutablePointer<uv_connect_t>.allocate(capacity: 1)
        let code = address.withPointer { address in
            uv_tcp_connect(request, handle, address) { request, status in
                guard let request else { return }
                defer { request.deallocate() }
                SocketLink.of(request.pointee.handle)?.connected(status)
            }
        }
        if code == 0 { return true }
        request.deallocate()
        return abandoned()
    }

    /// Takes a connection from a listener; answers `false`, and is gone, if that cannot be.
    func accept(from listener: UnsafeMutablePointer<uv_stream_t>) -> Bool {
        uv_accept(listener, stream) == 0 || abandoned()
    }

    /// Tells that the link is open, and begins to read.
    func begin() {
        uv_tcp_nodelay(handle, 1)
        sockets.note(.opened(name, unansweredDial, from: SocketAddress.peer(of: handle)))
        unansweredDial = nil
        due = nil
        uv_read_start(
            stream,
            { handle, _, buffer in
                guard let buffer, let data = handle?.pointee.data else { return }
                let link = Unmanaged<SocketLink>.fromOpaque(data).takeUnretainedValue()
                buffer.pointee = uv_buf_init(link.sockets.buffer, UInt32(SocketLimits.read))
            },
            { handle, count, buffer in
                SocketLink.of(handle)?.read(count, buffer)
            })
    }

    /// Queues bytes, and tells whether the link now asks for a flush.
    func queue(_ bytes: [UInt8]) -> Bool {
        if pending.isEmpty { pending = bytes } else { pending += bytes }
        guard pending.count + sending.count <= SocketLimits.outgoing else {
            fail()
            return false
        }
        return mark()
    }

    /// Closes once all is sent, and tells whether the link now asks for a flush.
    func finish() -> Bool {
        isFinishing = true
        uv_read_stop(stream)
        return mark()
    }

    /// Sends what was queued, unless the last of it is still on its way.
    func flush() {
        isMarked = false
        guard !isEnded, sending.isEmpty, unansweredDial == nil else { return }
        guard !pending.isEmpty else { return isFinishing ? abandon() : () }
        let count = pending.count
        let code = pending.withUnsafeBytes { bytes in
            var buffer = Self.buffer(bytes, from: 0)
            return uv_try_write(stream, &buffer, 1)
        }
        if code < 0 && code != UV_EAGAIN.rawValue { return fail() }
        let sent = max(0, Int(code))
        if sent == count {
            pending = []
            return allSent()
        }
        (sending, pending) = (pending, [])
        send(from: sent)
    }

    /// Ends the link as a fault does: it is told of.
    func fail() {
        guard !isEnded else { return }
        sockets.ended(self)
        abandon()
    }

    /// Closes the handle at once.
    func abandon() {
        guard !isEnded else { return }
        isEnded = true
        pending = []
        let raw = UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self)
        uv_close(raw) { handle in
            guard let handle, let data = handle.pointee.data else { return }
            Unmanaged<SocketLink>.fromOpaque(data).release()
            UnsafeMutableRawPointer(handle).deallocate()
        }
    }
}

extension SocketLink {
    private static func of(_ handle: UnsafeMutablePointer<uv_stream_t>?) -> SocketLink? {
        guard let data = handle?.pointee.data else { return nil }
        return Unmanaged<SocketLink>.fromOpaque(data).takeUnretainedValue()
    }

    private static func buffer(_ bytes: UnsafeRawBufferPointer, from start: Int) -> uv_buf_t {
        // libuv only reads what it sends; its type does not say so.
        let base = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        return uv_buf_t(
            base: base.map { ($0 + start).assumingMemoryBound(to: CChar.self) },
            len: bytes.count - start)
    }

    private func abandoned() -> Bool {
        abandon()
        return false
    }

    private func mark() -> Bool {
        defer { isMarked = true }
        return !isMarked
    }

    private func connected(_ status: Int32) {
        guard !isEnded else { return }
        if status == 0 { begin() } else { fail() }
    }

    private func read(_ count: Int, _ buffer: UnsafePointer<uv_buf_t>?) {
        guard !isEnded, count != 0 else { return }
        guard count > 0, let base = buffer?.pointee.base else { return fail() }
        let bytes = [UInt8](UnsafeRawBufferPointer(start: base, count: count))
        sockets.note(.received(name, bytes))
    }

    /// Hands the rest of `sending` to libuv, in memory that lives until it is sent.
    private func send(from start: Int) {
        let count = sending.count - start
        let memory = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
        sending.withUnsafeBytes { bytes in
            memory.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: bytes[start...]).baseAddress
                    ?? UnsafeRawPointer(memory), byteCount: count)
        }
        let request = UnsafeMutablePointer<uv_write_t>.allocate(capacity: 1)
        request.pointee.data = memory
        var buffer = uv_buf_t(base: memory.assumingMemoryBound(to: CChar.self), len: count)
        let code = uv_write(request, stream, &buffer, 1) { request, status in
            guard let request else { return }
            let link = SocketLink.of(request.pointee.handle)
            request.pointee.data?.deallocate()
            request.deallocate()
            link?.sent(status)
        }
        guard code != 0 else { return }
        memory.deallocate()
        request.deallocate()
        fail()
    }

    private func sent(_ status: Int32) {
        guard !isEnded else { return }
        sending = []
        if status != 0 { return fail() }
        if pending.isEmpty { allSent() } else { flush() }
    }

    private func allSent() {
        if isFinishing { abandon() } else { sockets.note(.drained(name)) }
    }
}
