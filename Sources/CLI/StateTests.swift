import Crypto
public import EVM
public import Encoding
import Identifiers
import Ledger
public import Primitives

/// Runs Ethereum's official state tests: one transaction on a given state, for one revision.
///
/// A case passes if the root of the state and the hash of the logs afterwards are as expected, or
/// if a transaction that must be refused is refused, and for one of the reasons named.
public enum StateTests {
    /// What came of one case.
    public struct Result: Sendable {
        /// The test.
        public let name: String
        /// The revision, as the test names it.
        public let fork: String
        /// The root of the state afterwards, if the case could be run.
        public let stateRoot: Hash32?
        /// What is wrong; `nil` if the case passes.
        public let error: String?

        /// Whether the case passes.
        public var passes: Bool { error == nil }

        /// The result as geth's `evm statetest` writes it.
        public var json: JSON {
            var members = [
                JSON.Member("name", .string(name)), JSON.Member("pass", .bool(passes)),
            ]
            if let stateRoot {
                members.append(JSON.Member("stateRoot", .string(stateRoot.description)))
            }
            members.append(JSON.Member("fork", .string(fork)))
            if let error { members.append(JSON.Member("error", .string(error))) }
            return .object(members)
        }
    }

    /// What can be wrong with a file of tests.
    public struct Malformed: Error, CustomStringConvertible {
        /// What was expected and not found.
        public let description: String

        init(_ description: String) { self.description = description }
    }

    /// Runs all cases of a file that the filters let through.
    public static func run(
        _ file: JSON, named wanted: (String) -> Bool = { _ in true },
        fork filter: (String) -> Bool = { _ in true }, engine: Engine = .tiered
    ) throws -> [Result] {
        var results: [Result] = []
        for test in file.members ?? [] where wanted(test.name) {
            guard let posts = test.value["post"]?.members else {
                throw Malformed("test \(test.name) has no post states: not a state test")
            }
            for post in posts where filter(post.name) {
                for expected in post.value.elements ?? [] {
                    results.append(run(test, fork: post.name, expected, engine))
                }
            }
        }
        return results
    }

    private static func run(
        _ test: JSON.Member, fork: String, _ expected: JSON, _ engine: Engine
    ) -> Result {
        var root: Hash32?
        do {
            guard let revision = Revision(fork) else { throw Malformed("unknown fork \(fork)") }
            let fixture = try StateFixture(test.value, fork: fork, revision: revision, expected)
            let (state, logs, refusal) = fixture.execute(engine)
            root = state.root
            let error = try fixture.verdict(root: state.root, logs: logs, refusal: refusal)
            return Result(name: test.name, fork: fork, stateRoot: root, error: error)
        } catch {
            return Result(name: test.name, fork: fork, stateRoot: root, error: "\(error)")
        }
    }
}
