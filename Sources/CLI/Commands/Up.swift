import Crypto
import Encoding
import Glibc
import Identifiers
import Ledger
import Linux
import Machine
import Synchronization

/// `martlet up`: runs a local network until Ctrl-C.
struct Up: Command {
    static let name = "up"
    static let summary = "run a development chain, or a local network, until Ctrl-C"
    static let usage = """
        martlet up [--dir=.martlet] [--nodes=N] [--json] [OPTIONS of martlet init]

        Starts a development chain: one node, a block for each transaction, and ten accounts whose
        keys everybody knows, for tools that expect anvil or Hardhat. With --nodes=N, starts a
        network of N validators instead, each a process of its own with its own keys and database
        under DIR, and waits until each answers. A folder that is empty is made first, as martlet
        init does; one that holds a chain goes on with it. What a node says is in
        DIR/node-N/log.txt. A node that ends is told of and stays down: start it again by the button
        in the console. Ctrl-C ends all in order; once more, at once.

          --dir=DIR     the network's folder
          --json        say where everything is as JSON on standard output

        Of the options of martlet init, --host, --port and --rpc-port move a network that is there,
        and --history and --abi say anew what it keeps and knows; the others must agree with it.
        """

    private let directory: String
    private let plan: NetworkFolder.Plan
    private let isJSON: Bool

    init(_ arguments: inout Arguments) throws(UsageError) {
        directory = try arguments.value("dir", as: String.self) ?? ".martlet"
        var plan = try NetworkFolder.Plan(&arguments)
        plan.isDevelopment = plan.nodes == nil
        plan.timestamp = plan.isDevelopment ? UInt64(clamping: time(nil)) : 0
        self.plan = plan
        isJSON = try arguments.flag("json")
    }

    func run() throws {
        let interrupt = Interrupt()
        try Interrupts.handle({ interrupt.come() }, again: { interrupt.network?.killAll() })
        let network = try LocalNetwork(directory: directory, plan: plan)
        interrupt.network = network
        let begun = ContinuousClock.now
        let count = network.nodes.count
        Main.complain("up: starting \(count) node\(count == 1 ? "" : "s")")
        try network.start(unless: { interrupt.hasCome })
        tell(of: network, after: ContinuousClock.now - begun)
        watch(network, until: interrupt)
        Main.complain("up: stopping")
        network.stop()
    }

    private func tell(of network: LocalNetwork, after duration: Duration) {
        if isJSON, let running = RunningNetwork(in: directory) {
            print(String(decoding: running.json.encoded(.pretty), as: UTF8.self))
            return
        }
        let milliseconds = duration / .milliseconds(1)
        let count = network.nodes.count
        print(
            "\(count == 1 ? "1 node serves" : "\(count) nodes serve"), after \(Int(milliseconds)) ms"
        )
        for node in network.nodes {
            print("  node \(node.index)  \(NodeURL(node.rpc))/  \(node.log)")
        }
        if network.isDevelopment { tellAccounts() }
        if let first = network.nodes.first {
            print("open \(NodeURL(first.rpc))/ for the console")
        }
        print("Ctrl-C ends the network; its chain stays in \(directory)")
    }

    private func tellAccounts() {
        print("a development chain: a block for each transaction, 10,000 coins on each account")
        for (index, key) in DevelopmentAccounts.keys.enumerated() {
            let address = Address(key.publicKey.addressHash).checksummed
            print("  account \(index)  \(address)  key \(Hex.encode(key.bytes))")
        }
        print("  words  \(DevelopmentAccounts.words)  (\(DevelopmentAccounts.path)N)")
        print("everybody knows these keys: on any other chain, what they own is gone at once")
    }

    /// Tells of each node that ends or comes back, until the operator asks for the end.
    private func watch(_ network: LocalNetwork, until interrupt: Interrupt) {
        var wasRunning = network.nodes.map { _ in true }
        while !interrupt.hasCome {
            usleep(100_000)
            for node in network.nodes {
                let isRunning = network.isRunning(node.index)
                guard isRunning != wasRunning[node.index] else { continue }
                wasRunning[node.index] = isRunning
                let code = network.ending(of: node.index).map { " with \($0)" } ?? ""
                let what = isRunning ? "runs again" : "ended\(code): \(node.log) tells more"
                Main.complain("up: node \(node.index) \(what)")
            }
        }
    }

    private final class Interrupt: Sendable {
        private let flag = Mutex(false)
        private let supervised = Mutex<LocalNetwork?>(nil)

        var network: LocalNetwork? {
            get { supervised.withLock { $0 } }
            set { supervised.withLock { $0 = newValue } }
        }

        var hasCome: Bool { flag.withLock { $0 } }

        func come() { flag.withLock { $0 = true } }
    }
}
