import Encoding
import Glibc
import Linux
import Machine

/// What a supervisor tells other commands about the network it runs, in `DIR/network.json`.
///
/// The file is there while the network runs. One left over by a crash is told by this, that no
/// supervisor answers where it points.
struct RunningNetwork {
    /// The JSON-RPC of each node.
    let rpc: [Endpoint]
    /// The supervisor's URL.
    let control: String
    /// What the supervisor asks for.
    let token: String

    /// Creates what is told.
    init(rpc: [Endpoint], control: String, token: String) {
        self.rpc = rpc
        self.control = control
        self.token = token
    }

    /// Reads what the supervisor of a folder's network tells; `nil` if it tells nothing.
    init?(in directory: String) {
        guard let bytes = try? Files.read("\(directory)/network.json", limit: 1 << 16),
            let json = try? JSON(decoding: bytes), let control = json["control"]?.text,
            let token = json["token"]?.text
        else { return nil }
        let urls = (json["rpc"]?.elements ?? []).compactMap(\.text)
        self.init(
            rpc: urls.compactMap { NodeURL($0)?.endpoint }, control: control, token: token)
    }

    /// Whether the supervisor answers.
    var isSupervised: Bool { (try? post("/")) != nil }

    /// Ends a node's process at once.
    func kill(_ index: Int) throws { try act("kill", on: index) }

    /// Starts a node that does not run, and waits until it answers.
    func restart(_ index: Int) throws { try act("restart", on: index) }

    /// Says it to other commands.
    func write(in directory: String) throws {
        try Files.write(json.encoded(.pretty), to: "\(directory)/network.json")
    }

    /// Takes back what was said.
    static func remove(in directory: String) {
        unlink("\(directory)/network.json")
    }

    /// The same as JSON.
    var json: JSON {
        .object([
            .init("rpc", .array(rpc.map { .string("\(NodeURL($0))") })),
            .init("control", .string(control)),
            .init("token", .string(token)),
        ])
    }

    private func act(_ act: String, on index: Int) throws {
        let response = try post("/nodes/\(index)/\(act)")
        guard response.status == 204 else {
            throw Failure(String(decoding: response.body, as: UTF8.self))
        }
    }

    private func post(_ path: String) throws -> HTTPResponse {
        guard let endpoint = NodeURL(control)?.endpoint else {
            throw Failure("network.json names no supervisor")
        }
        let client = HTTPClient(host: endpoint.host, port: endpoint.port, timeout: .seconds(70))
        let header = HTTPRequest.Header("authorization", "Bearer \(token)")
        return try client.request(method: "POST", path: path, headers: [header])
    }
}
