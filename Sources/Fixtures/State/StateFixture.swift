import Crypto
import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// One case of a state test: one transaction on a given state, for one revision.
///
/// A case passes if the root of the state and the hash of the logs afterwards are as expected, or
/// if a transaction that must be refused is refused, and for one of the reasons named.
struct StateFixture {
    let state: MemoryState
    let environment: BlockEnvironment
    let transaction: Result<SignedTransaction, Refusal>
    let expected: JSON

    init(
        _ test: JSON, on state: MemoryState, fork: String, revision: Revision, _ expected: JSON
    ) throws {
        self.expected = expected
        self.state = state
        environment = try StateFixture.environment(test, fork: fork, revision: revision)
        guard expected["txbytes"] == nil else {
            let bytes = try expected["txbytes"].bytes("txbytes")
            transaction = Result { () throws(Refusal) in
                try SignedTransaction.decoded(bytes, isFrontier: revision < .homestead)
            }
            return
        }
        let parts = try StateFixture.chosen(test["transaction"], expected["indexes"])
        var unsigned = try Transaction(parts: parts, chainID: environment.rules.chainID)
        if unsigned.kind == .legacy { unsigned.chainID = nil }
        if parts["sender"] != nil {
            let sender = try parts["sender"].address("sender")
            transaction = .success(SignedTransaction(unsigned, sender: sender))
        } else if let key = Secp256k1.SecretKey(try parts["secretKey"].bytes("secretKey")) {
            transaction = .success(SignedTransaction(signing: unsigned, with: key))
        } else {
            transaction = .failure(.unsigned)
        }
    }

    /// The transaction's parts, where there are several the ones that the indexes choose.
    private static func chosen(_ body: JSON?, _ indexes: JSON?) throws -> JSON? {
        let choices = [
            "gasLimit": ("gasLimit", "gas"), "value": ("value", "value"), "data": ("data", "data"),
            "accessLists": ("accessList", "data"),
        ]
        guard let members = body?.members else { throw FixtureError("transaction is missing") }
        return .object(
            members.compactMap { member in
                guard let (name, index) = choices[member.name] else { return member }
                let chosen = member.value[indexes?[index]?.integer ?? 0]
                return chosen.flatMap { $0.isNull ? nil : JSON.Member(name, $0) }
            })
    }

    /// Executes the transaction, if it can be.
    ///
    /// The block's maker is rewarded with nothing in any case, as geth's runner of these tests does:
    /// before EIP-158 that makes an account.
    func execute(_ engine: Engine) -> StateOutcome {
        let executor = Executor(environment, on: state, engine: engine)
        let execution = Result<Executed, Refusal> { () throws(Refusal) in
            let signed = try transaction.get()
            do throws(InvalidTransaction) {
                return try executor.execute(signed)
            } catch {
                throw .invalid(error)
            }
        }
        executor.journal.credit(environment.coinbase, .zero)
        executor.journal.endTransaction()
        var after = state
        after.apply(executor.journal.diff())
        return StateOutcome(state: after, execution: execution)
    }

    /// What differs from what is expected; `nil` if nothing does.
    func verdict(on outcome: StateOutcome, root: Hash32) throws -> String? {
        let reasons = expected["expectException"]?.text.map(Reasons.init)
        switch (reasons, outcome.refusal) {
        case (nil, .some(let refusal)): return "unexpected refusal: \(refusal)"
        case (.some(let reasons), nil): return "not refused, expected \(reasons)"
        case (.some(let reasons), .some(let refusal)):
            guard reasons.admit(refusal) else {
                return "refused as \(refusal), expected \(reasons)"
            }
        case (nil, nil): break
        }
        let wanted = try expected["hash"].hash("post.hash")
        if root != wanted { return "state root \(root), expected \(wanted)" }
        let wantedLogs = try expected["logs"].hash("post.logs")
        let found = outcome.logsHash
        return found == wantedLogs ? nil : "logs hash \(found), expected \(wantedLogs)"
    }

    private static func environment(
        _ test: JSON, fork: String, revision: Revision
    ) throws -> BlockEnvironment {
        let env = test["env"]
        var rules = ChainRules(chainID: 1, revision: revision)
        let config = test["config"]
        if config["chainid"] != nil { rules.chainID = try config["chainid"].number64("chainid") }
        if let parameters = try BlobParameters(config["blobSchedule"][fork]) {
            rules.blobChanges = [.init(parameters, .block(0))]
        }
        let random = revision >= .paris ? env["currentRandom"] : env["currentDifficulty"]
        let excess = env["currentExcessBlobGas"]
        return BlockEnvironment(
            rules: rules, number: try env["currentNumber"].number64("currentNumber"),
            timestamp: try env["currentTimestamp"].number64("currentTimestamp"),
            coinbase: try env["currentCoinbase"].address("currentCoinbase"),
            gasLimit: try env["currentGasLimit"].number64("currentGasLimit"),
            baseFee: revision >= .london ? try env["currentBaseFee"].number("baseFee") : .zero,
            prevRandao: random == nil ? .zero : try random.number("currentRandom"),
            excessBlobGas: excess == nil ? 0 : try excess.number64("currentExcessBlobGas"),
            blockHash: { keccak256(Array(String($0).utf8)) })
    }
}

// The cases of a test: each fork has its own, and each choice of data, gas and value.
extension StateFixture {
    static func cases(_ test: JSON.Member, _ filter: CaseFilter) throws -> [FixtureCase] {
        guard let posts = test.value["post"]?.members else {
            throw FixtureError("test \(test.name) has no post states: not a state test")
        }
        let state = Result { MemoryState(try Genesis.accounts(test.value["pre"])) }
        return posts.filter { filter.admits(fork: $0.name) }.flatMap { post in
            JSON?(post.value).values.map { expected -> FixtureCase in
                { @Sendable in [run(test, on: state, fork: post.name, expected, filter)] }
            }
        }
    }

    private static func run(
        _ test: JSON.Member, on state: Result<MemoryState, any Error>, fork: String,
        _ expected: JSON, _ filter: CaseFilter
    ) -> CaseResult {
        var root: Hash32?
        do {
            guard let revision = Revision(fork) else {
                throw FixtureError("unknown fork \(fork)")
            }
            let fixture = try StateFixture(
                test.value, on: try state.get(), fork: fork, revision: revision, expected)
            let outcome = fixture.execute(filter.engine)
            let rootAfter = outcome.state.root
            root = rootAfter
            let error = try fixture.verdict(on: outcome, root: rootAfter)
            return CaseResult(
                name: test.name, fork: fork, stateRoot: root, error: error,
                outcome: filter.withOutcome ? outcome.json : nil)
        } catch {
            return CaseResult(name: test.name, fork: fork, stateRoot: root, error: "\(error)")
        }
    }
}

extension BlobParameters {
    /// Reads one fork's entry of a schedule; `nil` if there is none.
    init?(_ schedule: JSON?) throws(FixtureError) {
        guard schedule != nil else { return nil }
        self.init(
            target: try schedule["target"].number64("target"),
            max: try schedule["max"].number64("max"),
            baseFeeUpdateFraction: try schedule["baseFeeUpdateFraction"].number64(
                "baseFeeUpdateFraction"))
    }
}
