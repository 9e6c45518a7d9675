import Fixtures

/// `martlet conformance`: runs all official suites, and compares what ran with what is known.
struct Conformance: Command {
    static let name = "conformance"
    static let summary = "run Ethereum's official suites, and count what passes"
    static let usage = """
        martlet conformance FOLDER [--suite=TEXT]

        Runs the official suites that lie unpacked below FOLDER, each archive in a folder of its
        path, and prints a table: for each suite and fork how many cases ran, how many are known,
        and how many failed. Those that failed follow by name. A few cases contradict what is written
        elsewhere: what they ask is answered otherwise, which the table says with the reason.

          --suite=TEXT  only the suite of this name; if there is none, those whose name holds it

        Exit code: 0 if every known case ran and passed, 1 if not.
        """

    private let folder: String
    private let text: String?

    init(_ arguments: inout Arguments) throws(UsageError) {
        folder = try arguments.positional("FOLDER")
        text = try arguments.value("suite")
    }

    func run() throws {
        let suites = Conformance.suites(text)
        guard !suites.isEmpty else { throw Failure("no suite of this name") }
        var failures: [String] = []
        var total = 0
        let clock = ContinuousClock()
        print(Conformance.row("suite", "fork", "run", "known", "failed", "seconds"))
        for suite in suites {
            let start = clock.now
            let tally = try tally(suite)
            let seconds = (clock.now - start).components.seconds
            total += tally.counts.values.reduce(0, +)
            failures += report(suite, tally, seconds: "\(seconds)")
        }
        for failure in failures { print("FAIL \(failure)") }
        guard failures.isEmpty else { throw Failure("\(failures.count) failures") }
        print("\(total) cases, all pass")
    }

    /// The suites of this very name, or else those whose name holds the text.
    private static func suites(_ text: String?) -> [Suite] {
        guard let text else { return Suite.all }
        let named = Suite.all.filter { $0.name == text }
        return named.isEmpty ? Suite.all.filter { $0.name.contains(text) } : named
    }

    /// What came of a suite's cases.
    private struct Tally {
        var counts: [String: Int] = [:]
        var failed: [String: Int] = [:]
        var failures: [String] = []
        /// The cases that are decided otherwise, by the reason.
        var ruled: [String: [String]] = [:]
    }

    private func tally(_ suite: Suite) throws -> Tally {
        let root = "\(folder)/\(suite.archive)"
        var tally = Tally()
        for file in try files(of: suite, below: root) {
            switch file.results {
            case .failure(let error): tally.failures.append("\(file.path): \(error)")
            case .success(let results):
                for result in results {
                    tally.counts[result.fork, default: 0] += 1
                    if let ruling = suite.rulings.first(where: { $0.covers(result.name) }) {
                        tally.ruled[ruling.reason, default: []].append(result.name)
                        if result.passes {
                            tally.failures.append("\(result.name) passes, after all")
                        }
                        continue
                    }
                    guard let error = result.error else { continue }
                    tally.failed[result.fork, default: 0] += 1
                    tally.failures.append("\(suite.name) \(result.fork) \(result.name): \(error)")
                }
            }
        }
        return tally
    }

    private func files(
        of suite: Suite, below root: String
    ) throws -> [FixtureRun.FileResult] {
        guard let chain = suite.chain else {
            return try FixtureRun.files(
                at: [root], of: suite.kind, below: suite.prefix, CaseFilter(engine: suite.engine))
        }
        let folder = "\(root)/\(suite.prefix)"
        let results = try FixtureRun.exchanges(
            in: folder, chain: chain.blocks.map { "\(root)/\($0)" },
            genesis: "\(root)/\(chain.genesis)", isShallow: chain.isShallow)
        return [FixtureRun.FileResult(path: folder, results: .success(results))]
    }

    /// Prints a suite's rows; returns what is wrong with it.
    private func report(_ suite: Suite, _ tally: Tally, seconds: String) -> [String] {
        var failures = tally.failures
        for (index, (fork, known)) in suite.known.enumerated() {
            let count = tally.counts[fork] ?? 0
            if count != known {
                failures.append("\(suite.name) \(fork): \(count) cases ran, \(known) are known")
            }
            print(
                Conformance.row(
                    index == 0 ? suite.name : "", fork, "\(count)", "\(known)",
                    "\(tally.failed[fork] ?? 0)", index == 0 ? seconds : ""))
        }
        let forks = Set(suite.known.map(\.fork))
        for fork in tally.counts.keys.filter({ !forks.contains($0) }).sorted() {
            failures.append("\(suite.name) \(fork): cases ran that are not known")
        }
        for (reason, names) in tally.ruled.sorted(by: { $0.key < $1.key }) {
            print("  answered otherwise: \(reason): \(names.joined(separator: " "))")
        }
        return failures
    }

    private static func row(_ cells: String...) -> String {
        let widths = [46, 32, -7, -7, -7, -8]
        return zip(cells, widths).map { cell, width in
            width > 0
                ? Table.padded(cell, to: width)
                : String(Table.padded(String(cell.reversed()), to: -width).reversed())
        }.joined()
    }
}
