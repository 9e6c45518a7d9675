import Linux
import Machine

/// The supervisor's own door, on loopback only: `POST /nodes/INDEX/kill|restart|cut|join`.
///
/// Only those come in who know the token, and of web pages only the nodes' consoles.
final class NetworkControl: Sendable {
    private let server: RequestServer

    /// Where it is reached.
    let url: String

    /// Starts to serve at a port of the system's choice.
    init(of network: LocalNetwork, token: String) throws {
        let desk = Desk(network: network, token: token)
        let endpoint = Endpoint(host: "127.0.0.1", port: 0)
        server = try RequestServer(at: endpoint, option: "") { desk.answer($0) }
        url = "http://127.0.0.1:\(server.port)"
    }

    /// Ends; to be called once.
    func stop() {
        server.stop()
    }

    private struct Desk: Sendable {
        unowned let network: LocalNetwork
        let token: String

        func answer(_ request: HTTPRequest) -> HTTPResponse {
            let fields = allowance(request)
            if let origin = field("origin", of: request), !isConsole(origin) {
                return response(403, "this page may not control the network", fields)
            }
            if request.method == "OPTIONS" { return HTTPResponse(status: 204, headers: fields) }
            guard isLoopback(field("host", of: request) ?? "") else {
                return response(403, "the supervisor is called by its loopback address", fields)
            }
            guard request.method == "POST" else { return response(405, "only POST", fields) }
            guard field("authorization", of: request) == "Bearer \(token)" else {
                return response(401, "expected authorization by the network's token", fields)
            }
            let words = request.target.split(separator: "/")
            guard words.count == 3, words[0] == "nodes", let index = Int(words[1]),
                network.nodes.indices.contains(index)
            else { return response(404, "expected /nodes/INDEX/ACT", fields) }
            return act(String(words[2]), on: index, fields)
        }

        private func act(
            _ act: String, on index: Int, _ fields: [HTTPRequest.Header]
        ) -> HTTPResponse {
            do {
                switch act {
                case "kill": network.kill(index)
                case "restart": try network.restart(index)
                case "cut": try network.isolate(index, true)
                case "join": try network.isolate(index, false)
                default: return response(404, "expected kill, restart, cut or join", fields)
                }
                return HTTPResponse(status: 204, headers: fields)
            } catch {
                return response(502, "\(error)", fields)
            }
        }

        /// What a browser asks for before it lets a page call another origin (Fetch, section 3.2).
        private func allowance(_ request: HTTPRequest) -> [HTTPRequest.Header] {
            guard let origin = field("origin", of: request), isConsole(origin) else { return [] }
            return [
                HTTPRequest.Header("access-control-allow-origin", origin),
                HTTPRequest.Header("access-control-allow-methods", "POST"),
                HTTPRequest.Header("access-control-allow-headers", "authorization"),
                HTTPRequest.Header("access-control-max-age", "600"),
                HTTPRequest.Header("vary", "origin"),
            ]
        }

        private func isConsole(_ origin: String) -> Bool {
            network.endpoints.contains { endpoint in
                ["127.0.0.1", "localhost", endpoint.host].contains { host in
                    origin == "http://\(host):\(endpoint.port)"
                }
            }
        }

        private func isLoopback(_ host: String) -> Bool {
            let name = host.prefix { $0 != ":" }
            return name == "127.0.0.1" || name == "localhost"
        }

        private func field(_ name: String, of request: HTTPRequest) -> String? {
            request.headers.first { $0.name == name }?.value
        }

        private func response(
            _ status: UInt16, _ text: String, _ fields: [HTTPRequest.Header]
        ) -> HTTPResponse {
            let type = HTTPRequest.Header("content-type", "text/plain")
            return HTTPResponse(
                status: status, headers: fields + [type], body: Array("\(text)\n".utf8))
        }
    }
}
