import Consensus
import Crypto
import Identifiers
import Machine
import Primitives

/// A network of nodes on one thread: real machines, a made-up network, disk, clock and ledger.
///
/// One seed decides all: which faults there are at all, every delay, loss and crash.
struct Village {
    /// What a run is like.
    struct Plan {
        var validators = 4
        var powers: [UInt64]?
        var followers = 0
        var byzantine: [Int: Behaviour] = [:]
        var dead: Set<Int> = []
        var fault: Fault?
        /// Until when there is loss, partition and crash, in Δ.
        var storm = 60
        var end = 130
        var crashes = 8
        var losses: [Int] = [0, 5, 20, 40]
        var blockInterval = Duration.zero
        var idleInterval = Duration.zero
        /// Crashes this node right at its n-th write to the log.
        var crashAtWrite: (node: Int, write: Int)?
        /// How many of a thousand writes crash their node, while the storm lasts.
        var crashesPerWrite = 0
        /// What Δ may grow to, in Δ; the reference model has no growth.
        var growth = 1
        /// The nodes whose log a crash may spoil.
        var damaged: Set<Int> = []
        /// How far clocks may be off, in permille of their rate.
        var skew = 0
        /// A node that is cut off during this time, in Δ.
        var away: (node: Int, from: Int, to: Int)?
        var verifiesWire = true
    }

    /// What a validator that is not honest does.
    enum Behaviour { case twin, liar, nuller }

    static let delay = Duration.milliseconds(100)
    static let tick: UInt64 = 100_000_000

    let plan: Plan
    let instance = Instance(chainID: 7, genesisHash: keccak256([1]))
    let validators: Validators
    let keys: [Secp256k1.SecretKey]
    var random: Random
    var now: UInt64 = 0
    var queue = EventQueue()
    var houses: [House] = []
    var checker: Checker
    var groups: [Int]
    var loss: Int
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    var messages = 0

    init(seed: UInt64, _ plan: Plan) throws {
        self.plan = plan
        random = Random(seed: seed)
        keys = try Village.keys(plan.validators)
        validators = try Validators(
            keys.enumerated().map {
                Validator(
                    key: $1.publicKey, address: .zero, power: plan.powers?[$0] ?? 1)
            })
        checker = Checker(validators: validators, byzantine: Set(plan.byzantine.keys))
        loss = plan.losses.randomElement(using: &random) ?? 0
        groups = []
        for index in 0..<plan.validators {
            houses.append(House(id: houses.count, index: index))
            if plan.byzantine[index] == .twin {
                houses.append(House(id: houses.count, index: index))
            }
        }
        for _ in 0..<plan.followers { houses.append(House(id: houses.count, index: nil)) }
        groups = houses.map { _ in 0 }
        for id in houses.indices { settle(id) }
        schedule()
    }

    static func keys(_ count: Int) throws -> [Secp256k1.SecretKey] {
        try (1...count).map { number in
            guard let key = Secp256k1.SecretKey(keccak256([UInt8(number), 0x6b]).bytes) else {
                throw Broken.rule("a key")
            }
            return key
        }
    }

    var stormEnd: UInt64 { UInt64(plan.storm) * Self.tick }

    private mutating func settle(_ id: Int) {
        houses[id].log = Consensus.birth(of: instance)
        if plan.skew > 0 {
            houses[id].rate = 1000 + UInt64.random(in: 0...UInt64(plan.skew), using: &random)
        }
        if let index = houses[id].index {
            houses[id].isHonest = plan.byzantine[index] == nil
            if plan.dead.contains(index) { return }
            if plan.byzantine[index] == .liar || plan.byzantine[index] == .nuller {
                houses[id].liar = Liar(
                    index: index, key: keys[index], instance: instance,
                    count: plan.validators, isNuller: plan.byzantine[index] == .nuller)
                return
            }
        }
        queue.push(UInt64.random(in: 0...Self.tick / 10, using: &random), .boot(id))
    }

    private mutating func schedule() {
        if let away = plan.away {
            queue.push(UInt64(away.from) * Self.tick, .crash(away.node))
            queue.push(UInt64(away.to) * Self.tick, .boot(away.node))
        }
        guard plan.storm > 0 else { return }
        var time: UInt64 = 0
        while time < stormEnd {
            time += UInt64.random(in: Self.tick...8 * Self.tick, using: &random)
            queue.push(time, .split)
        }
        for _ in 0..<Int.random(in: 0...plan.crashes, using: &random) {
            let id = Int.random(in: houses.indices, using: &random)
            queue.push(UInt64.random(in: Self.tick...stormEnd, using: &random), .crash(id))
        }
        queue.push(stormEnd, .heal)
    }

    /// Runs to the end, or until a rule is broken.
    mutating func run() throws {
        while let (time, event) = queue.pop(), time <= UInt64(plan.end) * Self.tick {
            now = time
            try perform(event)
        }
        for house in houses where house.isHonest {
            checker.note(height: house.height, of: house.id)
        }
    }

    private mutating func perform(_ event: Event) throws {
        switch event {
        case .boot(let id): try boot(id)
        case .crash(let id):
            guard houses[id].machine != nil else { return }
            crash(id)
            guard plan.away?.node != id else { return }
            let pause = UInt64.random(in: Self.tick / 2...10 * Self.tick, using: &random)
            queue.push(now + pause, .boot(id))
        case .split:
            guard now < stormEnd else { return }
            let count = [1, 1, 2, 3].randomElement(using: &random) ?? 1
            for id in groups.indices { groups[id] = Int.random(in: 0..<count, using: &random) }
        case .heal:
            groups = groups.map { _ in 0 }
            loss = 0
            for house in houses where house.machine == nil && house.liar == nil {
                if let index = house.index, plan.dead.contains(index) { continue }
                if plan.away?.node == house.id { continue }
                queue.push(now, .boot(house.id))
            }
        case .message(let id, let bytes, let source):
            try deliver(bytes, to: id, from: source)
        case .input(let id, let life, let input):
            guard houses[id].life == life else { return }
            try step(id, input)
        case .written(let id, let life, let ticket):
            guard houses[id].life == life, let write = houses[id].writing else { return }
            houses[id].log = write.isReplacement ? write.bytes : houses[id].log + write.bytes
            houses[id].writing = nil
            try step(id, .persisted(ticket))
        case .committed(let id, let life, let height):
            guard houses[id].life == life else { return }
            houses[id].persist(height)
            try step(id, .committed(height: height))
        case .wake(let id, let life, let number):
            guard houses[id].life == life, houses[id].alarm == number else { return }
            try step(id, nil)
        }
    }

    // MARK: a node's life

    private mutating func boot(_ id: Int) throws {
        guard houses[id].machine == nil, houses[id].liar == nil else { return }
        houses[id].life += 1
        houses[id].born = now
        let index = houses[id].index
        let isTwin = index.map { plan.byzantine[$0] == .twin } ?? false
        var timing = Timing()
        timing.delay = Self.delay
        timing.delayLimit = Self.delay * plan.growth
        timing.blockInterval = plan.blockInterval
        timing.idleInterval = plan.idleInterval
        timing.skipTimeout = Self.delay * 50
        timing.statusInterval = Self.delay * 5
        let configuration = Configuration(
            instance: instance, validators: validators, key: index.map { keys[$0] },
            timing: timing, fault: isTwin ? nil : plan.fault,
            logSize: id % 2 == 0 ? 20_000 : 1 << 20)
        let last = houses[id].chain.last
        houses[id].machine = Consensus(
            configuration, recovering: houses[id].log,
            finalized: try last.map { try FinalBlock(decoding: $0.record) },
            seed: random.next(), at: houses[id].clock(now))
        houses[id].restart()
        try step(id, nil)
        for other in houses.indices where other != id && isUp(other) {
            try step(id, .connected(Source(UInt64(other))))
            if houses[other].machine != nil { try step(other, .connected(Source(UInt64(id)))) }
        }
    }

    private func isUp(_ id: Int) -> Bool { houses[id].machine != nil || houses[id].liar != nil }

    private mutating func crash(_ id: Int) {
        houses[id].machine = nil
        houses[id].life += 1
        if let write = houses[id].writing {
            houses[id].writing = nil
            let fate = Int.random(in: 0..<4, using: &random)
            if write.isReplacement {
                if fate == 0 { houses[id].log = write.bytes }
            } else if fate == 0 {
                houses[id].log += write.bytes
            } else if fate == 1 {
                houses[id].log += write.bytes.prefix(
                    Int.random(in: 0...write.bytes.count, using: &random))
            } else if fate == 2 {
                houses[id].log += [UInt8](repeating: 0, count: write.bytes.count)
            }
        }
        if plan.damaged.contains(id), Bool.random(using: &random), houses[id].log.count > 60 {
            if Bool.random(using: &random) {
                let place = Int.random(in: 0..<houses[id].log.count / 2, using: &random)
                houses[id].log[place] ^= 0x10
            } else {
                houses[id].log = []
            }
        }
    }

    /// Gives a machine an input, or wakes it, and carries out what it wants.
    private mutating func step(_ id: Int, _ input: Consensus.Input?) throws {
        guard houses[id].machine != nil else { return }
        var outputs = Outbox<Consensus.Output>()
        let clock = houses[id].clock(now)
        if let input {
            houses[id].machine?.handle(input, at: clock, into: &outputs)
        } else {
            houses[id].machine?.wake(at: clock, into: &outputs)
        }
        for output in outputs.drain() {
            try carry(output, of: id)
            guard houses[id].machine != nil else { return }
        }
        houses[id].alarm += 1
        if let deadline = houses[id].machine?.deadline {
            // A clock that is fast rings early in true time; never at once again.
            let time = max(houses[id].trueTime(deadline), now + (deadline <= clock ? 1000 : 1))
            queue.push(time, .wake(id, houses[id].life, houses[id].alarm))
        }
    }

    private mutating func carry(_ output: Consensus.Output, of id: Int) throws {
        switch output {
        case .send(let message, let target):
            if houses[id].isHonest { try checker.sent(message, by: houses[id].index) }
            post(message, from: id, to: target)
        case .append(let ticket, let bytes): write(bytes, ticket, id, isReplacement: false)
        case .replace(let ticket, let bytes): write(bytes, ticket, id, isReplacement: true)
        case .build(let order):
            let value = DummyLedger.build(order, salt: UInt64(id) << 32 | random.next() >> 40)
            houses[id].states.insert(value.hash)
            later(id, .valueBuilt(view: order.view, parent: order.parent, value))
        case .judge(let judgement):
            let verdict = try houses[id].judge(judgement)
            later(id, .valueJudged(proposal: judgement.proposal, verdict))
        case .finalized(let final):
            try houses[id].finalize(final)
            if houses[id].isHonest { try checker.finalized(final, at: now, by: id, stormEnd) }
            let pause = UInt64.random(in: 1...Self.tick / 4, using: &random)
            queue.push(
                now + pause, .committed(id, houses[id].life, final.block.height))
        case .recall(let ticket, let height, let count, let bytes):
            later(id, .recalled(ticket, houses[id].recall(height, count, bytes)))
        case .report(let offence, let source):
            guard houses[id].isHonest else { return }
            try checker.reported(offence, houses[Int(source.number)])
        case .emit(let event):
            if houses[id].isHonest { try checker.emitted(event, by: houses[id]) }
        }
    }

    private mutating func later(_ id: Int, _ input: Consensus.Input) {
        let pause = UInt64.random(in: 1...Self.tick / 50, using: &random)
        queue.push(now + pause, .input(id, houses[id].life, input))
    }

    private mutating func write(_ bytes: [UInt8], _ ticket: Ticket, _ id: Int, isReplacement: Bool)
    {
        houses[id].writing = House.Writing(bytes: bytes, isReplacement: isReplacement)
        houses[id].writes += 1
        if let (node, number) = plan.crashAtWrite, node == id, number == houses[id].writes {
            crash(id)
            queue.push(now + 3 * Self.tick, .boot(id))
            return
        }
        if now < stormEnd, Int.random(in: 0..<1000, using: &random) < plan.crashesPerWrite {
            crash(id)
            let pause = UInt64.random(in: Self.tick / 10...3 * Self.tick, using: &random)
            queue.push(now + pause, .boot(id))
            return
        }
        let pause = UInt64.random(in: 1...Self.tick / 20, using: &random)
        queue.push(now + pause, .written(id, houses[id].life, ticket))
    }

    // MARK: the network

    private mutating func post(_ message: Message, from id: Int, to target: Consensus.Target) {
        let bytes = message.encoded
        for byte in bytes.prefix(96) { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
        digest = (digest ^ now) &* 0x100_0000_01b3
        for other in houses.indices where other != id {
            switch target {
            case .everyone: break
            case .validator(let index): guard houses[other].index == index else { continue }
            case .peer(let source): guard Int(source.number) == other else { continue }
            }
            // Twins do not hear each other: they are one.
            if houses[other].index != nil, houses[other].index == houses[id].index { continue }
            send(bytes, from: id, to: other)
        }
    }

    private mutating func send(_ bytes: [UInt8], from id: Int, to other: Int) {
        messages += 1
        let isStormy = now < stormEnd
        if isStormy {
            if groups[id] != groups[other] { return }
            if Int.random(in: 0..<100, using: &random) < loss { return }
        }
        let copies = isStormy && Int.random(in: 0..<20, using: &random) == 0 ? 2 : 1
        for _ in 0..<copies {
            let pause =
                isStormy && Int.random(in: 0..<4, using: &random) == 0
                ? UInt64.random(in: Self.tick / 20...4 * Self.tick, using: &random)
                : UInt64.random(in: Self.tick / 20...9 * Self.tick / 10, using: &random)
            queue.push(now + pause, .message(other, bytes, id))
        }
    }

    private mutating func deliver(_ bytes: [UInt8], to id: Int, from source: Int) throws {
        guard isUp(id) else { return }
        let message = try Message(decoding: bytes)
        if plan.verifiesWire, message.encoded != bytes { throw Broken.rule("canonical") }
        if houses[id].liar != nil {
            let moves = houses[id].liar?.hear(message, &random) ?? []
            for move in moves {
                for other in houses.indices where other != id {
                    if let half = move.half, !half.contains(other) { continue }
                    send(move.message.encoded, from: id, to: other)
                }
            }
            return
        }
        // A twin must not learn of its other half, or it would halt: it is the traitor.
        if !houses[id].isHonest, message.isSigned(by: houses[id].index) { return }
        try step(id, .received(message, from: Source(UInt64(source))))
    }
}

/// A rule was broken.
enum Broken: Error { case rule(String) }

extension Message {
    func isSigned(by index: Int?) -> Bool {
        switch self {
        case .vote(let vote): vote.index == index
        case .proposal(let proposal): proposal.vote.index == index
        default: false
        }
    }
}
