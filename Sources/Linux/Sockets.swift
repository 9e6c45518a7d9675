import CUV
import Glibc
import Machine

/// What happened on the sockets.
enum SocketEvent {
    case opened(Link, Ticket?, from: Endpoint)
    case refused(Ticket)
    case received(Link, [UInt8])
    case drained(Link)
    case closed(Link)
}

/// All TCP links of a node, on libuv: whatever happens is queued, and the loop takes the queue.
final class Sockets {
    private let loop: UnsafeMutablePointer<uv_loop_t>
    private let sweep = UnsafeMutablePointer<uv_timer_t>.allocate(capacity: 1)
    private var links: [Link: SocketLink] = [:]
    private var listeners: [SocketListener] = []
    private var written: [SocketLink] = []
    private var timed: [SocketLink] = []
    private var events: [SocketEvent] = []
    private var next: UInt64 = 1

    /// Where the bytes of a read go before they are copied: one read is handled at a time.
    let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: SocketLimits.read)

    /// Creates the sockets of a loop.
    init(on loop: UnsafeMutablePointer<uv_loop_t>) {
        self.loop = loop
        uv_timer_init(loop, sweep)
        sweep.pointee.data = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit {
        buffer.deallocate()
    }

    /// Whether something happened that has not been taken.
    var hasEvents: Bool { !events.isEmpty }

    /// Whether bytes still wait to be sent.
    var isSending: Bool { links.values.contains(where: \.isSending) || !timed.isEmpty }

    /// Takes what happened, in order.
    func takeEvents() -> [SocketEvent] {
        guard !events.isEmpty else { return [] }
        let taken = events
        events = []
        return taken
    }

    /// Accepts connections at an endpoint, and returns its port, chosen by the system if it was 0.
    @discardableResult
    func listen(at endpoint: Endpoint, option: String) throws(LinuxFailure) -> UInt16 {
        let listener = try SocketListener(at: endpoint, on: loop, for: self, option: option)
        listeners.append(listener)
        return listener.port
    }

    /// Opens a connection.
    func dial(_ endpoint: Endpoint, for ticket: Ticket) {
        guard links.count < SocketLimits.links,
            let link = SocketLink(named(), on: loop, for: self, dial: ticket),
            link.connect(to: endpoint)
        else { return note(.refused(ticket)) }
        links[link.name] = link
        time(link, for: SocketLimits.dialMilliseconds)
    }

    /// Queues bytes; `flush` sends them.
    func write(_ bytes: [UInt8], to name: Link) {
        guard let link = links[name], !bytes.isEmpty else { return }
        if link.queue(bytes) { written.append(link) }
    }

    /// Sends what was queued, and closes what was closed meanwhile.
    func flush() {
        guard !written.isEmpty else { return }
        let taken = written
        written = []
        for link in taken { link.flush() }
    }

    /// Closes a link once the bytes already given are sent.
    func close(_ name: Link) {
        guard let link = links.removeValue(forKey: name) else { return }
        time(link, for: SocketLimits.lingerMilliseconds)
        if link.finish() { written.append(link) }
    }

    /// Closes all at once.
    func closeAll() {
        for listener in listeners { listener.close() }
        for link in links.values { link.abandon() }
        links = [:]
        listeners = []
        uv_timer_stop(sweep)
    }
}

/// What links and listeners tell their sockets.
extension Sockets {
    func note(_ event: SocketEvent) {
        events.append(event)
    }

    /// A link has ended by the peer's act or by a fault.
    func ended(_ link: SocketLink) {
        guard links.removeValue(forKey: link.name) != nil else { return }
        if let ticket = link.unansweredDial {
            note(.refused(ticket))
        } else {
            note(.closed(link.name))
        }
    }

    /// A peer has connected.
    func accept(from listener: UnsafeMutablePointer<uv_stream_t>) {
        guard let link = SocketLink(named(), on: loop, for: self, dial: nil),
            link.accept(from: listener), links.count < SocketLimits.links
        else { return }
        links[link.name] = link
        link.begin()
    }

    private func named() -> Link {
        defer { next += 1 }
        return Link(next)
    }

    /// Gives a link time to be connected or to end.
    private func time(_ link: SocketLink, for milliseconds: UInt64) {
        link.due = uv_now(loop) + milliseconds
        if timed.isEmpty {
            uv_timer_start(
                sweep,
                { timer in
                    guard let data = timer?.pointee.data else { return }
                    Unmanaged<Sockets>.fromOpaque(data).takeUnretainedValue().endOverdue()
                }, 250, 250)
        }
        timed.append(link)
    }

    private func endOverdue() {
        let now = uv_now(loop)
        timed.removeAll { link in
            guard let due = link.due, !link.isEnded else { return true }
            guard due <= now else { return false }
            link.fail()
            return true
        }
        if timed.isEmpty { uv_timer_stop(sweep) }
    }
}
