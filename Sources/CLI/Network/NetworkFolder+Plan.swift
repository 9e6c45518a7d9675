import Consensus
import Encoding
import Identifiers
import Ledger
import Machine
import Node
import Primitives

extension NetworkFolder {
    /// What is asked of a network; what is not said is as usual for a new one, else as it is.
    struct Plan {
        /// How many validators there are.
        var nodes: Int?
        /// The chain's number (EIP-155).
        var chainID: UInt64?
        /// Where the nodes listen.
        var host: String?
        /// The port of the first node's links; the others' follow.
        var port: UInt16?
        /// The port of the first node's RPC; the others' follow.
        var rpcPort: UInt16?
        /// How long a block takes under load, in milliseconds; 0 for as fast as the network.
        var interval: UInt64?
        /// How long an idle chain waits, in milliseconds.
        var idle: UInt64?
        /// Files and folders with the interfaces of contracts, from the root.
        var abi: [String] = []
        /// How much of the past the nodes keep.
        var history: History?
        /// Accounts that get coins, besides the faucet's.
        var funded: [Address] = []
        /// Whether a new network is a development chain: one node with accounts of public keys.
        var isDevelopment = false
        /// When the chain begins, in seconds of Unix time.
        var timestamp: UInt64 = 0

        /// The largest number of a chain that every client can compute with (EIP-2294).
        static let largestChainID = UInt64.max / 2 - 36

        /// How many validators a new network has.
        var count: Int { nodes ?? (isDevelopment ? 1 : 7) }

        /// Where a node of a new network listens for links, and where for RPC.
        func places(of index: Int) -> (links: Endpoint, rpc: Endpoint) {
            places(of: index, before: nil)
        }

        /// The places of a node that had others before.
        func places(
            of index: Int, before: Node::Configuration?
        ) -> (links: Endpoint, rpc: Endpoint) {
            func place(
                _ port: UInt16?, _ usual: UInt16, _ before: Endpoint?
            ) -> Endpoint {
                Endpoint(
                    host: host ?? before?.host ?? "127.0.0.1",
                    port: port.map { $0 &+ UInt16(index) } ?? before?.port
                        ?? usual + UInt16(index))
            }
            return (
                place(port, 30_300, before?.listen), place(rpcPort, 8_545, before?.rpc)
            )
        }
    }

    /// Brings a network that is there in line with what is asked; throws where that cannot be.
    ///
    /// Where nodes listen can be changed at any time, what the genesis says never.
    func adopt(_ plan: Plan) throws {
        func agree(_ option: String, _ asked: String?, _ found: String) throws {
            guard let asked, asked != found else { return }
            throw Failure(
                "\(path) holds a network with --\(option)=\(found), not \(asked): leave --\(option)"
                    + " out, or choose another --dir")
        }
        try agree("nodes", plan.nodes.map(String.init), "\(count)")
        let genesis = try Genesis(file: "\(path)/genesis.json")
        try agree("chain-id", plan.chainID.map(String.init), "\(genesis.rules.chainID)")
        try agree(
            "interval", plan.interval.map(String.init), "\(genesis.blockIntervalMilliseconds)")
        try agree("idle", plan.idle.map(String.init), "\(genesis.idleIntervalMilliseconds)")
        for account in plan.funded
        where !genesis.accounts.contains(where: { $0.address == account }) {
            throw Failure(
                "\(path) holds a network that began without \(account): send it coins from"
                    + " faucet.key, or choose another --dir")
        }
        if plan.history != nil || !plan.abi.isEmpty {
            for index in 0..<count {
                var settings = try settings(of: index)
                settings.history = plan.history ?? settings.history
                settings.abi = plan.abi.isEmpty ? settings.abi : plan.abi
                try write(settings, of: index)
            }
        }
        if plan.host != nil || plan.port != nil || plan.rpcPort != nil { try move(plan) }
    }

    /// Has the nodes listen elsewhere, and tells each where the others do.
    private func move(_ plan: Plan) throws {
        let all = try (0..<count).map { try settings(of: $0) }
        let places = all.enumerated().map { plan.places(of: $0, before: $1) }
        let keys = try (0..<count).map { try identity(of: $0) }
        for (index, settings) in all.enumerated() {
            var settings = settings
            (settings.listen, settings.rpc) = places[index]
            let strangers = settings.peers.filter { text in
                !keys.contains { text.hasSuffix("/p2p/\($0.peer.peer)") }
            }
            settings.peers =
                Self.peers(of: index, at: places.map(\.links), keys) + strangers
            try write(settings, of: index)
        }
    }
}
