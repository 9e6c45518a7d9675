import FoundationEssentials
import Glibc
import Linux
import Machine
import Primitives
import Synchronization

/// A resident that answers everything with itself, for tests of the driver.
struct Echo: Resident {
    struct Doubling: Job {
        let number: UInt64

        func run() -> UInt64 { number * 2 }
    }

    typealias Work = Doubling

    var deadline: Instant?
    private let birth: Linux.Birth
    private var waiting: [Ticket: Ticket] = [:]
    private var next: UInt64 = 1

    init(_ birth: Linux.Birth) {
        self.birth = birth
    }

    mutating func handle(
        _ input: Occurrence<Doubling>, at now: Instant, into outputs: inout Outbox<Effect<Doubling>>
    ) {
        switch input {
        case .received(let link, let bytes):
            outputs.append(.write(link, bytes))
            if bytes.last == UInt8(ascii: "!") { outputs.append(.close(link)) }
        case .requested(let ticket, let request): answer(ticket, request, into: &outputs)
        case .computed(let ticket, let answer):
            guard let waiting = waiting.removeValue(forKey: ticket) else { return }
            outputs.append(.reply(waiting, HTTPResponse(status: 200, body: text("\(answer)"))))
        case .persisted(let ticket):
            guard let waiting = waiting.removeValue(forKey: ticket) else { return }
            outputs.append(.reply(waiting, HTTPResponse(status: 200, body: text("kept"))))
        case .told(let session, let bytes): outputs.append(.push(session, bytes))
        case .interrupted: outputs.append(.stop)
        default: break
        }
    }

    mutating func wake(at now: Instant, into outputs: inout Outbox<Effect<Doubling>>) {
        deadline = nil
    }

    private mutating func answer(
        _ ticket: Ticket, _ request: HTTPRequest, into outputs: inout Outbox<Effect<Doubling>>
    ) {
        switch request.target {
        case _ where request.isHandshake:
            let status: UInt16 = request.target == "/closed" ? 403 : 101
            outputs.append(.reply(ticket, HTTPResponse(status: status, body: text("no\n"))))
        case "/job": outputs.append(.compute(ask(for: ticket), Doubling(number: 21)))
        case "/append": outputs.append(.append(ask(for: ticket), request.body))
        case "/replace": outputs.append(.replace(ask(for: ticket), request.body))
        case "/commit":
            let write = Write(Table(3), text("key"), request.body)
            outputs.append(.commit(ask(for: ticket), [write]))
        case "/log":
            outputs.append(.reply(ticket, HTTPResponse(status: 200, body: birth.recovered.log)))
        case "/read":
            let value = birth.recovered.disk.snapshot().value(text("key"), in: Table(3))
            outputs.append(.reply(ticket, HTTPResponse(status: 200, body: value ?? [])))
        case "/stop":
            outputs.append(.reply(ticket, HTTPResponse(status: 204)))
            outputs.append(.stop)
        default:
            let headers = [HTTPRequest.Header("x-method", request.method)]
            let response = HTTPResponse(status: 200, headers: headers, body: request.body)
            outputs.append(.reply(ticket, response))
        }
    }

    private mutating func ask(for ticket: Ticket) -> Ticket {
        defer { next += 1 }
        waiting[Ticket(next)] = ticket
        return Ticket(next)
    }
}

/// An echo on a thread of its own, and how to reach it.
final class RunningEcho: Sendable {
    let port: UInt16
    private let thread: NativeThread
    private let code: Outcome

    private final class Outcome: Sendable {
        let port = Mutex<UInt16?>(nil)
        let code = Mutex<Int32?>(nil)
    }

    /// Starts an echo in a directory, and waits until it serves.
    init(in directory: String, links: Endpoint? = nil) throws {
        let outcome = Outcome()
        var settings = Linux.Settings(
            directory: directory, http: Endpoint(host: "127.0.0.1", port: 0))
        settings.serving = { port in outcome.port.withLock { $0 = port } }
        let chosen = settings
        thread = try NativeThread {
            let code = Linux.run(chosen) { Listening(Echo($0), links) }
            outcome.code.withLock { $0 = code }
        }
        while outcome.port.withLock({ $0 }) == nil, outcome.code.withLock({ $0 }) == nil {
            usleep(1000)
        }
        port = outcome.port.withLock { $0 } ?? 0
        code = outcome
    }

    /// A new client.
    var client: HTTPClient { HTTPClient(host: "127.0.0.1", port: port) }

    /// Waits for the end, and returns the exit code.
    func join() -> Int32? {
        thread.join()
        return code.code.withLock { $0 }
    }

    /// Asks the echo to stop, and returns the exit code.
    func stop() throws -> Int32? {
        _ = try client.get("/stop")
        return join()
    }
}

/// A resident that listens for links from its first moment.
struct Listening: Resident {
    typealias Work = Echo.Work

    private var inner: Echo
    private var links: Endpoint?

    init(_ inner: Echo, _ links: Endpoint?) {
        self.inner = inner
        self.links = links
    }

    var deadline: Instant? { inner.deadline }

    mutating func handle(
        _ input: Occurrence<Work>, at now: Instant, into outputs: inout Outbox<Effect<Work>>
    ) {
        if let links { outputs.append(.listen(links)) }
        links = nil
        inner.handle(input, at: now, into: &outputs)
    }

    mutating func wake(at now: Instant, into outputs: inout Outbox<Effect<Work>>) {
        inner.wake(at: now, into: &outputs)
    }
}

func text(_ string: String) -> [UInt8] { Array(string.utf8) }

/// A new directory that is taken away with the last reference to it.
final class ScratchDirectory {
    let path: String

    init() {
        var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? ""
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// A plain blocking TCP connection.
final class RawSocket {
    private let descriptor: Int32

    init?(port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        if code != 0 { return nil }
    }

    deinit {
        close(descriptor)
    }

    func send(_ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor, buffer.baseAddress.map { $0 + done }, bytes.count - done,
                    Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            done += count
        }
    }

    func send(_ string: String) { send(text(string)) }

    /// Reads until there are so many bytes, or the end.
    func receive(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var room = [UInt8](repeating: 0, count: min(65536, count - bytes.count))
            let read = recv(descriptor, &room, room.count, 0)
            if read <= 0 { break }
            bytes += room[..<read]
        }
        return bytes
    }

    /// Reads the head of a response, and no more.
    func receiveHead() -> String {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual(text("\r\n\r\n")) {
            let byte = receive(1)
            if byte.isEmpty { break }
            head += byte
        }
        return String(decoding: head, as: UTF8.self)
    }

    /// Reads until the end.
    func receiveAll() -> String { String(decoding: receive(1 << 30), as: UTF8.self) }
}

/// A port that was free a moment ago.
func freePort() -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            _ = bind(descriptor, $0, size)
            _ = getsockname(descriptor, $0, &size)
        }
    }
    return UInt16(bigEndian: address.sin_port)
}
