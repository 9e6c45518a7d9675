import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// One case of a transaction test: bytes that are a transaction under some revisions.
///
/// A case passes if hash, sender and gas at the start are as expected, or if the bytes are refused
/// where they must be: they are good if there is any state in which the transaction can run.
enum TransactionFixture {
    static func run(_ test: JSON.Member, _ filter: CaseFilter) throws -> [CaseResult] {
        guard let results = test.value["result"]?.members else {
            throw FixtureError("test \(test.name) has no results: not a transaction test")
        }
        return results.filter { filter.admits(fork: $0.name) }.map { result in
            CaseResult(name: test.name, fork: result.name) {
                try verdict(test.value["txbytes"], fork: result.name, result.value)
            }
        }
    }

    private static func verdict(_ text: JSON?, fork: String, _ expected: JSON?) throws -> String? {
        // So one of the suite's files writes it.
        guard let revision = Revision(fork == "Cancnun" ? "Cancun" : fork) else {
            throw FixtureError("unknown fork \(fork)")
        }
        let mustFail = expected["exception"]?.text
        do throws(Refusal) {
            let (signed, gas) = try check((try? text.bytes("txbytes")) ?? [], revision)
            if let mustFail { return "taken, expected \(mustFail)" }
            return try difference(signed, gas, expected)
        } catch {
            return mustFail == nil ? "unexpected refusal: \(error)" : nil
        }
    }

    /// Reads a transaction, and checks it in the state that is best for it.
    private static func check(
        _ bytes: [UInt8], _ revision: Revision
    ) throws(Refusal) -> (SignedTransaction, IntrinsicGas) {
        let signed = try SignedTransaction.decoded(bytes, isFrontier: revision < .homestead)
        // What it pays may be more than there is: only its gas must be payable.
        var unpaid = signed.transaction
        unpaid.value = .zero
        let state = MemoryState([
            Allocation(address: signed.sender, nonce: signed.transaction.nonce, balance: .max)
        ])
        let environment = BlockEnvironment(
            rules: ChainRules(chainID: 1, revision: revision), number: 1, timestamp: 1,
            coinbase: .zero, gasLimit: .max)
        do throws(InvalidTransaction) {
            let gas = try Executor(environment, on: state).check(
                SignedTransaction(unpaid, sender: signed.sender))
            return (signed, gas)
        } catch {
            throw .invalid(error)
        }
    }

    private static func difference(
        _ signed: SignedTransaction, _ gas: IntrinsicGas, _ expected: JSON?
    ) throws(Refusal) -> String? {
        let hash = expected["hash"]?.text ?? "no hash"
        if signed.hash.description != hash { return "hash \(signed.hash), expected \(hash)" }
        let sender = expected["sender"]?.text ?? "no sender"
        if signed.sender.description != sender.lowercased() {
            return "sender \(signed.sender), expected \(sender)"
        }
        guard let start = expected["intrinsicGas"]?.text.flatMap({ UInt256($0) }) else {
            return nil
        }
        return UInt256(gas.start) == start ? nil : "gas \(gas.start), expected \(start)"
    }
}
