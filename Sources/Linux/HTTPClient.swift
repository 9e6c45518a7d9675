import Glibc
public import Machine

/// Why a request got no answer.
public enum HTTPClientFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// No one listens there, or not any more.
    case unreachable(Endpoint, reason: String)
    /// The answer took too long.
    case timedOut(Endpoint)
    /// The connection broke before the answer was whole; the request may have been carried out.
    case broken(Endpoint)
    /// The answer is no HTTP, or greater than the client takes.
    case malformed(Endpoint)

    /// One line: what is wrong.
    public var description: String {
        switch self {
        case .unreachable(let endpoint, let reason):
            "cannot reach \(endpoint.host) port \(endpoint.port): \(reason)"
        case .timedOut(let endpoint): "no answer from \(endpoint.host) port \(endpoint.port)"
        case .broken(let endpoint):
            "\(endpoint.host) port \(endpoint.port) broke off before it answered"
        case .malformed(let endpoint):
            "\(endpoint.host) port \(endpoint.port) answered something that is no HTTP"
        }
    }
}

/// A blocking HTTP/1.1 client with one kept connection, which it opens again by itself.
///
/// For commands, not for nodes. Each thread has its own.
public final class HTTPClient {
    private let endpoint: Endpoint
    private let timeout: Duration
    private var connection: HTTPClientConnection?

    /// The greatest answer the client takes, in bytes.
    public static let limit = 256 << 20

    /// Creates a client of a numeric address or `localhost`; it connects when it is first used.
    public init(host: String, port: UInt16, timeout: Duration = .seconds(10)) {
        endpoint = Endpoint(host: host == "localhost" ? "127.0.0.1" : host, port: port)
        self.timeout = timeout
    }

    /// Sends a request and waits for its answer.
    ///
    /// A kept connection that turns out to be closed before any of the answer came is opened again
    /// once: servers close idle connections.
    public func request(
        method: String, path: String, headers: [HTTPRequest.Header] = [], body: [UInt8] = []
    ) throws(HTTPClientFailure) -> HTTPResponse {
        let end = ContinuousClock.now.advanced(by: timeout)
        let message = head(method, path, headers, body.count) + body
        if let kept = connection {
            do throws(HTTPClientFailure) {
                return try exchange(message, method, on: kept, until: end)
            } catch .broken where !kept.hasAnswered {
                // Closed while it lay idle; the request never reached anyone.
            }
        }
        let fresh = try HTTPClientConnection(to: endpoint, until: end)
        return try exchange(message, method, on: fresh, until: end)
    }

    /// Posts a body, as JSON unless other headers say otherwise.
    public func post(
        _ path: String, _ body: [UInt8],
        headers: [HTTPRequest.Header] = [HTTPRequest.Header("content-type", "application/json")]
    ) throws(HTTPClientFailure) -> HTTPResponse {
        try request(method: "POST", path: path, headers: headers, body: body)
    }

    /// Gets a path.
    public func get(_ path: String) throws(HTTPClientFailure) -> HTTPResponse {
        try request(method: "GET", path: path)
    }

    private func head(
        _ method: String, _ path: String, _ headers: [HTTPRequest.Header], _ count: Int
    ) -> [UInt8] {
        var text = "\(method) \(path) HTTP/1.1\r\nhost: \(endpoint.host):\(endpoint.port)\r\n"
        for header in headers { text += "\(header.name): \(header.value)\r\n" }
        text += "content-length: \(count)\r\n\r\n"
        return Array(text.utf8)
    }

    private func exchange(
        _ message: [UInt8], _ method: String, on opened: HTTPClientConnection,
        until end: ContinuousClock.Instant
    ) throws(HTTPClientFailure) -> HTTPResponse {
        connection = nil
        try opened.write(message, until: end)
        let (response, isKept) = try opened.response(to: method, until: end)
        if isKept { connection = opened }
        return response
    }
}
