internal import Machine
public import Node
internal import Primitives
public import Simulation

/// One run of a whole network: faults drawn from a seed, then peace, and what must hold after it.
public struct Scenario: Sendable {
    /// How many validators there are.
    public var validators = 7
    /// Everything that happens follows from it.
    public var seed: UInt64
    /// How long faults happen, in virtual seconds.
    public var seconds: UInt64 = 20
    /// How long the network may take after the faults until all is final everywhere.
    public var patience: UInt64 = 60
    /// How many accounts pay, and how often each.
    public var accounts = 6
    /// How many payments each account makes.
    public var payments = 4
    /// The bug that is planted, if any.
    public var fault: PlantedFault?
    /// What goes wrong; `nil` to draw it from the seed.
    public var weather: Weather?
    /// How many nodes on either side of it in a ring each one reaches; `nil` for all.
    public var reach: Int?

    /// Creates a scenario of the usual size.
    public init(seed: UInt64) {
        self.seed = seed
    }

    /// What came of a run.
    public struct Outcome: Hashable, Sendable {
        /// The seed.
        public let seed: UInt64
        /// The sum of everything that happened: equal seeds, equal digests.
        public let digest: String
        /// How many blocks became final.
        public let height: UInt64
        /// How many payments were made.
        public let payments: Int
        /// How many validators had a twin.
        public let twins: Int
        /// How many lives ended because a disk was full.
        public let fullDisks: Int
        /// How many times a bit of a log was turned over.
        public let spoiledLogs: Int
        /// How many things happened.
        public let steps: UInt64
        /// How long it took after the faults until all was final everywhere, in milliseconds.
        public let healing: UInt64
        /// What did not hold; empty if all did.
        public let violations: [String]
    }

    /// Runs it; throws if a node cannot start.
    public func run() throws -> Outcome {
        var chance = Random(seed: seed)
        // At most a third, less one, may fail in all: liars first, the rest may crash.
        let faulty = (validators - 1) / 3
        let twins =
            fault == nil && chance.next() % 3 != 0 ? 0 : Int(chance.next() % UInt64(faulty + 1))
        let liars = fault == nil ? twins : faulty
        let village = Village(
            validators: validators, twins: liars, accounts: accounts, seed: chance.next(),
            fault: fault)
        var weather = Weather(from: &chance, downLimit: faulty - liars)
        if let given = self.weather { weather = given }
        weather.downLimit = faulty - liars
        let world = try village.world(seed: chance.next(), weather: weather)
        if let reach { world.formRing(reach: reach) }
        var traffic = Traffic(
            village, perAccount: payments, over: seconds, seed: chance.next())
        var agreement = Agreement(nodes: village.count)

        try storm(world, village, &traffic, &agreement, &chance)
        try world.clear()
        let peace = world.now
        traffic.sendAll(in: world)
        let isDone = wait(in: world, village, &traffic, &agreement)
        var violations = agreement.violations
        if !isDone {
            violations.append("not all is final \(patience) s after the faults")
            violations += standing(world, village, traffic)
        }
        if violations.isEmpty { violations = verdicts(world, village, traffic) }
        return Outcome(
            seed: seed, digest: "\(world.digest)", height: agreement.height,
            payments: traffic.count, twins: liars, fullDisks: world.fullDisks,
            spoiledLogs: world.spoiledLogs, steps: world.steps,
            healing: (world.now.nanoseconds - peace.nanoseconds) / 1_000_000,
            violations: violations)
    }

    /// Lets faults happen.
    ///
    /// Twins are kept apart from the start, so that each finds believers.
    private func storm(
        _ world: World<Node>, _ village: Village, _ traffic: inout Traffic,
        _ agreement: inout Agreement, _ chance: inout Random
    ) throws {
        let end = seconds * 1_000_000_000
        var heal = UInt64.max
        if village.twins > 0 {
            world.partition(into: sides(village, &chance))
            heal = end / 2
        }
        while world.now.nanoseconds < end, let step = world.step() {
            if let node = step.node { agreement.look(at: node, in: world) }
            traffic.send(in: world)
            if world.now.nanoseconds >= heal {
                world.heal()
                heal = .max
            }
            guard agreement.violations.isEmpty else { return }
        }
    }

    /// Two sides with one of each pair of twins, and half of the honest.
    private func sides(_ village: Village, _ chance: inout Random) -> [[Int]] {
        var sides: [[Int]] = [
            Array(0..<village.twins),
            Array(village.validators..<village.count),
        ]
        var honest = Array(village.twins..<village.validators)
        honest.shuffle(using: &chance)
        for (place, node) in honest.enumerated() { sides[place & 1].append(node) }
        return sides
    }

    /// Waits until every honest node has everything final.
    private func wait(
        in world: World<Node>, _ village: Village, _ traffic: inout Traffic,
        _ agreement: inout Agreement
    ) -> Bool {
        let end = world.now.nanoseconds + patience * 1_000_000_000
        var lookAt: UInt64 = 0
        while world.now.nanoseconds < end, let step = world.step() {
            if let node = step.node { agreement.look(at: node, in: world) }
            traffic.send(in: world)
            guard agreement.violations.isEmpty else { return true }
            guard world.now.nanoseconds >= lookAt else { continue }
            lookAt = world.now.nanoseconds + 250_000_000
            if isQuiet(world, village, traffic) { return true }
        }
        return false
    }

    private func isQuiet(_ world: World<Node>, _ village: Village, _ traffic: Traffic) -> Bool {
        let honest = village.twins..<village.validators
        let points = honest.compactMap { world.read($0) { $0.finalPoint } }
        guard points.count == honest.count, Set(points).count == 1 else { return false }
        return honest.allSatisfy {
            world.read($0) { $0.silence == nil && traffic.isDone(at: $0) } ?? false
        }
    }

    /// Where each node stands, for whoever looks for the reason.
    private func standing(
        _ world: World<Node>, _ village: Village, _ traffic: Traffic
    ) -> [String] {
        let places = (0..<village.count).compactMap { index in
            world.read(index) { node in
                "node \(index): \(node.standing(at: world.now)), all paid \(traffic.isDone(at: node))"
            }
        }
        return places + world.takeLines().suffix(40).map(text)
    }

    private func text(_ line: World<Node>.Line) -> String {
        "node \(line.node) at \(line.time.nanoseconds / 1_000_000) ms: \(line.record.module) "
            + "\(line.record.message) "
            + line.record.fields.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    private func verdicts(
        _ world: World<Node>, _ village: Village, _ traffic: Traffic
    ) -> [String] {
        let honest = village.twins..<village.validators
        var found = world.takeLines().filter { line in
            switch line.record.message {
            case "validator contradicted itself":
                honest.contains { line.record.fields.contains(.init("validator", $0)) }
            case "stopped signing, a person must look": honest.contains(line.node)
            default: false
            }
        }.map(text)
        for node in village.twins..<village.validators {
            found +=
                world.read(node) { traffic.losses(at: $0) }?.map { "node \(node): \($0)" } ?? []
        }
        return found
    }
}
