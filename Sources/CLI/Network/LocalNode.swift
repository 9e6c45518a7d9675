import Glibc
import Linux
import Machine
import Node

/// One node of a local network: where its files lie, and how it is called.
struct LocalNode: Sendable {
    /// Its place in the genesis, from 0.
    let index: Int
    /// The file of its settings.
    let configuration: String
    /// The file of what it says.
    let log: String
    /// Where it serves JSON-RPC.
    let rpc: Endpoint

    private let listen: Endpoint
    private let processFile: String

    /// Reads the settings of a node in a network's folder.
    init(index: Int, in path: String) throws {
        let folder = "\(path)/node-\(index + 1)"
        self.index = index
        configuration = "\(folder)/config"
        log = "\(folder)/log.txt"
        processFile = "\(folder)/process"
        let settings = try Self.settings(at: configuration)
        rpc = settings.rpc
        listen = settings.listen
    }

    /// Tells the node where its supervisor is, and lets the consoles of all its names call it.
    func configure(control: String, token: String) throws {
        var settings = try Self.settings(at: configuration)
        settings.control = control
        settings.token = token
        try Files.writeSecret(Array(settings.encoded.utf8), to: configuration)
    }

    /// Throws if another program listens where the node is to.
    func checkPorts() throws {
        try Port.check(rpc, option: "rpc = ADDRESS:PORT in \(configuration)")
        try Port.check(listen, option: "another --dir, for peers know the port by \(configuration)")
    }

    /// Calls a method; throws if the node does not answer, or answers an error.
    func call(_ method: String, _ parameters: String) throws {
        let client = HTTPClient(host: rpc.host, port: rpc.port, timeout: .seconds(5))
        let call = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(parameters)}"#
        let response = try client.post("/", Array(call.utf8))
        let text = String(decoding: response.body, as: UTF8.self)
        guard text.contains("\"result\"") else { throw Failure("node \(index) answered \(text)") }
    }

    /// The last line it said.
    func lastLine() -> String {
        let bytes = (try? Files.read(log, limit: 1 << 30)) ?? []
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        return lines.last.map { String(decoding: $0, as: UTF8.self) } ?? "it said nothing"
    }

    /// Notes which process runs the node, for a later supervisor.
    func remember(process id: Int32) {
        try? Files.write(Array("\(id)\n".utf8), to: processFile)
    }

    /// Notes that no process runs the node.
    func forgetProcess() {
        unlink(processFile)
    }

    /// Ends a process of the node that an earlier supervisor left behind.
    ///
    /// Its number may have been given to another program meanwhile: the process is the node's only
    /// if its command line names this configuration.
    func endLeftover() {
        defer { forgetProcess() }
        guard let bytes = try? Files.read(processFile, limit: 64),
            let id = Int32(String(decoding: bytes, as: UTF8.self).prefix { $0 != "\n" }), id > 1
        else { return }
        guard isOurs(id) else { return }
        kill(id, SIGTERM)
        for _ in 0..<500 {
            usleep(10_000)
            if !isOurs(id) { return }
        }
        kill(id, SIGKILL)
        for _ in 0..<500 where isOurs(id) { usleep(10_000) }
    }

    private func isOurs(_ id: Int32) -> Bool {
        guard let line = try? Files.read("/proc/\(id)/cmdline", limit: 1 << 16) else {
            return false
        }
        let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return words.contains("--config=\(configuration)")
    }

    private static func settings(at path: String) throws -> Node::Configuration {
        let bytes = try Files.read(path, limit: Node::Configuration.sizeLimit)
        do throws(ConfigurationError) {
            return try Node::Configuration(decoding: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw Failure("\(path): \(error)")
        }
    }
}
