internal import Consensus
public import Crypto
internal import EVM
internal import Identifiers
public import Ledger
internal import Machine
public import Node
internal import Primitives
public import Simulation

/// A virtual network of whole nodes: who they are, and how each is made at its place in the world.
///
/// Some validators may be twins: two nodes hold the same key, and neither knows. That is the
/// cheapest liar there is (Twins, OPODIS 2021): each behaves, and together they contradict
/// themselves in any way that a partition allows.
public struct Village: Sendable {
    /// The chain's beginning.
    public private(set) var genesis: Genesis
    /// The secrets of accounts that own coins at the start.
    public let accounts: [Secp256k1.SecretKey]
    /// Who each node is; twins come after all validators.
    let residents: [Identity]
    /// How many validators there are.
    public let validators: Int
    /// How many of them, the first ones, have a twin.
    public let twins: Int
    /// The bug that is planted, if any.
    let fault: PlantedFault?

    /// The port on which all nodes listen, each at its own address.
    private static let port: UInt16 = 30_300

    /// How many nodes there are.
    public var count: Int { residents.count }

    /// Makes up a village from a seed.
    public init(validators: Int, twins: Int, accounts: Int, seed: UInt64, fault: PlantedFault?) {
        self.validators = validators
        self.twins = twins
        self.fault = fault
        var chance = Random(seed: seed)
        func secret() -> Secp256k1.SecretKey {
            while true {
                let words = (0..<4).map { _ in chance.next() }
                let hash = Hash32(a: words[0], b: words[1], c: words[2], d: words[3])
                if let key = Secp256k1.SecretKey(hash.bytes) { return key }
            }
        }
        func identity() -> Identity {
            while true {
                if let identity = Identity(secret: secret()) { return identity }
            }
        }
        let own = (0..<validators).map { _ in identity() }
        let doubles = (0..<twins).map { own[$0].impersonated(by: identity()) }
        residents = own + doubles
        self.accounts = (0..<accounts).map { _ in secret() }
        genesis = Village.genesis(own, self.accounts)
    }

    /// Makes up a village of one validator whose chain is a development chain.
    public init(developmentSeed seed: UInt64) {
        self.init(validators: 1, twins: 0, accounts: 0, seed: seed, fault: nil)
        var rules = genesis.rules
        rules.isDevelopment = true
        genesis = Genesis(
            rules: rules, header: genesis.header,
            accounts: Genesis.systemContracts + DevelopmentAccounts.allocations,
            validators: genesis.validators, blockIntervalMilliseconds: 0)
    }

    private static func genesis(
        _ validators: [Identity], _ accounts: [Secp256k1.SecretKey]
    ) -> Genesis {
        var header = Header()
        header.gasLimit = 100_000_000
        header.baseFeePerGas = Header.firstBaseFee
        let funds = UInt256(1_000_000) &* UInt256(1_000_000_000_000_000_000)
        return Genesis(
            rules: ChainRules(chainID: 7_317), header: header,
            accounts: Genesis.systemContracts
                + accounts.map {
                    Allocation(address: Address($0.publicKey.addressHash), balance: funds)
                },
            validators: validators.map {
                GenesisValidator(
                    address: $0.address, publicKey: $0.validator.publicKey.compressed,
                    feeAddress: $0.address, peerID: $0.peer.peer.description)
            },
            blockIntervalMilliseconds: 1_000, idleIntervalMilliseconds: 5_000)
    }

    /// Builds the world in which the village lives.
    public func world(seed: UInt64, weather: Weather) throws -> World<Node> {
        // Who signs nothing counts among those that fail, or a quorum might be gone.
        try World(
            seed: seed, nodes: count, weather: weather, isImpaired: { $0.silence != nil },
            make: { birth in try node(birth) })
    }

    private func node(_ birth: World<Node>.Birth) throws(StartFailure) -> Node {
        var settings = Node::Configuration()
        settings.listen = Endpoint(host: World<Node>.host(of: birth.index), port: Village.port)
        settings.log = .warn
        settings.development = true
        for index in residents.indices where index != birth.index {
            let endpoint = Endpoint(host: World<Node>.host(of: index), port: Village.port)
            if let address = Multiaddr(endpoint, peer: residents[index].peer.peer) {
                settings.peers.append("\(address)")
            }
        }
        return try Node(
            settings, genesis: genesis, identity: residents[birth.index],
            recovered: recovered(birth), entropy: birth.entropy,
            unixMilliseconds: birth.unixMilliseconds, at: .start, fault: fault)
    }

    /// What a node finds: at its first start the log that `martlet init` writes.
    private func recovered(_ birth: World<Node>.Birth) -> Recovered {
        guard birth.restarts == 0, let disk = birth.recovered.disk as? VirtualDisk else {
            return birth.recovered
        }
        disk.append(Node.firstLog(of: genesis), for: Ticket(0))
        _ = disk.syncLog()
        return disk.recovered
    }
}
