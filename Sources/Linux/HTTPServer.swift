import CHTTP
import Glibc
import Machine

/// What happened on the HTTP server.
enum HTTPEvent {
    case requested(Ticket, HTTPRequest)
    case joined(Session, path: String)
    case told(Session, [UInt8])
    case left(Session)
}

/// The HTTP and WebSocket server, on a thread of its own.
final class HTTPServer {
    /// What callers may take up.
    static let limits = http_limits(
        body: 8 << 20, bodies: 256 << 20, header: 16 << 10, connections: 1024,
        outgoing: 8 << 20, patience: 30, idle: 75)

    private let server: OpaquePointer
    private let bell: Unmanaged<Bell>

    /// What is called when something happened, on the server's thread.
    private final class Bell: Sendable {
        let ring: @Sendable () -> Void

        init(_ ring: @escaping @Sendable () -> Void) {
            self.ring = ring
        }
    }

    /// Starts to serve; `option` is the setting that chooses another port.
    ///
    /// `ring` is called on the server's thread when events begin to wait.
    init(
        at endpoint: Endpoint, option: String, limits: http_limits = HTTPServer.limits,
        ring: @escaping @Sendable () -> Void
    ) throws(LinuxFailure) {
        var code: Int32 = 0
        let bell = Unmanaged.passRetained(Bell(ring))
        let started = http_server_start(
            endpoint.host, endpoint.port, limits,
            { bell in
                guard let bell else { return }
                Unmanaged<Bell>.fromOpaque(bell).takeUnretainedValue().ring()
            }, bell.toOpaque(), &code)
        guard let started else {
            bell.release()
            throw code == EADDRINUSE
                ? .portTaken(endpoint, option: option)
                : .notListening(endpoint, reason: systemText(code))
        }
        server = started
        self.bell = bell
    }

    /// The port that is served.
    var port: UInt16 { http_server_port(server) }

    /// Takes what happened, in order.
    func takeEvents() -> [HTTPEvent] {
        var events: [HTTPEvent] = []
        withUnsafeMutablePointer(to: &events) { events in
            http_server_drain(server, events) { receiver, event in
                guard let receiver, let event = event?.pointee else { return }
                let events = receiver.assumingMemoryBound(to: [HTTPEvent].self)
                events.pointee.append(HTTPEvent(event))
            }
        }
        return events
    }

    /// Answers a request.
    func reply(_ response: HTTPResponse, to ticket: Ticket) {
        // One line of text holds all names and values, so that one loan lends them all.
        var text: [UInt8] = []
        for field in response.headers {
            text += field.name.utf8
            text += field.value.utf8
        }
        text.withUnsafeBytes { text in
            var start = text.baseAddress.map { $0.assumingMemoryBound(to: CChar.self) }
            func next(_ count: Int) -> http_text {
                defer { start = start.map { $0 + count } }
                return http_text(bytes: start, count: count)
            }
            let fields = response.headers.map { field in
                let name = next(field.name.utf8.count)
                return http_field(name: name, value: next(field.value.utf8.count))
            }
            http_server_reply(
                server, ticket.number, response.status, fields, fields.count, response.body,
                response.body.count)
        }
    }

    /// Sends a message on a WebSocket.
    func push(_ bytes: [UInt8], to session: Session) {
        http_server_push(server, session.number, bytes, bytes.count)
    }

    /// Closes a WebSocket.
    func dismiss(_ session: Session) {
        http_server_dismiss(server, session.number)
    }

    /// Sends what has been answered, and ends; to be called once, as the last.
    func stop() {
        http_server_stop(server)
        bell.release()
    }
}

extension HTTPEvent {
    fileprivate init(_ event: http_event) {
        switch http_kind(UInt32(event.kind)) {
        case HTTP_JOINED: self = .joined(Session(event.number), path: event.target.string)
        case HTTP_TOLD: self = .told(Session(event.number), event.body.copy)
        case HTTP_LEFT: self = .left(Session(event.number))
        case HTTP_KNOCKED:
            self = .requested(Ticket(event.number), HTTPRequest(event, isHandshake: true))
        default:
            self = .requested(Ticket(event.number), HTTPRequest(event, isHandshake: false))
        }
    }
}

extension HTTPRequest {
    fileprivate init(_ event: http_event, isHandshake: Bool) {
        let fields = UnsafeBufferPointer(start: event.fields, count: event.field_count)
        self.init(
            method: event.method.string, target: event.target.string,
            headers: fields.map { Header($0.name.string, $0.value.string) },
            body: event.body.copy, isHandshake: isHandshake)
    }
}

extension http_text {
    private var buffer: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: bytes, count: count)
    }

    fileprivate var string: String { String(decoding: buffer, as: UTF8.self) }

    fileprivate var copy: [UInt8] { [UInt8](buffer) }
}
