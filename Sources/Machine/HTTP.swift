/// A complete HTTP request, as the driver's library parsed it.
public struct HTTPRequest: Hashable, Sendable {
    /// The method, in upper case.
    public let method: String
    /// The target as it was sent: path and query.
    public let target: String
    /// The header fields in order, names in lower case.
    public let headers: [Header]
    /// The body, whole.
    public let body: [UInt8]
    /// Whether it asks for a WebSocket: a reply of status 101 opens one (RFC 6455, section 4).
    public let isHandshake: Bool

    /// One header field.
    public struct Header: Hashable, Sendable {
        /// The name, in lower case.
        public let name: String
        /// The value.
        public let value: String

        /// Creates a field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Creates a request.
    public init(
        method: String, target: String, headers: [Header], body: [UInt8], isHandshake: Bool = false
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.isHandshake = isHandshake
    }

    /// The value of the first field of a name, which is in lower case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// A complete HTTP response; the driver adds length, date and connection fields.
public struct HTTPResponse: Hashable, Sendable {
    /// The status code.
    public let status: UInt16
    /// The header fields in order.
    public let headers: [HTTPRequest.Header]
    /// The body, whole.
    public let body: [UInt8]

    /// Creates a response.
    public init(status: UInt16, headers: [HTTPRequest.Header] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
