import Encoding
import Foundation
import Ledger
import Machine
import Primitives
import RPC
import Testing

@Suite struct MethodTests {
    @Test(
        "calls about the head are answered on the spot",
        arguments: [
            ("eth_chainId", #""0x539""#), ("eth_blockNumber", #""0x5""#),
            ("eth_gasPrice", #""0x3b9aca07""#), ("eth_maxPriorityFeePerGas", #""0x7""#),
            ("eth_accounts", "[]"), ("eth_syncing", "false"), ("net_version", #""1337""#),
            ("net_listening", "true"), ("net_peerCount", #""0x0""#),
            ("web3_clientVersion", #""Martlet/test""#),
            ("txpool_status", #"{"pending":"0x0","queued":"0x0"}"#),
            (
                "rpc_modules",
                #"{"debug":"1.0","eth":"1.0","martlet":"1.0","net":"1.0","rpc":"1.0","testing":"1.0","trace":"1.0","txpool":"1.0","web3":"1.0"}"#
            ),
        ])
    func answersHeadCalls(method: String, expected: String) throws {
        var desk = try Desk()
        #expect(try desk.call(method)["result"] == (try JSON(decoding: Array(expected.utf8))))
    }

    @Test("the rules that hold are told, and no next ones where none are known")
    func configuration() throws {
        var desk = try Desk()
        let result = try #require(try desk.call("eth_config")["result"])
        #expect(result["current"]?["chainId"] == "0x539")
        #expect(result["current"]?["activationTime"] == 0)
        let contracts = try #require(result["current"]?["precompiles"])
        #expect(contracts["P256VERIFY"] == "0x0000000000000000000000000000000000000100")
        #expect(contracts["ECREC"] == "0x0000000000000000000000000000000000000001")
        #expect(result["current"]?["systemContracts"]?.members?.count == 5)
        #expect(result["next"] == .null)
        #expect(result["last"] == .null)
    }

    @Test("web3_sha3 is Keccak-256")
    func hashes() throws {
        var desk = try Desk()
        #expect(
            try desk.call("web3_sha3", #""0x""#)["result"]
                == "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
    }

    @Test("a node that is behind says where it stands")
    func tellsSync() throws {
        var desk = try Desk()
        var head = Head(chainID: 1, version: "x")
        head.sync = Head.Sync(start: 1, current: 2, highest: 10)
        desk.handle(.headed(head))
        #expect(
            try desk.call("eth_syncing")["result"]
                == ["startingBlock": "0x1", "currentBlock": "0x2", "highestBlock": "0xa"])
    }

    @Test("the state is read after any block that a selector names")
    func readsState() throws {
        var desk = try Desk()
        let hash = desk.chain.headHash
        for block in [
            "", ",\"latest\"", ",\"safe\"", ",\"finalized\"", ",\"earliest\"", ",\"0x0\"",
            ",\"\(hash)\"", ",{\"blockHash\":\"\(hash)\",\"requireCanonical\":true}",
            ",{\"blockNumber\":\"0x0\"}",
        ] {
            #expect(
                try desk.call("eth_getBalance", "\"\(Desk.rich)\"\(block)")["result"]
                    == "0x2540be400", "\(block)")
        }
        let address = "\"\(Desk.contract)\""
        #expect(try desk.call("eth_getCode", address)["result"] == "0x6000")
        #expect(try desk.call("eth_getTransactionCount", "\"\(Desk.rich)\"")["result"] == "0x7")
        let word = "0x" + String(repeating: "0", count: 62) + "2a"
        for slot in ["0x1", "0x01", "1", "0x" + String(repeating: "0", count: 63) + "1"] {
            #expect(
                try desk.call("eth_getStorageAt", "\(address),\"\(slot)\"")["result"]
                    == .string(word), "\(slot)")
        }
    }

    @Test("blocks that are not there have no state, and no object")
    func tellsMissingBlocks() throws {
        var desk = try Desk()
        let hash = "0x" + String(repeating: "1", count: 64)
        for block in ["\"0x1\"", "\"\(hash)\""] {
            #expect(
                try desk.call("eth_getBalance", "\"\(Desk.rich)\",\(block)")["error"]?["message"]
                    == "header not found")
        }
        #expect(try desk.call("eth_getBlockByNumber", "\"0x9\",true")["result"] == .null)
        #expect(try desk.call("eth_getBlockByHash", "\"\(hash)\",true")["result"] == .null)
        #expect(try desk.call("eth_getTransactionReceipt", "\"\(hash)\"")["result"] == .null)
        #expect(try desk.call("eth_getBlockReceipts", "\"\(hash)\"")["result"] == .null)
        #expect(
            try desk.call("eth_getBlockTransactionCountByNumber", "\"0x9\"")["result"] == .null)
    }

    @Test("the first block has the members that Ethereum's have")
    func readsBlock() throws {
        var desk = try Desk()
        let reply = try desk.call("eth_getBlockByNumber", "\"earliest\",false")
        let block = try #require(reply["result"])
        #expect(block["hash"] == .string(desk.chain.headHash.description))
        #expect(block["number"] == "0x0")
        #expect(block["baseFeePerGas"] == "0x3b9aca00")
        #expect(block["transactions"] == [])
        #expect(block["withdrawals"] == [])
        #expect(block["uncles"] == [])
        #expect(block["nonce"] == "0x0000000000000000")
        #expect(block["logsBloom"]?.text?.utf8.count == 514)
        #expect(block["requestsHash"] != nil)
        #expect(try desk.call("eth_getUncleCountByBlockNumber", "\"latest\"")["result"] == "0x0")
    }

    @Test("a proof echoes its keys in the form they came")
    func readsProof() throws {
        var desk = try Desk()
        let whole = "0x" + String(repeating: "0", count: 63) + "1"
        let reply = try desk.call(
            "eth_getProof", "\"\(Desk.contract)\",[\"0x01\",\"\(whole)\"],\"latest\"")
        let proof = try #require(reply["result"])
        #expect(proof["nonce"] == "0x1")
        #expect(proof["storageProof"]?[0]?["key"] == "0x1")
        #expect(proof["storageProof"]?[1]?["key"] == .string(whole))
        #expect(proof["storageProof"]?[0]?["value"] == "0x2a")
        #expect(proof["accountProof"]?.elements?.isEmpty == false)
    }

    @Test("fees are told for the blocks there are, and for the next")
    func readsFees() throws {
        var desk = try Desk()
        let reply = try desk.call("eth_feeHistory", "\"0x5\",\"latest\",[10,50.5]")
        #expect(
            reply["result"]
                == [
                    "oldestBlock": "0x0", "baseFeePerGas": ["0x3b9aca00", "0x342770c0"],
                    "gasUsedRatio": [0], "baseFeePerBlobGas": ["0x1", "0x1"],
                    "blobGasUsedRatio": [0], "reward": [["0x0", "0x0"]],
                ])
    }

    @Test(
        "parameters that are not what they must be are refused, and say why",
        arguments: [
            ("eth_getBalance", #""0x1""#, "hex string of odd length"),
            ("eth_getBalance", #""0x12""#, "hex string has length 2, want 40 for address"),
            ("eth_getBalance", #""aa""#, "hex string without 0x prefix"),
            ("eth_getBalance", "7", "non-string"),
            ("eth_getBlockByNumber", #""0x01",false"#, "hex number with leading zero digits"),
            ("eth_getBlockByNumber", #""0x",false"#, "hex string \"0x\""),
            ("eth_getBlockByNumber", #""0x1ffffffffffffffff",false"#, "hex number > 64 bits"),
            ("eth_getBlockByNumber", #""newest",false"#, "hex string without 0x prefix"),
            ("eth_getBlockByNumber", #""0x1",1"#, "expected true or false"),
            ("eth_getTransactionByHash", #""0x12""#, "hex string has length 2, want 64 for hash"),
            ("eth_sendRawTransaction", #""0xzz""#, "invalid hex string"),
        ])
    func refusesParameters(method: String, parameters: String, text: String) throws {
        var desk = try Desk()
        let error = try #require(try desk.call(method, parameters)["error"])
        #expect(error["code"] == -32602)
        #expect(error["message"]?.text?.hasSuffix(text) == true, "\(error)")
    }

    @Test("the conformance suite's words for storage keys and log ranges are ours")
    func usesKnownWords() throws {
        var desk = try Desk()
        let long = "0x" + String(repeating: "0", count: 65)
        #expect(
            try desk.call("eth_getStorageAt", "\"\(Desk.contract)\",\"\(long)\"")["error"]
                == [
                    "code": -32602,
                    "message": .string(
                        "storage key too long (want at most 32 bytes): \"\(long)\""),
                ])
        for (filter, text) in [
            (
                #"{"fromBlock":"0x0","toBlock":"0x1"}"#,
                "block range extends beyond current head block"
            ),
            (#"{"fromBlock":"0x2","toBlock":"0x1"}"#, "invalid block range params"),
        ] {
            #expect(
                try desk.call("eth_getLogs", filter)["error"]
                    == ["code": -32602, "message": .string(text)])
        }
        #expect(try desk.call("eth_getStorageValues", "{}")["error"]?["message"] == "empty request")
    }

    @Test("what the node alone knows is asked of it, and transactions of the pool before the chain")
    func asksNode() throws {
        var desk = try Desk()
        #expect(try desk.post(request("martlet_status")) == nil)
        desk.handle(.answered(desk.asked[0].0, [Reply(["height": 3])]))
        #expect(try desk.reply(1)?["result"] == ["height": 3])
        let hash = Hash32(a: 1, b: 2, c: 3, d: 4)
        #expect(try desk.post(request("eth_getTransactionByHash", "\"\(hash)\"")) == nil)
        #expect(desk.asked[1].1 == .pooled(hash))
        desk.handle(.missed(desk.asked[1].0))
        #expect(try desk.reply(2)?["result"] == .null)
        #expect(
            try desk.post(
                request("eth_getTransactionCount", "\"\(Desk.rich)\",\"pending\"")) == nil)
        #expect(desk.asked[2].1 == .pendingNonce(Desk.rich))
    }

    @Test("what a node may do for HTTP it may do for a WebSocket, whose handshake was judged")
    func isolates() throws {
        var desk = try Desk()
        desk.tell(Session(1), "martlet_isolate", "true")
        #expect(try desk.post(request("martlet_isolate", "true")) == nil)
        #expect(desk.asked.map(\.1) == [.isolate(true), .isolate(true)])
    }

    @Test("the page of methods names those that there are")
    func documents() throws {
        let text = try String(contentsOfFile: "docs/rpc.md", encoding: .utf8)
        let named = text.matches(of: /`([a-z0-9]+_[A-Za-z0-9_]+)`/).map { String($0.output.1) }
        #expect(Set(named).subtracting(["eth_subscription"]) == Set(Catalogue.names))
    }

    private func request(_ method: String, _ parameters: String = "") -> String {
        #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":[\#(parameters)]}"#
    }
}
