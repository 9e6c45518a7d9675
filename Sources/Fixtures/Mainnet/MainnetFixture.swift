import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// A block of the main chain with the state that it reads, executed again.
///
/// It passes if its hash, gas, bloom, transactions and, since Byzantium, receipts are those of the
/// header. The state's root cannot be computed: of the state only a part is there.
enum MainnetFixture {
    static func run(_ json: JSON) throws -> CaseResult {
        let block: JSON? = json["block"]
        let name = try block["number"].number("number").description
        let fork = try json["fork"].text("fork")
        return CaseResult(name: name, fork: fork) { try verdict(json, block) }
    }

    private static func verdict(_ json: JSON, _ block: JSON?) throws -> String? {
        let header = try Header(answer: block)
        let hash = try block["hash"].hash("hash")
        guard header.hash == hash else { return "hash \(header.hash), expected \(hash)" }
        var transactions: [SignedTransaction] = []
        for (index, parts) in block["transactions"].values.enumerated() {
            transactions.append(try transaction(parts, index: index, header))
        }
        guard Block.transactionsRoot(transactions) == header.transactionsRoot else {
            return "transactions have another root"
        }
        let hashes = try blockHashes(json["blockHashes"])
        let environment = BlockEnvironment(header, rules: .mainnet) { hashes[$0] ?? .zero }
        let execution = try Execution(
            of: transactions,
            withdrawals: try block["withdrawals"].values.map { try Withdrawal($0) },
            in: environment, on: try state(json))
        return difference(execution, header, isByzantium: environment.revision >= .byzantium)
    }

    private static func transaction(
        _ parts: JSON?, index: Int, _ header: Header
    ) throws -> SignedTransaction {
        var transaction = try Transaction(parts: parts, chainID: 1)
        try transaction.readSignature(parts)
        let isFrontier =
            ChainRules.mainnet.revision(atNumber: header.number, timestamp: header.timestamp)
            < .homestead
        let sender =
            isFrontier ? transaction.recoverFrontierSender() : transaction.recoverSender()
        guard let sender, sender == (try parts["from"].address("from")) else {
            throw FixtureError("transaction \(index) is not its sender's")
        }
        return SignedTransaction(transaction, sender: sender)
    }

    private static func blockHashes(_ json: JSON?) throws -> [UInt64: Hash32] {
        var hashes: [UInt64: Hash32] = [:]
        for member in json?.members ?? [] {
            guard let number = UInt64(member.name) else { continue }
            hashes[number] = try JSON?(member.value).hash("block hash")
        }
        return hashes
    }

    private static func state(_ json: JSON) throws -> MemoryState {
        var codes: [String: [UInt8]] = [:]
        for member in json["codes"]?.members ?? [] {
            codes[member.name] = try JSON?(member.value).bytes("code")
        }
        var accounts = try Genesis.accounts(json["preState"])
        for (index, account) in json["preState"].values.enumerated() {
            guard let hash = account["codeHash"]?.text, let code = codes[hash] else { continue }
            accounts[index].code = code
        }
        return MemoryState(accounts)
    }

    private static func difference(
        _ execution: Execution, _ header: Header, isByzantium: Bool
    ) -> String? {
        if execution.gasUsed != header.gasUsed {
            return "gas \(execution.gasUsed), expected \(header.gasUsed)"
        }
        var bloom = Bloom.empty
        for receipt in execution.receipts { bloom.formUnion(receipt.bloom) }
        if bloom != header.logsBloom { return "another bloom" }
        let root = Block.receiptsRoot(execution.receipts)
        guard isByzantium, root != header.receiptsRoot else { return nil }
        return "receipts root \(root), expected \(header.receiptsRoot)"
    }
}
