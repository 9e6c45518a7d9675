internal import Consensus
internal import Crypto
internal import Identifiers
public import Ledger
internal import Machine
internal import Network
internal import Primitives

/// Why a node cannot start.
public enum StartFailure: Error, Hashable, Sendable {
    /// The database cannot be used.
    case chain(ChainError)
    /// The place in the chain that consensus left beside the last block is missing or damaged.
    case finality(height: UInt64)
    /// The genesis names no usable set of validators.
    case validators(String)
    /// A peer's address in the settings cannot be read.
    case peer(String)
    /// Fewer than 32 bytes of entropy were given.
    case entropy
}

extension StartFailure: CustomStringConvertible {
    /// What is wrong, in one line.
    public var description: String {
        switch self {
        case .chain(let error): "\(error)"
        case .finality(let height):
            "database is damaged: the certificate of block \(height) is missing or unreadable; "
                + "move the data folder away, and the node fetches the chain from its peers"
        case .validators(let what): "genesis: validators: \(what)"
        case .peer(let text): "peers: \(text) is no address like /ip4/127.0.0.1/tcp/30300/p2p/12D3…"
        case .entropy: "the system gave too little entropy"
        }
    }
}

/// A bug that is planted on purpose, to see that the simulator's checkers find it.
public enum PlantedFault: String, CaseIterable, Hashable, Sendable {
    /// Four of seven are taken for a quorum.
    case quorum
    /// Votes leave before they are on disk.
    case volatile
}

extension Node {
    /// What the pool takes in.
    static var poolLimits: Pool.Limits {
        var limits = Pool.Limits()
        limits.perAccount = 256
        return limits
    }

    /// The set that the genesis names.
    static func validators(of genesis: Genesis) throws(StartFailure) -> Validators {
        var members: [Validator] = []
        for validator in genesis.validators {
            guard let key = Secp256k1.PublicKey(validator.publicKey) else {
                throw .validators("\(Address.self) \(validator.address) has no valid public key")
            }
            members.append(
                Validator(key: key, address: validator.feeAddress, power: validator.power))
        }
        do throws(Validators.Failure) {
            return try Validators(members)
        } catch {
            throw .validators("\(error)")
        }
    }

    static func consensus(
        _ genesis: Genesis, _ instance: Instance, _ validators: Validators, _ identity: Identity,
        _ chain: Chain, log: [UInt8], _ seed: UInt64, _ now: Instant, _ fault: PlantedFault?
    ) throws(StartFailure) -> Consensus::Consensus {
        var timing = Timing()
        timing.blockInterval = .milliseconds(Int64(clamping: genesis.blockIntervalMilliseconds))
        timing.idleInterval = .milliseconds(Int64(clamping: genesis.idleIntervalMilliseconds))
        // A development chain makes no block that nobody asked for: not within a hundred years.
        if genesis.rules.isDevelopment { timing.idleInterval = .seconds(3_155_760_000) }
        let isValidator = validators.index(of: identity.validator.publicKey) != nil
        let settings = Consensus::Configuration(
            instance: instance, validators: validators,
            key: isValidator ? identity.validator : nil, timing: timing,
            fault: fault.map { $0 == .quorum ? .quorumLowered : .volatileVotes })
        var finalized: FinalBlock?
        if chain.head.number > 0 {
            guard let record = chain.view.certificate(number: chain.head.number),
                let block = try? FinalBlock(decoding: record), block.value == chain.headHash
            else { throw .finality(height: chain.head.number) }
            finalized = block
        }
        return Consensus::Consensus(
            settings, recovering: log, finalized: finalized, seed: seed, at: now)
    }

    static func swarm(
        _ configuration: Configuration, _ identity: Identity, _ entropy: [UInt8], _ seed: UInt64,
        _ now: Instant
    ) throws(StartFailure) -> Swarm {
        var settings = Swarm.Configuration(secret: identity.peer)
        settings.addresses = [Multiaddr(configuration.listen, peer: nil)].compactMap { $0 }
        settings.agent = version
        // Validators are a hop or two apart: a proposal must not wait long on its way.
        settings.patience = .milliseconds(25)
        for text in configuration.peers {
            guard let address = try? Multiaddr(text), address.endpoint != nil else {
                throw .peer(text)
            }
            guard address.peer != identity.peer.peer else { continue }
            settings.known.append(address)
        }
        guard let swarm = Swarm(settings, entropy: entropy, seed: seed, at: now) else {
            throw .entropy
        }
        return swarm
    }

    /// Asks for what a start needs: a listening socket, topics, and a new chain's first block.
    mutating func begin(_ writes: [Write], at now: Instant) {
        scheduleBlock(at: now)
        effects.append(.listen(configuration.listen))
        record(
            .info, "node", "started",
            [
                .init("peer", identity.peer.peer), .init("height", chain.head.number),
                .init("genesis", chain.genesisHash),
                .init("validator", ownIndex.map { "\($0)" } ?? "no"),
            ])
        tell(.subscribe(transactionTopic), at: now)
        tell(.subscribe(consensusTopic), at: now)
        if !writes.isEmpty {
            let ticket = ticket()
            commits[ticket] = Finality(hash: chain.headHash, height: 0)
            effects.append(.commit(Node.commitTicket(ticket), writes))
        }
        refreshHead(at: now)
    }

    /// The own place among the validators; `nil` for a follower.
    var ownIndex: Int? { validators.index(of: identity.validator.publicKey) }

    /// The topic on which transactions spread.
    var transactionTopic: String { topic("transactions") }

    /// The topic on which votes, proposals and certificates spread.
    var consensusTopic: String { topic("consensus") }

    /// A topic's name holds the genesis, so that two chains never mix.
    private func topic(_ name: String) -> String {
        "/martlet/\(instance.genesisHash.description.dropFirst(2).prefix(16))/\(name)/1"
    }
}
