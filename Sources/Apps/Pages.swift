public import Machine

/// The pages that every node serves on its RPC port: the console at `/`.
public enum Pages {
    /// What a page may do: run and show what the node itself serves, and call nodes of this machine.
    ///
    /// The console controls a local network through its supervisor, which has a port of its own.
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        + "connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:* http://localhost:* "
        + "ws://localhost:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    /// The answer to a request for a page; `nil` if the target names none.
    ///
    /// Any method but GET and HEAD is refused with 405.
    public static func response(to request: HTTPRequest) -> HTTPResponse? {
        guard let asset = asset(at: request.target) else { return nil }
        guard request.method == "GET" || request.method == "HEAD" else {
            return HTTPResponse(status: 405, headers: [.init("allow", "GET, HEAD")])
        }
        let headers: [HTTPRequest.Header] = [
            .init("content-type", asset.type),
            .init("etag", asset.tag),
            .init("cache-control", "no-cache"),
            .init("content-security-policy", policy),
            .init("x-content-type-options", "nosniff"),
            .init("referrer-policy", "no-referrer"),
        ]
        let known = request.header("if-none-match")
        if known == asset.tag { return HTTPResponse(status: 304, headers: headers) }
        let body = request.method == "HEAD" ? [] : asset.bytes
        return HTTPResponse(status: 200, headers: headers, body: body)
    }

    /// The file that a target names, its query left out.
    static func asset(at target: String) -> Asset? {
        let path = target.prefix { $0 != "?" && $0 != "#" }
        guard path.hasPrefix("/") else { return nil }
        return Asset.named(path == "/" ? "/index.html" : String(path))
    }
}
