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

    private let network: NetworkFolder
    private let listen: Endpoint
    private let processFile: String

    /// Reads the settings of a node in a network's folder.
    init(index: Int, in network: NetworkFolder) throws {
        self.index = index
        self.network = network
        let folder = network.folder(of: index)
        configuration = network.configuration(of: index)
        log = "\(folder)/log.txt"
        processFile = "\(folder)/process"
        let settings = try network.settings(of: index)
        rpc = settings.rpc
        listen = settings.listen
    }

    /// Tells the node where its supervisor is, and lets the consoles of all its names call it.
    func configure(control: String, token: String) throws {
        var settings = try network.settings(of: index)
        settings.control = control
        settings.token = token
        try network.write(settings, of: index)
    }

    /// Throws if another program listens where the node is to.
    func checkPorts() throws {
        try Port.check(rpc, option: "--rpc-port=PORT")
        try Port.check(listen, option: "--port=PORT")
    }

    /// Calls a method; throws if the node does not answer, or answers an error.
    func call(_ method: String, _ parameters: String) throws {
        let client = HTTPClient(host: rpc.host, port: rpc.port, timeout: .seconds(5))
        let call = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(parameters)}"#
        let response = try client.post("/", Array(call.utf8))
        let text = String(decoding: response.body, as: UTF8.self)
        guard text.contains("\"result\"") else { throw Failure("node \(index) answered \(text)") }
    }

    /// The last thing it said that is worth telling: why it ended, if it says so.
    func lastLine() -> String {
        let text = Files.end(of: log, atMost: 1 << 16)
        let lines = text.split(whereSeparator: \.isNewline).filter {
            !$0.allSatisfy(\.isWhitespace)
        }
        let reason = lines.last { $0.hasPrefix("martlet") || $0.hasPrefix("Fatal error") }
        return (reason ?? lines.last).map(String.init) ?? "it said nothing; is the disk full?"
    }

    /// Notes which process runs the node, for whoever looks.
    func remember(process id: Int32) {
        try? Files.write(Array("\(id)\n".utf8), to: processFile)
    }

    /// Notes that no process runs the node.
    func forgetProcess() {
        unlink(processFile)
    }

    /// Ends processes of the node that an earlier supervisor left behind.
    ///
    /// They are known by their command lines: a supervisor that was killed may not have come to
    /// note their numbers.
    func endLeftovers() throws {
        defer { forgetProcess() }
        let left = try Files.names(in: "/proc").compactMap { Int32($0) }.filter(isOurs)
        guard !left.isEmpty else { return }
        Main.complain("up: ending node \(index), which an earlier run left behind")
        for signal in [SIGTERM, SIGKILL] {
            for id in left where isOurs(id) { kill(id, signal) }
            for _ in 0..<500 where left.contains(where: isOurs) { usleep(10_000) }
        }
    }

    private func isOurs(_ id: Int32) -> Bool {
        guard let line = try? Files.read("/proc/\(id)/cmdline", limit: 1 << 16) else {
            return false
        }
        let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return words.dropFirst() == ["node", "--config=\(configuration)"]
    }
}
