import Apps
import Linux
import Machine

/// The supervisor's own port, on loopback only; ``ControlDoor`` says who may ask for what.
final class NetworkControl: Sendable {
    private let server: RequestServer

    /// Where it is reached.
    let url: String

    /// Starts to serve at a port of the system's choice.
    init(of network: LocalNetwork, token: String) throws {
        let desk = Desk(
            network: network, door: ControlDoor(token: token, consoles: network.endpoints))
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
        let door: ControlDoor

        func answer(_ request: HTTPRequest) -> HTTPResponse {
            switch door.judge(request) {
            case .respond(let response): return response
            case .act(let act, let index, let headers):
                do {
                    try perform(act, on: index)
                    return HTTPResponse(status: 204, headers: headers)
                } catch {
                    return ControlDoor.response(502, "\(error)", headers)
                }
            }
        }

        private func perform(_ act: ControlDoor.Act, on index: Int) throws {
            switch act {
            case .kill: network.kill(index)
            case .restart: try network.restart(index)
            case .cut: try network.isolate(index, true)
            case .join: try network.isolate(index, false)
            }
        }
    }
}
