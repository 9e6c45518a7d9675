import Crypto
import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// One case of a state test, read.
struct StateFixture {
    /// Why a transaction was not executed.
    enum Refusal: Error {
        /// Its bytes are no transaction.
        case undecodable(TransactionError)
        /// Nobody can have signed it.
        case unsigned
        /// It cannot be part of the block.
        case invalid(InvalidTransaction)
    }

    let state: MemoryState
    let environment: BlockEnvironment
    let transaction: Swift.Result<SignedTransaction, Refusal>
    let expected: JSON

    init(_ test: JSON, fork: String, revision: Revision, _ expected: JSON) throws {
        self.expected = expected
        state = MemoryState(try (test["pre"]?.members ?? []).map(StateFixture.allocation))
        environment = try StateFixture.environment(test, fork: fork, revision: revision)
        let body = try StateFixture.need(test["transaction"], "transaction")
        if let text = expected["txbytes"]?.text {
            let bytes = try Hex.decode(text)
            transaction = StateFixture.decode(bytes, revision: revision)
        } else {
            transaction = try StateFixture.transaction(
                body, indexes: expected["indexes"], revision: revision,
                chainID: environment.rules.chainID)
        }
    }

    /// Executes the transaction; answers with the state afterwards, the logs, and why it was not
    /// executed, if so.
    func execute(_ engine: Engine) -> (MemoryState, [Log], Refusal?) {
        switch transaction {
        case .failure(let refusal): return (state, [], refusal)
        case .success(let signed):
            let executor = Executor(environment, on: state, engine: engine)
            do throws(InvalidTransaction) {
                let executed = try executor.execute(signed)
                var after = state
                after.apply(executor.journal.diff())
                return (after, executed.logs, nil)
            } catch {
                return (state, [], .invalid(error))
            }
        }
    }

    /// What differs from what is expected; `nil` if nothing does.
    func verdict(root: Hash32, logs: [Log], refusal: Refusal?) throws -> String? {
        let reasons = expected["expectException"]?.text
        switch (reasons, refusal) {
        case (nil, .some(let refusal)): return "unexpected refusal: \(refusal)"
        case (.some(let reasons), nil): return "not refused, expected \(reasons)"
        case (.some(let reasons), .some(let refusal)):
            guard refusal.matches(reasons) else {
                return "refused as \(refusal), expected \(reasons)"
            }
        case (nil, nil): break
        }
        let wanted = try StateFixture.hash(expected["hash"], "post.hash")
        if root != wanted { return "state root \(root), expected \(wanted)" }
        let wantedLogs = try StateFixture.hash(expected["logs"], "post.logs")
        let found = StateFixture.hash(of: logs)
        return found == wantedLogs ? nil : "logs hash \(found), expected \(wantedLogs)"
    }

    private static func hash(of logs: [Log]) -> Hash32 {
        var writer = RLP.Writer()
        writer.list { list in for log in logs { log.write(to: &list) } }
        return keccak256(writer.bytes)
    }
}

// What a fixture's JSON is made of.
extension StateFixture {
    static func need(_ value: JSON?, _ what: String) throws -> JSON {
        guard let value else { throw StateTests.Malformed("\(what) is missing") }
        return value
    }

    static func number(_ value: JSON?, _ what: String) throws -> UInt256 {
        guard let text = value?.text, let number = UInt256(text == "0x" ? "0x0" : text) else {
            throw StateTests.Malformed("\(what) is no number: \(value?.text ?? "missing")")
        }
        return number
    }

    static func number64(_ value: JSON?, _ what: String) throws -> UInt64 {
        guard let number = try number(value, what).asUInt64 else {
            throw StateTests.Malformed("\(what) is too great")
        }
        return number
    }

    static func bytes(_ value: JSON?, _ what: String) throws -> [UInt8] {
        guard let text = value?.text else { throw StateTests.Malformed("\(what) is missing") }
        return try Hex.decode(text)
    }

    static func hash(_ value: JSON?, _ what: String) throws -> Hash32 {
        guard let hash = Hash32(try bytes(value, what)) else {
            throw StateTests.Malformed("\(what) is no hash")
        }
        return hash
    }

    static func address(_ value: JSON?, _ what: String) throws -> Address {
        guard let text = value?.text else { throw StateTests.Malformed("\(what) is missing") }
        return try Address(hex: text)
    }

    private static func allocation(_ member: JSON.Member) throws -> Allocation {
        var storage: [UInt256: UInt256] = [:]
        for slot in member.value["storage"]?.members ?? [] {
            guard let key = UInt256(slot.name) else {
                throw StateTests.Malformed("slot \(slot.name)")
            }
            storage[key] = try number(slot.value, "slot \(slot.name)")
        }
        return Allocation(
            address: try Address(hex: member.name),
            nonce: try number64(member.value["nonce"], "pre.nonce"),
            balance: try number(member.value["balance"], "pre.balance"),
            code: try bytes(member.value["code"], "pre.code"), storage: storage)
    }

    private static func environment(
        _ test: JSON, fork: String, revision: Revision
    ) throws -> BlockEnvironment {
        let env = try need(test["env"], "env")
        var rules = ChainRules(chainID: 1, revision: revision)
        if let id = test["config"]?["chainid"] { rules.chainID = try number64(id, "chainid") }
        if let schedule = test["config"]?["blobSchedule"]?[fork] {
            let parameters = BlobParameters(
                target: try number64(schedule["target"], "target"),
                max: try number64(schedule["max"], "max"),
                baseFeeUpdateFraction: try number64(
                    schedule["baseFeeUpdateFraction"], "baseFeeUpdateFraction"))
            rules.blobChanges = [.init(parameters, .block(0))]
        }
        let random = revision >= .paris ? env["currentRandom"] : env["currentDifficulty"]
        return BlockEnvironment(
            rules: rules, number: try number64(env["currentNumber"], "currentNumber"),
            timestamp: try number64(env["currentTimestamp"], "currentTimestamp"),
            coinbase: try address(env["currentCoinbase"], "currentCoinbase"),
            gasLimit: try number64(env["currentGasLimit"], "currentGasLimit"),
            baseFee: revision >= .london ? try number(env["currentBaseFee"], "baseFee") : .zero,
            prevRandao: try random.map { try number($0, "currentRandom") } ?? .zero,
            excessBlobGas: try env["currentExcessBlobGas"].map { try number64($0, "excess") } ?? 0,
            blockHash: { keccak256(Array(String($0).utf8)) })
    }
}
