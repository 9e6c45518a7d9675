import Consensus
import Crypto
import EVM
import Encoding
import Identifiers
import Ledger
import Linux
import Machine
import Node
import Primitives

/// The folder of a local network: its genesis, and a folder with settings, key and data per node.
///
///     DIR/genesis.json      the chain's beginning
///     DIR/faucet.key        the secret of the account that owns the coins at the start
///     DIR/node-1/config     settings: `key = value`
///     DIR/node-1/node.key   the node's secret, in hexadecimal
///     DIR/node-1/data/      database and log
struct NetworkFolder {
    /// What a new network is to be like.
    struct Plan {
        /// How many validators there are.
        var nodes = 7
        /// The chain's number (EIP-155).
        var chainID: UInt64 = 7_317
        /// Where the nodes listen.
        var host = "127.0.0.1"
        /// The port of the first node's links; the others' follow.
        var port: UInt16 = 30_300
        /// The port of the first node's RPC; the others' follow.
        var rpcPort: UInt16 = 8_545
        /// How long a block takes under load, in milliseconds; 0 for as fast as the network.
        var interval: UInt64 = 1_000
        /// How long an idle chain waits, in milliseconds.
        var idle: UInt64 = 5_000
        /// Accounts that get coins, besides the faucet's.
        var funded: [Address] = []
    }

    /// The folder.
    let path: String
    /// How many nodes it holds.
    let count: Int

    /// The gas limit of blocks of a new network.
    static let gasLimit: UInt64 = 200_000_000
    /// What a funded account owns: a billion coins.
    static let funds = UInt256(1_000_000_000) &* UInt256(1_000_000_000_000_000_000)

    /// Opens a folder that holds a network; `nil` if it holds none.
    init?(path: String) throws {
        self.path = path
        let names = try Files.names(in: path)
        guard names.contains("genesis.json") else { return nil }
        var count = 0
        while names.contains("node-\(count + 1)") { count += 1 }
        guard count > 0 else { return nil }
        self.count = count
    }

    /// Makes a network: keys, genesis and settings.
    ///
    /// The genesis is written last, so a folder that
    /// was left half done is made again.
    init(path: String, _ plan: Plan) throws {
        self.path = path
        count = plan.nodes
        guard 1...Consensus::Limits.validators ~= plan.nodes else {
            throw Failure("a network has 1 to \(Consensus::Limits.validators) validators")
        }
        let last = UInt16.max - UInt16(plan.nodes)
        guard plan.port < last, plan.rpcPort < last else { throw Failure("ports end at 65535") }
        try Files.makeFolders(path)
        let faucet = try Self.secret(at: "\(path)/faucet.key")
        var identities: [Identity] = []
        for index in 1...plan.nodes {
            try Files.makeFolders("\(path)/node-\(index)")
            let secret = try Self.secret(at: "\(path)/node-\(index)/node.key")
            guard let identity = Identity(secret: secret) else {
                throw Failure("no identity follows from \(path)/node-\(index)/node.key")
            }
            identities.append(identity)
        }
        let owner = Address(faucet.publicKey.addressHash)
        let genesis = Self.genesis(plan, identities, funded: [owner] + plan.funded)
        let instance = Instance(chainID: plan.chainID, genesisHash: genesis.hash)
        for (index, identity) in identities.enumerated() {
            let folder = "\(path)/node-\(index + 1)"
            let settings = Self.settings(plan, index, identities, folder: folder)
            try Files.write(Array(settings.encoded.utf8), to: "\(folder)/config")
            try Linux.prepare(
                directory: "\(folder)/data", log: Consensus::Consensus.birth(of: instance))
            _ = identity
        }
        try Files.write(genesis.json.encoded(.pretty), to: "\(path)/genesis.json")
    }

    /// Reads a secret key in hexadecimal, or makes one.
    static func secret(at path: String) throws -> Secp256k1.SecretKey {
        guard Files.exists(path) else {
            let secret = Entropy.seed()
            guard let key = Secp256k1.SecretKey(secret) else { throw Failure("no key was drawn") }
            try Files.writeSecret(Array("\(Hex.encode(secret))\n".utf8), to: path)
            return key
        }
        return try existingSecret(at: path)
    }

    /// Reads a secret key in hexadecimal.
    static func existingSecret(at path: String) throws -> Secp256k1.SecretKey {
        let text = String(decoding: try Files.read(path, limit: 1_024), as: UTF8.self)
        let digits = text.filter { !$0.isWhitespace }
        guard let bytes = try? Hex.decode(digits), let key = Secp256k1.SecretKey(bytes) else {
            throw Failure("\(path) holds no secret key: expected 64 hexadecimal digits")
        }
        return key
    }

    private static func settings(
        _ plan: Plan, _ index: Int, _ identities: [Identity], folder: String
    ) -> Node::Configuration {
        var settings = Node::Configuration()
        settings.genesis = "\(folder)/../genesis.json"
        settings.data = "\(folder)/data"
        settings.key = "\(folder)/node.key"
        settings.listen = Endpoint(host: plan.host, port: plan.port + UInt16(index))
        settings.rpc = Endpoint(host: plan.host, port: plan.rpcPort + UInt16(index))
        settings.development = true
        for (other, identity) in identities.enumerated() where other != index {
            let endpoint = Endpoint(host: plan.host, port: plan.port + UInt16(other))
            if let address = Multiaddr(endpoint, peer: identity.peer.peer) {
                settings.peers.append("\(address)")
            }
        }
        return settings
    }

    private static func genesis(
        _ plan: Plan, _ identities: [Identity], funded: [Address]
    ) -> Genesis {
        let validators = identities.map {
            GenesisValidator(
                address: $0.address, publicKey: $0.validator.publicKey.compressed,
                feeAddress: $0.address, peerID: $0.peer.peer.description)
        }
        let rules = ChainRules(chainID: plan.chainID)
        var header = Header()
        header.gasLimit = gasLimit
        header.baseFeePerGas = Header.firstBaseFee
        return Genesis(
            rules: rules, header: header,
            accounts: Genesis.systemContracts
                + funded.map { Allocation(address: $0, balance: funds) },
            validators: validators, blockIntervalMilliseconds: plan.interval,
            idleIntervalMilliseconds: plan.idle)
    }
}
