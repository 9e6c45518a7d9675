import Glibc
import Linux
import Machine
import Synchronization

/// A network of validators on this machine, each a process of its own, with their supervisor.
///
/// It restarts nothing by itself: what dies stays dead until someone asks for it.
final class LocalNetwork: Sendable {
    /// The nodes, in the order of the genesis.
    let nodes: [LocalNode]
    /// Whether it is a development chain.
    let isDevelopment: Bool

    private let path: String
    private let lock: LockBox
    private let children: Mutex<[ChildProcess?]>
    private let control = Mutex<NetworkControl?>(nil)

    /// Opens a network's folder, in which it is made if it is not there yet.
    ///
    /// Fails if another supervisor runs the network, and if the folder holds another one than was
    /// asked for.
    init(directory: String, plan: NetworkFolder.Plan = .init()) throws {
        try Files.makeFolders(directory)
        path = try Files.absolute(directory)
        lock = LockBox(try DirectoryLock(path))
        let folder: NetworkFolder
        if let found = try NetworkFolder(path: path) {
            // Nodes that an interrupted supervisor left behind keep ports, and settings in use.
            for index in 0..<found.count { try LocalNode(index: index, in: found).endLeftovers() }
            try found.adopt(plan)
            folder = found
        } else {
            folder = try Self.made(at: path, plan)
        }
        isDevelopment = try folder.isDevelopment
        nodes = try (0..<folder.count).map { try LocalNode(index: $0, in: folder) }
        children = Mutex(Array(repeating: nil, count: folder.count))
    }

    /// The JSON-RPC of each node.
    var endpoints: [Endpoint] { nodes.map(\.rpc) }

    /// Starts all nodes and their supervisor, and waits until each node answers.
    ///
    /// Once it `isInterrupted`, it ends those that were started, and throws.
    func start(unless isInterrupted: () -> Bool = { false }) throws {
        for node in nodes { try node.checkPorts() }
        do {
            let token = Self.drawnToken()
            let control = try NetworkControl(of: self, token: token)
            self.control.withLock { $0 = control }
            for node in nodes { try node.configure(control: control.url, token: token) }
            for node in nodes { try launch(node) }
            for node in nodes { try awaitAnswer(of: node, unless: isInterrupted) }
            try RunningNetwork(rpc: endpoints, control: control.url, token: token).write(in: path)
        } catch {
            stop()
            throw error
        }
    }

    /// Whether a node's process runs.
    func isRunning(_ index: Int) -> Bool {
        children.withLock { $0[index]?.isRunning ?? false }
    }

    /// The number of a node's process; `nil` if it does not run.
    func process(of index: Int) -> Int32? {
        children.withLock { children in
            children[index].flatMap { $0.isRunning ? $0.id : nil }
        }
    }

    /// How a node's process ended, in words; `nil` while it runs, or if it was never started.
    func ending(of index: Int) -> String? {
        children.withLock { $0[index]?.ending }
    }

    /// Ends a node's process at once (SIGKILL), as a power loss would.
    func kill(_ index: Int) {
        guard let child = children.withLock({ $0[index] }) else { return }
        child.signal(SIGKILL)
        child.wait(atMost: .seconds(5))
    }

    /// Ends all processes at once.
    func killAll() {
        for child in children.withLock({ $0 }) { child?.signal(SIGKILL) }
    }

    /// Starts a node that does not run, and waits until it answers.
    func restart(_ index: Int) throws {
        guard !isRunning(index) else { return }
        try launch(nodes[index])
        try awaitAnswer(of: nodes[index])
    }

    /// Cuts a node off from all others, or lets it join them again.
    func isolate(_ index: Int, _ isIsolated: Bool) throws {
        try nodes[index].call("martlet_isolate", "[\(isIsolated)]")
    }

    /// Ends all nodes in order, and the supervisor.
    func stop() {
        let control = control.withLock { control in
            defer { control = nil }
            return control
        }
        control?.stop()
        let running = children.withLock { $0.compactMap(\.self) }
        for child in running { child.signal(SIGTERM) }
        let end = ContinuousClock.now.advanced(by: .seconds(8))
        for child in running {
            guard !child.wait(atMost: ContinuousClock.now.duration(to: end)) else { continue }
            child.signal(SIGKILL)
            child.wait(atMost: .seconds(5))
        }
        for node in nodes { node.forgetProcess() }
        RunningNetwork.remove(in: path)
    }

    /// Makes a network, unless its ports are taken: it keeps them from then on.
    private static func made(
        at path: String, _ plan: NetworkFolder.Plan
    ) throws -> NetworkFolder {
        for index in 0..<plan.count {
            let places = plan.places(of: index)
            try Port.check(places.rpc, option: "--rpc-port=PORT")
            try Port.check(places.links, option: "--port=PORT")
        }
        return try NetworkFolder(path: path, plan)
    }

    private func launch(_ node: LocalNode) throws {
        let child = try ChildProcess(
            try Files.absolute("/proc/self/exe"), ["node", "--config=\(node.configuration)"],
            output: node.log)
        node.remember(process: child.id)
        children.withLock { $0[node.index] = child }
    }

    private func awaitAnswer(
        of node: LocalNode, unless isInterrupted: () -> Bool = { false }
    ) throws {
        let end = ContinuousClock.now.advanced(by: .seconds(60))
        while ContinuousClock.now < end {
            // Asked first: another program might answer at the port of one that could not have it.
            guard isRunning(node.index) else {
                let ending = ending(of: node.index).map { " with \($0)" } ?? ""
                throw Failure("node \(node.index) ended\(ending): \(node.lastLine())")
            }
            if isInterrupted() { throw Failure("interrupted before all nodes served", code: 130) }
            if (try? node.call("eth_blockNumber", "[]")) != nil { return }
            usleep(5_000)
        }
        throw Failure("node \(node.index) does not answer: \(node.log) tells why")
    }

    private static func drawnToken() -> String {
        let digits = Array("0123456789abcdef")
        return String(
            Entropy.seed().prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private final class LockBox: Sendable {
        private let lock: DirectoryLock

        init(_ lock: consuming DirectoryLock) {
            self.lock = lock
        }
    }
}
