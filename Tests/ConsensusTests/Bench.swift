import Consensus
import Crypto
import Identifiers
import Machine
import Primitives

/// One machine on a bench, with the keys of all the others beside it.
struct Bench {
    let keys: [Secp256k1.SecretKey]
    let instance = Instance(chainID: 7, genesisHash: keccak256([1]))
    let validators: Validators
    let configuration: Configuration
    var machine: Consensus
    var now = Instant.start
    /// Everything it put out, in order.
    var outputs: [Consensus.Output] = []
    /// Its log, as far as it is synced.
    var log: [UInt8]
    private var unsynced: (ticket: Ticket, bytes: [UInt8], isReplacement: Bool)?

    init(
        _ index: Int? = 3, count: Int = 4, log: [UInt8]? = nil, fault: Fault? = nil,
        seed: UInt64 = 1
    ) throws {
        let keys = try Village.keys(count)
        self.keys = keys
        validators = try Validators(
            keys.map { Validator(key: $0.publicKey, address: .zero, power: 1) })
        var timing = Timing()
        timing.delay = .seconds(1)
        timing.blockInterval = .zero
        timing.idleInterval = .zero
        timing.statusInterval = .seconds(1000)
        configuration = Configuration(
            instance: instance, validators: validators, key: index.map { keys[$0] },
            timing: timing, fault: fault, logSize: 16_384)
        self.log = log ?? Consensus.birth(of: instance)
        machine = Consensus(
            configuration, recovering: self.log, finalized: nil, seed: seed, at: now)
        wake()
        sync()
    }

    mutating func feed(_ input: Consensus.Input) {
        var box = Outbox<Consensus.Output>()
        machine.handle(input, at: now, into: &box)
        take(box.drain())
    }

    mutating func wake() {
        var box = Outbox<Consensus.Output>()
        machine.wake(at: now, into: &box)
        take(box.drain())
    }

    /// Lets time pass, waking the machine whenever it wants.
    mutating func pass(_ duration: Duration) {
        let end = now.advanced(by: duration)
        while let deadline = machine.deadline, deadline <= end {
            now = max(now, deadline)
            wake()
            sync()
        }
        now = end
    }

    /// Syncs whatever is written, until nothing is.
    mutating func sync() {
        while let write = unsynced {
            unsynced = nil
            log = write.isReplacement ? write.bytes : log + write.bytes
            feed(.persisted(write.ticket))
        }
    }

    private mutating func take(_ new: [Consensus.Output]) {
        outputs += new
        for output in new {
            switch output {
            case .append(let ticket, let bytes): unsynced = (ticket, bytes, false)
            case .replace(let ticket, let bytes): unsynced = (ticket, bytes, true)
            default: break
            }
        }
    }

    // MARK: what the others say

    func vote(
        _ kind: Vote.Kind, _ view: UInt64, _ proposal: Hash32 = .zero, by index: Int
    ) -> Vote {
        let digest = instance.voteDigest(kind, view: view, proposal: proposal)
        let signature = Secp256k1.sign(digest, with: keys[index])
        return Vote(
            kind: kind, epoch: 1, view: view, proposal: proposal, index: index,
            signature: VoteSignature(r: signature.r, s: signature.s))
    }

    func certificate(
        _ kind: Vote.Kind, _ view: UInt64, _ proposal: Hash32 = .zero,
        by signers: [Int] = [0, 1, 2]
    ) throws -> Certificate {
        let votes = signers.map { vote(kind, view, proposal, by: $0) }
        guard let certificate = Certificate(votes) else { throw Broken.rule("a certificate") }
        return certificate
    }

    /// A proposal of the leader of a view, on a certificate or on the genesis.
    func proposal(
        _ view: UInt64, on parent: Proposal? = nil, gaps: [Certificate] = [], salt: UInt64 = 0,
        by index: Int? = nil
    ) throws -> Proposal {
        let proof = try parent.map { try certificate(.notarize, $0.vote.view, $0.vote.proposal) }
        let justification = Justification(parent: proof, gaps: gaps)
        let stand = parent?.vote.proposal ?? instance.genesisID
        let value = DummyLedger.value(
            parent: parent?.proposed.value.hash ?? instance.genesisHash, justification.commitment,
            salt: salt)
        let id = instance.proposalID(view: view, parent: stand, value: value.hash)
        return Proposal(
            epoch: 1, view: view, parent: stand, value: value, justification: justification,
            vote: vote(.notarize, view, id, by: index ?? Int((view - 1) % UInt64(keys.count))))
    }

    mutating func hear(_ message: Message, from source: UInt64 = 9) {
        feed(.received(message, from: Source(source)))
    }

    mutating func hear(_ proposal: Proposal, verdict: Consensus.Verdict = .valid) {
        hear(.proposal(proposal))
        feed(.valueJudged(proposal: proposal.vote.proposal, verdict))
        sync()
    }

    // MARK: what it said

    /// The votes that left, without repetitions.
    var votes: [String] {
        var said: [String] = []
        for case .send(.vote(let vote), _) in outputs {
            let text = "\(vote.kind) \(vote.view)"
            if !said.contains(text) { said.append(text) }
        }
        return said
    }

    var events: [Consensus.Event] {
        outputs.compactMap { if case .emit(let event) = $0 { event } else { nil } }
    }

    var offences: [Consensus.Offence] {
        outputs.compactMap { if case .report(let offence, _) = $0 { offence } else { nil } }
    }

    var judgements: [Consensus.Judgement] {
        outputs.compactMap { if case .judge(let judgement) = $0 { judgement } else { nil } }
    }

    var builds: [Consensus.Build] {
        outputs.compactMap { if case .build(let build) = $0 { build } else { nil } }
    }

    var finals: [Consensus.Finalized] {
        outputs.compactMap { if case .finalized(let final) = $0 { final } else { nil } }
    }

    /// The questions where everybody stands that it asked, the first of each.
    var questions: [StatusRequest] {
        var asked: [StatusRequest] = []
        for case .statusRequest(let request) in sent(to: .everyone) where !asked.contains(request) {
            asked.append(request)
        }
        return asked
    }

    /// The nonces that its statuses answered, in order.
    var answers: [Status] {
        sent(to: .everyone).compactMap { message in
            if case .status(let status) = message, !status.nonce.isZero { status } else { nil }
        }
    }

    func sent(to target: Consensus.Target) -> [Message] {
        outputs.compactMap {
            if case .send(let message, target) = $0 { message } else { nil }
        }
    }

    var view: UInt64 { machine.summary(at: now).view }
}

extension Message {
    var isProposal: Bool { if case .proposal = self { true } else { false } }
}
