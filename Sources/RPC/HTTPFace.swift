public import Machine

/// The door of the RPC port: which requests are calls, which are for pages, and which are refused.
///
/// A page of a stranger's site can make a browser call a node on the same machine. Two checks keep
/// it out: the `Host` must be one of ours (against names that are pointed at loopback), and an
/// `Origin` must be the node's own or one that the operator allows. They hold for a WebSocket's
/// handshake too, which a browser sends for any page, and says only there whose page it is.
public enum HTTPFace {
    /// Who may call.
    public struct Policy: Hashable, Sendable {
        /// Web origins besides the node's own; `*` for any.
        public var origins: [String]
        /// Host names besides `localhost` and numeric addresses; `*` for any.
        public var hosts: [String]

        /// Creates a policy.
        public init(origins: [String] = [], hosts: [String] = []) {
            self.origins = origins
            self.hosts = hosts
        }
    }

    /// What is to be done with a request.
    public enum Verdict: Hashable, Sendable {
        /// It is a call: its body, and the header fields that its response must have.
        case call([UInt8], headers: [HTTPRequest.Header])
        /// It is a query in GraphQL: its body, whether it may send transactions, and header fields.
        case query([UInt8], mayChange: Bool, headers: [HTTPRequest.Header])
        /// It asks for a page or another asset at this path.
        case page(path: String)
        /// It is answered at once.
        case respond(HTTPResponse)
    }

    /// Judges a request.
    public static func judge(_ request: HTTPRequest, _ policy: Policy) -> Verdict {
        let host = request.header("host") ?? ""
        guard isOurs(host: host, policy) else {
            return .respond(text(403, "invalid host specified"))
        }
        let origin = request.header("origin")
        guard let headers = crossOrigin(origin, host: host, policy) else {
            return .respond(text(403, "origin not allowed"))
        }
        switch request.method {
        case _ where request.isHandshake: return .respond(HTTPResponse(status: 101))
        case "POST":
            guard request.body.count <= RPCLimits.requestSize else {
                return .respond(text(413, "content length too large"))
            }
            if path(request.target) == GraphQLFace.path {
                return .query(request.body, mayChange: true, headers: headers)
            }
            return .call(request.body, headers: headers)
        case "OPTIONS": return .respond(preflight(headers))
        case "GET" where GraphQLFace.body(request.target) != nil:
            let body = GraphQLFace.body(request.target) ?? []
            return .query(body, mayChange: false, headers: headers)
        case "GET", "HEAD": return .page(path: path(request.target))
        default:
            return .respond(
                HTTPResponse(
                    status: 405, headers: [.init("allow", "GET, HEAD, OPTIONS, POST")]))
        }
    }

    /// The fields that let the page that sent a request read its response.
    public static func allowance(
        _ request: HTTPRequest, _ policy: Policy
    ) -> [HTTPRequest.Header] {
        crossOrigin(request.header("origin"), host: request.header("host") ?? "", policy) ?? []
    }

    /// Wraps replies; a message of nothing but notifications has none.
    static func response(
        _ body: [UInt8], status: UInt16 = 200, _ headers: [HTTPRequest.Header]
    ) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: [.init("content-type", "application/json")] + headers,
            body: body)
    }

    private static func preflight(_ headers: [HTTPRequest.Header]) -> HTTPResponse {
        HTTPResponse(
            status: 204,
            headers: headers + [
                .init("access-control-allow-methods", "GET, HEAD, OPTIONS, POST"),
                .init("access-control-allow-headers", "content-type"),
                .init("access-control-max-age", "600"),
            ])
    }

    private static func text(_ status: UInt16, _ text: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: [.init("content-type", "text/plain")],
            body: Array("\(text)\n".utf8))
    }

    private static func path(_ target: String) -> String {
        String(target.prefix { $0 != "?" && $0 != "#" })
    }

    /// The fields that let a browser's page read the response; `nil` where it may not call at all.
    private static func crossOrigin(
        _ origin: String?, host: String, _ policy: Policy
    ) -> [HTTPRequest.Header]? {
        // Browsers name a page's origin with its scheme, or `null`; other names are those of tools.
        guard let origin, origin == "null" || origin.contains(":") else { return [] }
        let isOwn = origin == "http://\(host)" || origin == "https://\(host)"
        if policy.origins.contains("*") { return [.init("access-control-allow-origin", "*")] }
        guard isOwn || policy.origins.contains(origin) else { return nil }
        return [.init("access-control-allow-origin", origin), .init("vary", "origin")]
    }

    private static func isOurs(host: String, _ policy: Policy) -> Bool {
        let name = name(host).lowercased()
        return name.isEmpty || name == "localhost" || name.hasSuffix(".localhost")
            || isNumeric(name) || policy.hosts.contains("*") || policy.hosts.contains(name)
    }

    /// The host without its port, and without the brackets of an IPv6 address.
    private static func name(_ host: String) -> Substring {
        if host.hasPrefix("[") { return host.dropFirst().prefix { $0 != "]" } }
        return host.prefix { $0 != ":" }
    }

    private static func isNumeric(_ name: String) -> Bool {
        if name.contains(":") { return name.utf8.allSatisfy { $0.isHexDigit || $0 == 0x3a } }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil && $0.first != "+" }
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool { 0x30...0x39 ~= self || 0x61...0x66 ~= self }
}
