public import EVM
public import Encoding
public import Primitives

/// What came of one case of a fixture.
public struct CaseResult: Sendable {
    /// The case.
    public let name: String
    /// The revision or network, as the fixture names it; empty where there is none.
    public let fork: String
    /// The root of the state afterwards, if there is one and the case could be run.
    public let stateRoot: Hash32?
    /// What is wrong; `nil` if the case passes.
    public let error: String?
    /// What came of it in detail, if that was asked for.
    public let outcome: JSON?

    /// Creates a result.
    public init(
        name: String, fork: String = "", stateRoot: Hash32? = nil, error: String? = nil,
        outcome: JSON? = nil
    ) {
        self.name = name
        self.fork = fork
        self.stateRoot = stateRoot
        self.error = error
        self.outcome = outcome
    }

    /// Runs a case that throws, or returns, what is wrong with it.
    init(name: String, fork: String = "", _ body: () throws -> String?) {
        do {
            self.init(name: name, fork: fork, error: try body())
        } catch {
            self.init(name: name, fork: fork, error: "\(error)")
        }
    }

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
        if let outcome { members.append(JSON.Member("outcome", outcome)) }
        return .object(members)
    }
}

/// Which cases of a file are run, and how code is run in them.
public struct CaseFilter: Sendable {
    /// Only those whose name holds this text.
    public var text: String?
    /// Only those of this fork.
    public var fork: String?
    /// How the code of state tests is run.
    public var engine: Engine
    /// Whether what came of the transactions of state tests is told in detail.
    public var withOutcome: Bool

    /// Creates a filter.
    public init(
        text: String? = nil, fork: String? = nil, engine: Engine = .tiered,
        withOutcome: Bool = false
    ) {
        self.text = text
        self.fork = fork
        self.engine = engine
        self.withOutcome = withOutcome
    }

    /// Whether a case of this name is run.
    public func admits(name: String) -> Bool { text.map(name.contains) ?? true }
    func admits(fork: String) -> Bool { self.fork.map { $0 == fork } ?? true }
}

/// What is wrong with a fixture, or with what came of it.
public struct FixtureError: Error, CustomStringConvertible {
    /// What was expected, and found.
    public let description: String

    init(_ description: String) { self.description = description }
}
