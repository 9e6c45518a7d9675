public import Machine

/// The door of a local network's supervisor, which the console's buttons knock on.
///
/// `POST /nodes/INDEX/kill|restart|cut|join`. It opens to those only who know the network's token,
/// and of web pages to the consoles of its nodes.
public struct ControlDoor: Sendable {
    /// What can be done to a node.
    public enum Act: String, CaseIterable, Sendable {
        /// Ends its process at once.
        case kill
        /// Starts it again.
        case restart
        /// Cuts it off from all others.
        case cut
        /// Lets it join the others again.
        case join
    }

    /// What is to be done with a request.
    public enum Verdict: Hashable, Sendable {
        /// An act on the node of this index; its response must have these header fields.
        case act(Act, on: Int, headers: [HTTPRequest.Header])
        /// It is answered at once.
        case respond(HTTPResponse)
    }

    /// The word that callers must know.
    private let token: String
    /// Where the nodes serve their consoles, in the order of their indices.
    private let consoles: [Endpoint]

    /// Creates the door of a network.
    public init(token: String, consoles: [Endpoint]) {
        self.token = token
        self.consoles = consoles
    }

    /// Judges a request.
    public func judge(_ request: HTTPRequest) -> Verdict {
        let fields = allowance(request)
        func refuse(_ status: UInt16, _ text: String) -> Verdict {
            .respond(Self.response(status, text, fields))
        }
        if let origin = request.header("origin"), !isConsole(origin) {
            return refuse(403, "this page may not control the network")
        }
        if request.method == "OPTIONS" {
            return .respond(HTTPResponse(status: 204, headers: fields))
        }
        guard isLoopback(request.header("host") ?? "") else {
            return refuse(403, "the supervisor is called by its loopback address")
        }
        guard request.method == "POST" else { return refuse(405, "only POST") }
        guard request.header("authorization") == "Bearer \(token)" else {
            return refuse(401, "expected authorization by the network's token")
        }
        let words = request.target.split(separator: "/", omittingEmptySubsequences: false)
        guard words.count == 4, words[0].isEmpty, words[1] == "nodes", let index = Int(words[2]),
            consoles.indices.contains(index), let act = Act(rawValue: String(words[3]))
        else {
            return refuse(404, "expected /nodes/INDEX/kill, restart, cut or join")
        }
        return .act(act, on: index, headers: fields)
    }

    /// The response to an act that could not be done, or to a request that is refused.
    public static func response(
        _ status: UInt16, _ text: String, _ headers: [HTTPRequest.Header]
    ) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: headers + [.init("content-type", "text/plain")],
            body: Array("\(text)\n".utf8))
    }

    /// What a browser asks for before it lets a page call another origin (Fetch, section 3.2).
    private func allowance(_ request: HTTPRequest) -> [HTTPRequest.Header] {
        guard let origin = request.header("origin"), isConsole(origin) else { return [] }
        return [
            .init("access-control-allow-origin", origin),
            .init("access-control-allow-methods", "POST"),
            .init("access-control-allow-headers", "authorization"),
            .init("access-control-max-age", "600"),
            .init("vary", "origin"),
        ]
    }

    private func isConsole(_ origin: String) -> Bool {
        consoles.contains { endpoint in
            ["127.0.0.1", "localhost", endpoint.host].contains { host in
                origin == "http://\(host):\(endpoint.port)"
            }
        }
    }

    private func isLoopback(_ host: String) -> Bool {
        let name = host.prefix { $0 != ":" }
        return name == "127.0.0.1" || name == "localhost"
    }
}
