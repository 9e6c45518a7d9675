import Consensus
import Ledger

/// `martlet init`: makes the keys, genesis and settings of a network.
struct Init: Command {
    static let name = "init"
    static let summary = "make the keys, genesis and settings of a new network"
    static let usage = """
        martlet init [--dir=.martlet] [--nodes=7] [--chain-id=7317] [--host=127.0.0.1]
                     [--port=30300] [--rpc-port=8545] [--interval=1000] [--idle=5000]
                     [--fund=ADDRESS,…] [--history=full|N] [--abi=PATH,…]

        Makes a folder with a genesis file and, for each validator, settings, a secret key and an
        empty chain. A folder that holds a network already is left as it is, with an error.

          --dir=DIR          where to put it
          --nodes=N          how many validators there are
          --chain-id=N       the chain's number (EIP-155)
          --host=ADDRESS     where the nodes listen
          --port=N           the port of the first node's links; the others' follow
          --rpc-port=N       the port of the first node's RPC and console; the others' follow
          --interval=MS      how long a block takes under load; 0 for as fast as the network
          --idle=MS          how long an idle chain waits before an empty block
          --fund=ADDRESS,…   accounts that own coins at the start, besides faucet.key's
          --history=full|N   keep all states, or the blocks and states of the newest N; without it,
                             all blocks and 128 states
          --abi=PATH,…       interfaces of contracts (JSON files, or folders of such), by which
                             custom errors are told in words
        """

    private let directory: String
    private let plan: NetworkFolder.Plan

    init(_ arguments: inout Arguments) throws(UsageError) {
        directory = try arguments.value("dir", as: String.self) ?? ".martlet"
        plan = try NetworkFolder.Plan(&arguments)
    }

    func run() throws {
        guard try NetworkFolder(path: directory) == nil else {
            throw Failure("\(directory) holds a network already; choose another --dir")
        }
        let folder = try NetworkFolder(path: directory, plan)
        print("made \(folder.count) validator\(folder.count == 1 ? "" : "s") in \(directory)")
        print("start one with: martlet node --config=\(folder.configuration(of: 0))")
        print("or all of them: martlet up --dir=\(directory)")
    }
}

extension NetworkFolder.Plan {
    /// Reads the options that a new network has.
    init(_ arguments: inout Arguments) throws(UsageError) {
        nodes = try arguments.value("nodes", in: 1...Consensus::Limits.validators)
        chainID = try arguments.value("chain-id", in: 1...Self.largestChainID)
        host = try arguments.value("host", as: HostText.self)?.description
        let last = UInt16.max - UInt16(count) + 1
        port = try arguments.value("port", in: 1...last)
        rpcPort = try arguments.value("rpc-port", in: 1...last)
        interval = try arguments.value("interval", in: 0...Genesis.longestInterval)
        idle = try arguments.value("idle", in: 0...Genesis.longestInterval)
        let paths = try arguments.values("abi", as: String.self)
        do {
            abi = try paths.map { (path) throws(Failure) in try Files.absolute(path) }
        } catch {
            throw .file("\(error)")
        }
        history = try arguments.value("history", as: HistoryText.self)?.history
        funded = try arguments.values("fund", as: AddressText.self).map(\.address)
    }
}
