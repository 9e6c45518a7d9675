import Glibc
import Machine

/// One connection of a client, with the bytes that were read too far.
final class HTTPClientConnection {
    /// Whether any byte of the current answer has come.
    private(set) var hasAnswered = false

    private let endpoint: Endpoint
    private let descriptor: Int32
    private var input: [UInt8] = []
    private var position = 0

    /// Connects.
    init(to endpoint: Endpoint, until end: ContinuousClock.Instant) throws(HTTPClientFailure) {
        self.endpoint = endpoint
        guard var address = SocketAddress(endpoint) else {
            throw .unreachable(endpoint, reason: "not a numeric address")
        }
        let family = endpoint.host.utf8.contains(UInt8(ascii: ":")) ? AF_INET6 : AF_INET
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        descriptor = socket(family, type | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .unreachable(endpoint, reason: systemText(errno)) }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        let size =
            family == AF_INET6
            ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        let code = address.withPointer { connect(descriptor, $0, socklen_t(size)) }
        if code != 0 && errno != EINPROGRESS {
            throw .unreachable(endpoint, reason: systemText(errno))
        }
        try wait(for: POLLOUT, until: end)
        var failure: Int32 = 0
        var length = socklen_t(4)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length)
        if failure != 0 { throw .unreachable(endpoint, reason: systemText(failure)) }
    }

    deinit {
        close(descriptor)
    }

    /// Writes a request.
    func write(
        _ bytes: [UInt8], until end: ContinuousClock.Instant
    ) throws(HTTPClientFailure) {
        hasAnswered = false
        var done = 0
        while done < bytes.count {
            let sent = bytes.withUnsafeBytes { buffer in
                send(
                    descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done,
                    Int32(MSG_NOSIGNAL))
            }
            if sent >= 0 { done += sent; continue }
            switch errno {
            case EINTR: continue
            case EAGAIN: try wait(for: POLLOUT, until: end)
            default: throw .broken(endpoint)
            }
        }
    }

    /// Reads the answer to a request, and tells whether the connection may be used again.
    func response(
        to method: String, until end: ContinuousClock.Instant
    ) throws(HTTPClientFailure) -> (HTTPResponse, isKept: Bool) {
        var head = try head(until: end)
        while head.status < 200 { head = try self.head(until: end) }
        let isKept = head["connection"] != "close" && head.hasLength
        let isBodiless = method == "HEAD" || head.status == 204 || head.status == 304
        let body = isBodiless ? [] : try body(after: head, until: end)
        return (
            HTTPResponse(status: head.status, headers: head.fields, body: body),
            isKept || isBodiless
        )
    }
}

extension HTTPClientConnection {
    /// The first part of an answer.
    private struct Head {
        var status: UInt16
        var fields: [HTTPRequest.Header] = []

        subscript(name: String) -> String? {
            fields.last { $0.name == name }?.value.lowercased()
        }

        /// Whether the body's end can be told before the connection's.
        var hasLength: Bool { isChunked || self["content-length"] != nil }

        var isChunked: Bool { self["transfer-encoding"] == "chunked" }
    }

    private func head(until end: ContinuousClock.Instant) throws(HTTPClientFailure) -> Head {
        let words = try line(until: end).split(separator: " ", maxSplits: 2)
        guard words.count > 1, words[0].hasPrefix("HTTP/1."), let status = UInt16(words[1]) else {
            throw .malformed(endpoint)
        }
        var head = Head(status: status)
        while true {
            let line = try line(until: end)
            if line.isEmpty { return head }
            guard let colon = line.firstIndex(of: ":"), head.fields.count < 256 else {
                throw .malformed(endpoint)
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            head.fields.append(HTTPRequest.Header(line[..<colon].lowercased(), String(value)))
        }
    }

    private func body(
        after head: Head, until end: ContinuousClock.Instant
    ) throws(HTTPClientFailure) -> [UInt8] {
        if head.isChunked { return try chunks(until: end) }
        guard let text = head["content-length"] else { return try rest(until: end) }
        guard let count = Int(text), count >= 0 else { throw .malformed(endpoint) }
        return try take(count, until: end)
    }

    private func chunks(until end: ContinuousClock.Instant) throws(HTTPClientFailure) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let size = try line(until: end).prefix { $0 != ";" }
            guard let count = Int(size, radix: 16), count >= 0,
                count <= HTTPClient.limit - body.count
            else { throw .malformed(endpoint) }
            if count == 0 { break }
            body += try take(count, until: end)
            _ = try line(until: end)
        }
        while try !line(until: end).isEmpty {}
        return body
    }

    /// One line, without its end.
    private func line(until end: ContinuousClock.Instant) throws(HTTPClientFailure) -> String {
        var searched = position
        while true {
            if let feed = input[searched...].firstIndex(of: 0x0a) {
                var line = input[position..<feed]
                if line.last == 0x0d { line.removeLast() }
                position = feed + 1
                return String(decoding: line, as: UTF8.self)
            }
            if input.count - position > 65536 { throw .malformed(endpoint) }
            let seen = input.count - position
            guard try fill(until: end) else { throw .broken(endpoint) }
            searched = position + seen
        }
    }

    private func take(
        _ count: Int, until end: ContinuousClock.Instant
    ) throws(HTTPClientFailure) -> [UInt8] {
        guard count <= HTTPClient.limit else { throw .malformed(endpoint) }
        while input.count - position < count {
            guard try fill(until: end) else { throw .broken(endpoint) }
        }
        defer { position += count }
        return Array(input[position..<position + count])
    }

    private func rest(until end: ContinuousClock.Instant) throws(HTTPClientFailure) -> [UInt8] {
        while try fill(until: end) {
            if input.count - position > HTTPClient.limit { throw .malformed(endpoint) }
        }
        return try take(input.count - position, until: end)
    }

    /// Reads what there is; answers `false` at the end.
    private func fill(until end: ContinuousClock.Instant) throws(HTTPClientFailure) -> Bool {
        if position > 0 {
            input.removeFirst(position)
            position = 0
        }
        while true {
            let count = withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 16) { room in
                let count = recv(descriptor, room.baseAddress, room.count, 0)
                if count > 0 { input += UnsafeRawBufferPointer(rebasing: room[..<count]) }
                return count
            }
            if count > 0 { hasAnswered = true }
            if count >= 0 { return count > 0 }
            switch errno {
            case EINTR: continue
            case EAGAIN: try wait(for: POLLIN, until: end)
            default: throw .broken(endpoint)
            }
        }
    }

    private func wait(
        for events: Int32, until end: ContinuousClock.Instant
    ) throws(HTTPClientFailure) {
        while true {
            let (seconds, attoseconds) = ContinuousClock.now.duration(to: end).components
            let left = seconds * 1000 + attoseconds / 1_000_000_000_000_000
            guard left > 0 else { throw .timedOut(endpoint) }
            var interest = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let code = poll(&interest, 1, Int32(clamping: left))
            if code > 0 { return }
            if code < 0 && errno != EINTR { throw .broken(endpoint) }
        }
    }
}
