import EVM
public import Encoding
import Identifiers
public import Ledger
import Primitives

/// A block of the main chain with the state that it reads, to be executed again.
public struct MainnetBlock: Sendable {
    /// The header, as the chain has it.
    let header: Header
    /// The transactions, whose senders are known.
    let transactions: [SignedTransaction]
    private let withdrawals: [Withdrawal]
    private let environment: BlockEnvironment
    private let state: MemoryState

    /// Reads a block and its state; throws what is wrong with the file.
    public init(_ json: JSON) throws {
        let block: JSON? = json["block"]
        header = try Header(answer: block)
        var transactions: [SignedTransaction] = []
        for (index, parts) in block["transactions"].values.enumerated() {
            transactions.append(try Self.transaction(parts, index: index, header))
        }
        self.transactions = transactions
        withdrawals = try block["withdrawals"].values.map { try Withdrawal($0) }
        let hashes = try Self.blockHashes(json["blockHashes"])
        environment = BlockEnvironment(header, rules: .mainnet) { hashes[$0] ?? .zero }
        state = try Self.state(json)
    }

    /// The rules that the block is under.
    var revision: Revision { environment.revision }

    /// Executes the block.
    public func execute() throws -> Execution {
        try Execution(of: transactions, withdrawals: withdrawals, in: environment, on: state)
    }

    /// Executes the block, and tells before the first transaction and after each: the gas of it.
    public func execute(telling: (_ run: BlockRun, _ gasUsed: UInt64) -> Void) throws {
        let run = BlockRun(environment, on: state)
        run.begin()
        telling(run, 0)
        for transaction in transactions { telling(run, try run.execute(transaction).gasUsed) }
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
}

/// A block of the main chain, executed again.
///
/// It passes if its hash, gas, bloom, transactions and, since Byzantium, receipts are those of the
/// header. The state's root cannot be computed: of the state only a part is there.
enum MainnetFixture {
    static func run(_ json: JSON) throws -> CaseResult {
        let name = try json["block"]["number"].number("number").description
        let fork = try json["fork"].text("fork")
        return CaseResult(name: name, fork: fork) { try verdict(json) }
    }

    private static func verdict(_ json: JSON) throws -> String? {
        let block = try MainnetBlock(json)
        let header = block.header
        let hash = try json["block"]["hash"].hash("hash")
        guard header.hash == hash else { return "hash \(header.hash), expected \(hash)" }
        guard Block.transactionsRoot(block.transactions) == header.transactionsRoot else {
            return "transactions have another root"
        }
        return difference(
            try block.execute(), header, isByzantium: block.revision >= .byzantium)
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
