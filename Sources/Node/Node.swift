internal import Consensus
internal import Crypto
internal import Identifiers
internal import Index
public import Ledger
public import Machine
internal import Network
public import Primitives
package import RPC

/// A whole node: the one value that a driver runs.
///
/// It holds the machines and lets them meet: what one asks for is handed to the one that has it.
/// Nothing is decided here but who talks to whom. The machines' outputs wait in a queue until the
/// step's end, so no machine is entered while it is at work.
public struct Node: Resident {
    /// What it gives to workers.
    public typealias Work = Node::Work

    /// What a machine asked for, until it is done.
    enum Asked: Sendable {
        case consensus(Consensus::Consensus.Output)
        case network(Swarm.Output)
        case rpc(Dispatcher.Output)
        case index(Indexer.Output)
    }

    let configuration: Configuration
    /// By which reverts are told in words.
    package var interfaces = Interfaces.known
    var genesis: Genesis
    let identity: Identity
    let validators: Validators
    /// The peers that the validators are, by their place; `nil` where the genesis does not tell.
    let validatorPeers: [PeerID?]
    var instance: Instance

    var consensus: Consensus::Consensus
    var swarm: Swarm
    var chain: Chain
    var pool: Pool
    var dispatcher: Dispatcher

    var intake = Intake()
    var ownTransactions = OwnTransactions()
    var budget = BlockBudget()
    /// What a development chain has besides; `nil` on any other.
    var development: Development?
    var directory = PeerDirectory()
    /// What follows the chain with the index; idle where none is kept.
    var indexer = Indexer()
    /// What the index was asked, and for whom.
    var looks: [Ticket: Look] = [:]
    /// Requests to the API that wait for a program, by its ticket.
    var runs: [Ticket: Run] = [:]
    /// Responses that wait until something is on disk, by the commit's ticket.
    var keeping: [Ticket: (caller: Ticket, response: HTTPResponse)] = [:]
    /// The compiler for verifying sources.
    var compiler = Enquiry.Compiler.unknown
    /// How many requests to the API wait.
    var enquiries = 0
    var progress: Progress
    /// Who waits for which job.
    var jobs: [Ticket: Errand] = [:]
    /// Blocks on their way to disk, by ticket.
    var commits: [Ticket: Finality] = [:]

    /// The wall clock at `Instant.start`, in milliseconds of Unix time.
    private var clock: Int64
    private var tickets: UInt64 = 0
    private var asked: [Asked] = []
    var effects: [Effect<Work>] = []

    /// Creates a node from what the last run left.
    ///
    /// - Parameters:
    ///   - configuration: the operator's settings.
    ///   - genesis: the chain's beginning.
    ///   - identity: who the node is; it votes if its key is among the validators'.
    ///   - recovered: the disk and the log.
    ///   - entropy: 32 secret bytes, new at each start.
    ///   - unixMilliseconds: the wall clock.
    ///   - now: the time.
    ///   - fault: a planted bug, for tests of tests.
    /// - Throws: ``StartFailure`` if the disk, the genesis or the settings cannot be used.
    public init(
        _ configuration: Configuration, genesis: Genesis, identity: Identity,
        recovered: Recovered, entropy: [UInt8], unixMilliseconds: UInt64, at now: Instant,
        fault: PlantedFault? = nil
    ) throws(StartFailure) {
        self.configuration = configuration
        development = try Node.development(of: genesis, identity, on: recovered.disk)
        let record = development?.record
        let genesis = genesis.renewed(record?.resets ?? 0)
        self.genesis = genesis
        self.identity = identity
        clock = Int64(clamping: unixMilliseconds) - Node.milliseconds(now)
        let seed = entropy.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }

        let writes: [Write]
        do throws(ChainError) {
            (chain, writes) = try Chain.open(
                recovered.disk, genesis: genesis, history: configuration.history)
        } catch {
            throw .chain(error)
        }
        validators = try Node.validators(of: genesis)
        validatorPeers = genesis.validators.map { try? PeerID($0.peerID) }
        instance = Instance(chainID: genesis.rules.chainID, genesisHash: chain.genesisHash)
        progress = Progress(validators: validators.count)
        consensus = try Node.consensus(
            genesis, instance, validators, identity, chain,
            log: record?.isLogStale == true
                ? Consensus::Consensus.birth(of: instance) : recovered.log,
            seed, now, fault)
        swarm = try Node.swarm(configuration, identity, entropy, seed, now)
        pool = Pool(rules: genesis.rules, head: chain.head, limits: Node.poolLimits)
        pool.setBaseFee = record?.settings.nextBaseFee
        var head = Head(chainID: genesis.rules.chainID, version: Node.version)
        head.coinbase = validators.index(of: identity.validator.publicKey).map {
            genesis.validators[$0].feeAddress
        }
        dispatcher = Dispatcher(head: head, seed: seed ^ 0x6d61_7274)
        begin(writes, at: now)
    }

    /// The name and version, as others are told.
    public static let version = "martlet/0.1.0"

    /// The instant at which the node wants to be woken.
    public var deadline: Instant? {
        if !effects.isEmpty { return .start }
        return [
            consensus.deadline, swarm.deadline, dispatcher.deadline, intake.deadline,
            ownTransactions.deadline, development?.nextBlock, indexer.deadline,
        ].compactMap { $0 }.min()
    }

    /// Takes one occurrence in.
    public mutating func handle(
        _ input: Occurrence<Work>, at now: Instant, into outputs: inout Outbox<Effect<Work>>
    ) {
        switch input {
        case .opened(let link, let ticket, let endpoint):
            tell(.opened(link, ticket, from: endpoint), at: now)
        case .refused(let ticket): tell(.refused(ticket), at: now)
        case .received(let link, let bytes): tell(.received(link, bytes), at: now)
        case .drained(let link): tell(.drained(link), at: now)
        case .closed(let link): tell(.closed(link), at: now)
        case .computed(let ticket, let answer): finish(ticket, answer.result, at: now)
        case .persisted(let ticket): persisted(ticket, at: now)
        case .found(let ticket, let found): take(found, for: ticket, at: now)
        case .ran(let ticket, let end): take(end, for: ticket)
        case .requested(let ticket, let request): serve(ticket, request, at: now)
        case .joined(let session, let path): join(session, path)
        case .told(let session, let bytes):
            tell(.received(.session(session), bytes), at: now)
        case .left(let session): tell(.disconnected(session), at: now)
        case .clock(let milliseconds):
            clock = Int64(clamping: milliseconds) - Node.milliseconds(now)
        case .interrupted: effects.append(.stop)
        }
        settle(at: now, into: &outputs)
    }

    /// Runs whatever has come due.
    public mutating func wake(at now: Instant, into outputs: inout Outbox<Effect<Work>>) {
        if let due = consensus.deadline, due <= now {
            var box = Outbox<Consensus::Consensus.Output>()
            consensus.wake(at: now, into: &box)
            for output in box.drain() { asked.append(.consensus(output)) }
        }
        if let due = swarm.deadline, due <= now {
            var box = Outbox<Swarm.Output>()
            swarm.wake(at: now, into: &box)
            for output in box.drain() { asked.append(.network(output)) }
        }
        if let due = dispatcher.deadline, due <= now {
            var box = Outbox<Dispatcher.Output>()
            dispatcher.wake(at: now, into: &box)
            for output in box.drain() { asked.append(.rpc(output)) }
        }
        if let due = intake.deadline, due <= now { spreadTransactions(at: now) }
        if let due = indexer.deadline, due <= now {
            var box = Outbox<Indexer.Output>()
            indexer.wake(at: now, into: &box)
            for output in box.drain() { asked.append(.index(output)) }
        }
        keepInterval(at: now)
        if let due = ownTransactions.deadline, due <= now { spreadOwnAgain(at: now) }
        settle(at: now, into: &outputs)
    }

    /// Does all that was asked for, and what comes of it, until nothing is left.
    private mutating func settle(at now: Instant, into outputs: inout Outbox<Effect<Work>>) {
        var next = 0
        repeat {
            while next < asked.count {
                switch asked[next] {
                case .consensus(let output): perform(output, at: now)
                case .network(let output): perform(output, at: now)
                case .rpc(let output): perform(output, at: now)
                case .index(let output): perform(output, at: now)
                }
                next += 1
            }
        } while advanceDevelopment(at: now)
        asked.removeAll(keepingCapacity: true)
        for effect in effects { outputs.append(effect) }
        effects.removeAll(keepingCapacity: true)
    }
}

extension Node {
    /// Tells consensus something.
    mutating func tell(_ input: Consensus::Consensus.Input, at now: Instant) {
        var box = Outbox<Consensus::Consensus.Output>()
        consensus.handle(input, at: now, into: &box)
        for output in box.drain() { asked.append(.consensus(output)) }
    }

    /// Tells the network something.
    mutating func tell(_ input: Swarm.Input, at now: Instant) {
        var box = Outbox<Swarm.Output>()
        swarm.handle(input, at: now, into: &box)
        for output in box.drain() { asked.append(.network(output)) }
    }

    /// Tells the dispatcher of calls something.
    mutating func tell(_ input: Dispatcher.Input, at now: Instant) {
        var box = Outbox<Dispatcher.Output>()
        dispatcher.handle(input, at: now, into: &box)
        for output in box.drain() { asked.append(.rpc(output)) }
    }

    /// Tells the index's follower something.
    mutating func tell(_ input: Indexer.Input, at now: Instant) {
        var box = Outbox<Indexer.Output>()
        indexer.handle(input, at: now, into: &box)
        for output in box.drain() { asked.append(.index(output)) }
    }

    /// A ticket that was never used.
    mutating func ticket() -> Ticket {
        tickets += 1
        return Ticket(tickets)
    }

    /// Gives a job to the workers, for somebody who waits for it.
    mutating func compute(_ duty: Work.Duty, for errand: Errand) {
        let ticket = ticket()
        jobs[ticket] = errand
        effects.append(.compute(ticket, Work(duty: duty)))
    }

    /// Says a line to the operator.
    mutating func record(
        _ level: Record.Level, _ module: String, _ message: String, _ fields: [Record.Field] = []
    ) {
        guard level >= configuration.log else { return }
        effects.append(.record(Record(level, module, message, fields)))
    }

    /// The wall clock in milliseconds of Unix time.
    func unixMilliseconds(at now: Instant) -> UInt64 {
        UInt64(clamping: clock + Node.milliseconds(now))
    }

    static func milliseconds(_ now: Instant) -> Int64 { Int64(now.nanoseconds / 1_000_000) }
}
