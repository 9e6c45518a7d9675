import Apps
import Crypto
import Glibc
import Linux
import Machine

/// `martlet demo shop`: a network of nodes runs a real application on real input.
struct Demo: Command {
    static let name = "demo shop"
    static let summary = "run a shop's purchase history on a network of nodes, and check every sum"
    static let usage = """
        martlet demo shop [--check] [--all] [--data=FILE] [--dir=DIR] [--stay] [--json]
                          [OPTIONS of martlet init]
        martlet demo shop --rpc=URL[,URL…] [--all] [--data=FILE] [--dir=DIR] [--json]

        Starts a local network of validators, or joins the one that runs in DIR, opens a shop on it
        (three contracts), and replays real purchases: each is a signed transaction of its customer's
        own account, sent over JSON-RPC to whichever node is up. The merchant delivers. At the end
        every node is asked for the number and the sum of every customer's and every day's purchases,
        and all must equal the data set to the cent, on every node, with one state root.

        What the chain has already is not done again: a second run continues the first.

          --check       kill two nodes at once in the middle of the load, and start them again
          --all         the whole history: 69,659 purchases of 23,570 customers, which are read from
                        ../shared/data/cdnow/CDNOW_master.txt; without it the sample that is part of
                        the program: 6,919 purchases of 2,357 customers
          --data=FILE   another file of that form
          --dir=DIR     where the network keeps its keys and data (.martlet)
          --rpc=URL…    use these nodes, which must run, instead of a local network
          --stay        keep the network up until Ctrl-C
          --json        a report as JSON on standard output

        Of the options of martlet init, --nodes and all else count for a new network; --host, --port
        and --rpc-port also move one that is there.

        Exits 0 if every figure is as it must be; else says which is not, and exits 1.
        """

    private let isChecked, isWhole, stays, isJSON: Bool
    private let file: String?
    private let directory: String
    private let plan: NetworkFolder.Plan
    private let endpoints: [Endpoint]

    init(_ arguments: inout Arguments) throws(UsageError) {
        isChecked = try arguments.flag("check")
        isWhole = try arguments.flag("all")
        stays = try arguments.flag("stay")
        isJSON = try arguments.flag("json")
        file = try arguments.value("data")
        directory = try arguments.value("dir") ?? ".martlet"
        endpoints = try arguments.values("rpc", as: NodeURL.self).map(\.endpoint)
        plan = try NetworkFolder.Plan(&arguments)
    }

    func run() throws {
        let history = try history()
        let report = DemoReport(isJSON: isJSON)
        defer { report.clear() }
        guard endpoints.isEmpty else {
            try Files.makeFolders(directory)
            let network = ShopNetwork(endpoints: endpoints, faucet: nil, kill: nil, restart: nil)
            return try replay(history, on: network, report)
        }
        if let running = RunningNetwork(in: directory), running.isSupervised {
            let network = ShopNetwork(
                endpoints: running.rpc, faucet: try faucet(), kill: running.kill,
                restart: running.restart)
            return try replay(history, on: network, report)
        }
        try replayLocally(history, report)
    }

    /// Starts a network for the time of the demonstration, or until Ctrl-C.
    private func replayLocally(_ history: ShopHistory, _ report: DemoReport) throws {
        let watch = DemoWatch()
        try Interrupts.handle({ watch.end() }, again: { watch.endAtOnce() })
        try watch.supervise(try LocalNetwork(directory: directory, plan: plan)) { local in
            let network = ShopNetwork(
                endpoints: local.endpoints, faucet: try faucet(), kill: local.kill,
                restart: local.restart)
            try replay(history, on: network, report)
            guard stays else { return }
            watch.isDone()
            report.tell("the network stays up until Ctrl-C; each node serves its console:")
            for endpoint in local.endpoints { report.tell("\(NodeURL(endpoint))/") }
            while true { sleep(3_600) }
        }
    }

    private func replay(
        _ history: ShopHistory, on network: ShopNetwork, _ report: DemoReport
    ) throws {
        let seed = try ShopCustomers.seed(at: "\(directory)/shop.seed")
        let demo = try ShopDemo(history: history, network: network, seed: seed, report: report)
        try demo.run(isDisturbed: isChecked)
        report.finish("every sum is as in the data set, on every node")
    }

    private func faucet() throws -> Secp256k1.SecretKey {
        try NetworkFolder.existingSecret(at: "\(directory)/faucet.key")
    }

    private func history() throws -> ShopHistory {
        let path = file ?? (isWhole ? "../shared/data/cdnow/CDNOW_master.txt" : nil)
        let bytes =
            try path.map { try text(at: $0) } ?? Asset.named("CDNOW_sample.txt")?.bytes ?? []
        do throws(ShopHistoryError) {
            return try ShopHistory(decoding: bytes)
        } catch {
            throw Failure("\(path ?? "the sample"): \(error)")
        }
    }

    private func text(at path: String) throws -> [UInt8] {
        guard Files.exists(path) else {
            throw Failure("\(path) is not there: name the file of the history with --data=FILE")
        }
        return try Files.read(path, limit: 64 << 20)
    }
}
