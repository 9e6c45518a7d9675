import Crypto
import EVM
import Encoding
import Identifiers
import Ledger
import Machine
import Primitives
import RPC
import Testing

/// A chain with a person who calls a contract that logs its input's two words as topics.
private struct LoggingDesk {
    static let logger = Address(UInt256(0x109))
    var desk: Desk
    private let key: Secp256k1.SecretKey
    private var nonce: UInt64 = 0

    init() throws {
        key = try #require(Secp256k1.SecretKey(UInt256(77).bytes))
        var header = Header()
        header.gasLimit = 30_000_000
        header.baseFeePerGas = 1000
        let genesis = Genesis(
            rules: ChainRules(chainID: 7), header: header,
            accounts: Genesis.systemContracts + [
                Allocation(
                    address: Address(key.publicKey.addressHash), balance: UInt256(1 << 60)),
                // The second word, the first word, no bytes at zero: LOG2.
                Allocation(
                    address: Self.logger, nonce: 1,
                    code: [0x60, 0x20, 0x35, 0x5f, 0x35, 0x5f, 0x5f, 0xa2]),
            ])
        let chain = try Chain.open(EmptyDisk(), genesis: genesis).chain
        var head = Head(chainID: 7, version: "Martlet/test")
        head.follow(chain.head, genesis.rules)
        desk = Desk(chain: chain, head: head)
    }

    /// Makes a block of calls with these topics, final at once, and tells of it.
    @discardableResult
    mutating func make(_ topics: [(UInt64, UInt64)]) throws -> Block {
        let transactions = topics.map { first, second in
            defer { nonce += 1 }
            return SignedTransaction(
                signing: Transaction(
                    chainID: 7, nonce: nonce, maxPriorityFeePerGas: 5, maxFeePerGas: 5000,
                    gasLimit: 100_000, to: Self.logger,
                    data: UInt256(first).bytes + UInt256(second).bytes), with: key)
        }
        let view = desk.chain.view
        let built = try view.build(
            transactions,
            BlockAttributes(
                timestamp: view.head.timestamp + 1, beneficiary: .zero, gasLimit: 30_000_000))
        #expect(built.passed.isEmpty)
        try desk.chain.insert(built.overlay)
        for overlay in try desk.chain.finalize(built.overlay.hash).blocks {
            desk.handle(.finalized(overlay))
        }
        return built.overlay.block
    }

    static func topic(_ number: UInt64) -> String { UInt256(number).hash.description }
}

@Suite struct LogTests {
    private func logs(_ desk: inout LoggingDesk, _ filter: String) throws -> [JSON] {
        try #require(try desk.desk.call("eth_getLogs", "{\(filter)}")["result"]?.elements)
    }

    @Test("logs are found by range, address and topics, and each knows its place")
    func finds() throws {
        var desk = try LoggingDesk()
        let first = try desk.make([(1, 2), (3, 4)])
        let second = try desk.make([(1, 4)])
        let topic = { "\"\(LoggingDesk.topic($0))\"" }
        let range = "\"fromBlock\":\"0x0\""
        for (filter, count) in [
            (range, 3), ("", 1), ("\(range),\"toBlock\":\"0x1\"", 2),
            ("\(range),\"address\":\"\(LoggingDesk.logger)\"", 3),
            ("\(range),\"address\":[\"\(Desk.rich)\"]", 0),
            ("\(range),\"address\":[]", 3), ("\(range),\"topics\":[]", 3),
            ("\(range),\"topics\":[\(topic(1))]", 2),
            ("\(range),\"topics\":[null,\(topic(4))]", 2),
            ("\(range),\"topics\":[[],\(topic(4))]", 2),
            ("\(range),\"topics\":[[\(topic(1)),\(topic(3))],[\(topic(4))]]", 2),
            ("\(range),\"topics\":[\(topic(2))]", 0),
            ("\(range),\"topics\":[null,null,null]", 0),
            ("\"blockHash\":\"\(second.hash)\"", 1),
        ] {
            #expect(try logs(&desk, filter).count == count, "\(filter)")
        }
        let log = try #require(try logs(&desk, "\(range),\"topics\":[\(topic(3))]").first)
        #expect(log["blockHash"] == .string(first.hash.description))
        #expect(log["transactionHash"] == .string(first.transactions[1].hash.description))
        #expect(log["transactionIndex"] == "0x1")
        #expect(log["logIndex"] == "0x1")
        let receipt = try desk.desk.call(
            "eth_getTransactionReceipt", "\"\(first.transactions[1].hash)\"")
        #expect(receipt["result"]?["logs"] == [log])
    }

    @Test("a log filter tells each log once, from its bounds on, and all of them on demand")
    func polls() throws {
        var desk = try LoggingDesk()
        try desk.make([(1, 2)])
        let filter = "{\"fromBlock\":\"0x3\",\"topics\":[\"\(LoggingDesk.topic(1))\"]}"
        let id = try #require(try desk.desk.call("eth_newFilter", filter)["result"]?.text)
        try desk.make([(1, 3)])
        #expect(try desk.desk.call("eth_getFilterChanges", "\"\(id)\"")["result"] == [])
        try desk.make([(1, 4), (2, 5), (1, 6)])
        let changes = try #require(
            try desk.desk.call("eth_getFilterChanges", "\"\(id)\"")["result"]?.elements)
        #expect(changes.map { $0["logIndex"] } == ["0x0", "0x2"])
        #expect(try desk.desk.call("eth_getFilterChanges", "\"\(id)\"")["result"] == [])
        #expect(
            try desk.desk.call("eth_getFilterLogs", "\"\(id)\"")["result"] == .array(changes))
    }

    @Test("subscribers to logs and transactions are told of theirs alone")
    func pushes() throws {
        var desk = try LoggingDesk()
        let topic = LoggingDesk.topic(1)
        desk.desk.tell(Session(1), "eth_subscribe", "\"logs\",{\"topics\":[\"\(topic)\"]}")
        desk.desk.tell(Session(2), "eth_subscribe", "\"newPendingTransactions\"")
        desk.desk.tell(Session(3), "eth_subscribe", "\"newPendingTransactions\",true")
        desk.desk.sent = []
        let block = try desk.make([(1, 2), (3, 4)])
        #expect(desk.desk.sent.map(\.0) == [Session(1)])
        #expect(desk.desk.sent[0].1["params"]?["result"]?["topics"]?[0] == .string(topic))
        desk.desk.sent = []
        desk.desk.handle(.admitted(block.transactions[0]))
        let told = desk.desk.sent.sorted { $0.0 < $1.0 }
        #expect(told.map(\.0) == [Session(2), Session(3)])
        let hash = JSON.string(block.transactions[0].hash.description)
        #expect(told[0].1["params"]?["result"] == hash)
        #expect(told[1].1["params"]?["result"]?["hash"] == hash)
        #expect(told[1].1["params"]?["result"]?["blockHash"] == .null)
    }

    @Test("fee percentiles are those of the gas that was used")
    func rewards() throws {
        var desk = try LoggingDesk()
        try desk.make([(1, 2), (3, 4)])
        let history = try desk.desk.call("eth_feeHistory", "2,\"latest\",[0,50,100]")["result"]
        #expect(history?["oldestBlock"] == "0x0")
        #expect(history?["reward"] == [["0x0", "0x0", "0x0"], ["0x5", "0x5", "0x5"]])
        #expect(history?["baseFeePerGas"]?.elements?.count == 3)
    }
}
