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
///     DIR/node-0/config     settings: `key = value`
///     DIR/node-0/node.key   the node's secret, in hexadecimal
///     DIR/node-0/data/      database and log
struct NetworkFolder {
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
        while names.contains("node-\(count)") { count += 1 }
        guard count > 0 else {
            throw Failure("\(path) has a genesis.json but no node-0: choose another --dir")
        }
        self.count = count
    }

    /// Makes a network: keys, genesis and settings.
    ///
    /// The genesis is written last, so a folder that
    /// was left half done is made again.
    init(path: String, _ plan: Plan) throws {
        self.path = path
        count = plan.count
        try Files.makeFolders(path)
        if plan.isDevelopment, let first = DevelopmentAccounts.keys.first {
            try Files.write(Array("\(Hex.encode(first.bytes))\n".utf8), to: "\(path)/faucet.key")
        }
        let faucet = try Self.secret(at: "\(path)/faucet.key")
        var identities: [Identity] = []
        for index in 0..<count {
            try Files.makeFolders(folder(of: index))
            _ = try Self.secret(at: key(of: index))
            identities.append(try identity(of: index))
        }
        let owner = Address(faucet.publicKey.addressHash)
        let genesis = Self.genesis(plan, identities, owner: owner)
        let instance = Instance(chainID: genesis.rules.chainID, genesisHash: genesis.hash)
        for index in 0..<count {
            let settings = newSettings(plan, index, identities)
            try write(settings, of: index)
            try Linux.prepare(
                directory: "\(folder(of: index))/data",
                log: Consensus::Consensus.birth(of: instance))
        }
        try Files.write(genesis.json.encoded(.pretty), to: "\(path)/genesis.json")
    }

    /// Whether the chain is a development chain.
    var isDevelopment: Bool {
        get throws { try Genesis(file: "\(path)/genesis.json").rules.isDevelopment }
    }

    /// Where a node's files lie.
    func folder(of index: Int) -> String { "\(path)/node-\(index)" }

    /// The file of a node's settings.
    func configuration(of index: Int) -> String { "\(folder(of: index))/config" }

    private func key(of index: Int) -> String { "\(folder(of: index))/node.key" }

    /// A node's settings.
    func settings(of index: Int) throws -> Node::Configuration {
        try Node::Configuration(text: configuration(of: index))
    }

    /// Writes a node's settings.
    func write(_ settings: Node::Configuration, of index: Int) throws {
        try Files.write(Array(settings.encoded.utf8), to: configuration(of: index))
    }

    /// Who a node is.
    func identity(of index: Int) throws -> Identity {
        guard let identity = Identity(secret: try Self.existingSecret(at: key(of: index))) else {
            throw Failure("no identity follows from \(key(of: index))")
        }
        return identity
    }

    /// Reads a secret key in hexadecimal, or makes one.
    static func secret(at path: String) throws -> Secp256k1.SecretKey {
        guard Files.exists(path) else {
            let secret = Entropy.seed()
            guard let key = Secp256k1.SecretKey(secret) else { throw Failure("no key was drawn") }
            try Files.write(Array("\(Hex.encode(secret))\n".utf8), to: path)
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

    private func newSettings(
        _ plan: Plan, _ index: Int, _ identities: [Identity]
    ) -> Node::Configuration {
        var settings = Node::Configuration()
        settings.genesis = "../genesis.json"
        settings.data = "data"
        settings.key = "node.key"
        (settings.listen, settings.rpc) = plan.places(of: index)
        settings.development = true
        settings.history = plan.history ?? .blocks
        settings.abi = plan.abi
        // Validators that share a machine share its time: one of them keeps the index for all.
        settings.index = index == 0
        let places = (0..<count).map { plan.places(of: $0).links }
        settings.peers = Self.peers(of: index, at: places, identities)
        return settings
    }

    /// The addresses of all nodes but one.
    static func peers(
        of index: Int, at places: [Endpoint], _ identities: [Identity]
    ) -> [String] {
        zip(places, identities).enumerated().compactMap { other, node in
            guard other != index else { return nil }
            return Multiaddr(node.0, peer: node.1.peer.peer).map { "\($0)" }
        }
    }

    private static func genesis(
        _ plan: Plan, _ identities: [Identity], owner: Address
    ) -> Genesis {
        let validators = identities.map {
            GenesisValidator(
                address: $0.address, publicKey: $0.validator.publicKey.compressed,
                feeAddress: $0.address, peerID: $0.peer.peer.description)
        }
        let usualID = plan.isDevelopment ? DevelopmentAccounts.chainID : 7_317
        var rules = ChainRules(chainID: plan.chainID ?? usualID)
        rules.isDevelopment = plan.isDevelopment
        let known = plan.isDevelopment ? DevelopmentAccounts.allocations : []
        let rich =
            (plan.isDevelopment ? [] : [owner])
            + plan.funded.filter { account in !known.contains { $0.address == account } }
        var header = Header()
        header.timestamp = plan.timestamp
        // Tools give a transaction all the gas that a block has: more would be refused (EIP-7825).
        header.gasLimit = plan.isDevelopment ? Transaction.gasCap : gasLimit
        header.baseFeePerGas = Header.firstBaseFee
        return Genesis(
            rules: rules, header: header,
            accounts: Genesis.systemContracts
                + known + rich.map { Allocation(address: $0, balance: funds) },
            validators: validators,
            blockIntervalMilliseconds: plan.interval ?? (plan.isDevelopment ? 0 : 1_000),
            idleIntervalMilliseconds: plan.idle ?? 5_000)
    }
}
