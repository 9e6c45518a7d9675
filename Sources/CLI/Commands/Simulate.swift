import Dispatch
import Encoding
import Node
import Scenarios
import Synchronization

/// `martlet simulate`: whole networks in virtual time, from seeds.
struct Simulate: Command {
    static let name = "simulate"
    static let summary = "run whole networks in virtual time, with faults drawn from a seed"
    static let usage = """
        martlet simulate [--nodes=7] [--seed=1] [--seeds=1] [--hours=H | --seconds=20]
                         [--fault=quorum|volatile] [--json]

        Runs the same node that `martlet node` runs, a whole network of it on one thread. The seed
        decides everything: who pays whom, what the network loses and delays, who crashes and loses
        what was not synced, whose disk is full, whose log is spoiled, who lies. After the faults the
        network heals, and must make everything final. Checked: no two nodes ever have different
        final blocks or states at one height; no honest validator contradicts itself or stops
        signing; no payment is lost or counts twice; all catch up. Equal seeds give equal digests.

          --nodes=N      how many validators
          --seed=S       the first seed
          --seeds=N      how many seeds, one after another, on all cores
          --hours=H      how long faults happen, in virtual hours; may be a fraction
          --seconds=S    the same in seconds
          --fault=NAME   plant a bug, to see that it is found: a quorum of four of seven, or votes
                         that leave before they are on disk
          --json         a line of JSON for each seed

        Exits 0 if all held for each seed, else 1.
        """

    /// The most virtual seconds: ten years.
    private static let longest: UInt64 = 10 * 365 * 86_400

    private let seeds: ClosedRange<UInt64>
    private let nodes: Int
    private let seconds: UInt64
    private let fault: PlantedFault?
    private let isJSON: Bool

    init(_ arguments: inout Arguments) throws(UsageError) {
        nodes = try arguments.value("nodes", in: 1...32) ?? 7
        let first = try arguments.value("seed", as: UInt64.self) ?? 1
        let count = try arguments.value("seeds", in: 1...UInt64(1_000_000_000)) ?? 1
        guard first <= .max - count else {
            throw .unusable("seed", "\(first)", "the last seed is beyond 2^64")
        }
        seeds = first...(first + count - 1)
        let hours = try arguments.value("hours", as: Double.self)
        let given = try arguments.value("seconds", in: 1...Self.longest)
        if let hours {
            guard given == nil else { throw .conflicting("hours", "seconds") }
            let most = Double(Self.longest) / 3_600
            guard hours * 3_600 >= 1, hours <= most else {
                throw .unusable("hours", "\(hours)", "expected a second to \(Int(most)) hours")
            }
            seconds = UInt64(hours * 3_600)
        } else {
            seconds = given ?? 20
        }
        fault = try arguments.value("fault", as: String.self).map { text throws(UsageError) in
            guard let fault = PlantedFault(rawValue: text) else {
                throw .unusable("fault", text, "expected quorum or volatile")
            }
            return fault
        }
        isJSON = try arguments.flag("json")
    }

    func run() throws {
        let failures = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: seeds.count) { index in
            if !run(seeds.lowerBound + UInt64(index)) {
                failures.wrappingAdd(1, ordering: .relaxed)
            }
        }
        let failed = failures.load(ordering: .relaxed)
        guard failed == 0 else {
            throw Failure("\(failed) of \(seeds.count) seeds found something")
        }
    }

    private func run(_ seed: UInt64) -> Bool {
        var scenario = Scenario(seed: seed)
        scenario.validators = nodes
        scenario.seconds = seconds
        scenario.fault = fault
        do {
            let outcome = try scenario.run()
            print(isJSON ? Self.json(outcome) : Self.text(outcome))
            return outcome.violations.isEmpty
        } catch {
            Main.complain("simulate: seed \(seed): \(error)")
            return false
        }
    }

    private static func text(_ outcome: Scenario.Outcome) -> String {
        let head =
            "seed \(outcome.seed)  digest \(outcome.digest)  blocks \(outcome.height)  "
            + "payments \(outcome.payments)  twins \(outcome.twins)  full disks \(outcome.fullDisks)  "
            + "spoiled logs \(outcome.spoiledLogs)  steps \(outcome.steps)  "
            + "healed in \(outcome.healing) ms"
        return ([head] + outcome.violations.map { "  VIOLATED: \($0)" }).joined(separator: "\n")
    }

    private static func json(_ outcome: Scenario.Outcome) -> String {
        let value = JSON.object([
            .init("seed", .number("\(outcome.seed)")), .init("digest", .string(outcome.digest)),
            .init("blocks", .number("\(outcome.height)")),
            .init("payments", .number("\(outcome.payments)")),
            .init("twins", .number("\(outcome.twins)")),
            .init("fullDisks", .number("\(outcome.fullDisks)")),
            .init("spoiledLogs", .number("\(outcome.spoiledLogs)")),
            .init("steps", .number("\(outcome.steps)")),
            .init("healedMilliseconds", .number("\(outcome.healing)")),
            .init("violations", .array(outcome.violations.map { .string($0) })),
        ])
        return String(decoding: value.encoded(), as: UTF8.self)
    }
}
