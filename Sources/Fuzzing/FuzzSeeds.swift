internal import Apps
internal import Consensus
internal import Crypto
internal import Encoding
internal import Identifiers
internal import Ledger
internal import Machine
internal import Network
internal import Node
internal import Primitives
internal import Trie

/// Bytes to begin with, each made by the encoder of what it is.
enum FuzzSeeds {
    static let json = [
        #"{"a":[1,-2.5e3,"\u00e9\n",true,null,{}]}"#, "[]", "\"x\"", " 0 ",
    ].map { Array($0.utf8) }

    static let configuration = [
        "genesis = g.json\n# note\nlisten = 127.0.0.1:30300\npeers = /ip4/1.2.3.4/tcp/1\n"
    ].map { Array($0.utf8) }

    static let genesis = [
        #"{"config":{"chainId":7,"cancunTime":0},"alloc":{"0x01":{"balance":"0x10"}},"#
            + #""gasLimit":"0x1c9c380","difficulty":"0x0","timestamp":"0x0"}"#
    ].map { Array($0.utf8) }

    static var keystore: [[UInt8]] {
        let bytes = [UInt8](repeating: 9, count: 16)
        guard let key = FuzzChain.keys.first,
            let store = try? Keystore(
                sealing: key, password: "owl", derivation: .pbkdf2(iterations: 1, salt: bytes),
                counter: bytes, identifier: bytes)
        else { return [] }
        return [store.encoded]
    }

    static var abi: [[UInt8]] {
        let address = [UInt8](repeating: 1, count: 20)
        let values: [ABI.Value] = [
            .array([.tuple([.uint(7), .address(address), .bool(true)])]), .string("owl"),
            .tuple([
                .fixedBytes(.init(repeating: 1, count: 32)),
                .fixedBytes(.init(repeating: 2, count: 32)),
            ]),
            .int(.max), .bytes([1, 2, 3]),
        ]
        let entry = #"[{"type":"function","name":"f","inputs":[{"type":"uint8[]"}]}]"#
        return [ABI.encode(values), Array("(uint256,bytes32[2])[]".utf8), Array(entry.utf8)]
    }

    static var transactions: [[UInt8]] { signed.map(\.encoded) }

    static var bundles: [[UInt8]] {
        [TransactionBundle(transactions: transactions).encoded]
    }

    static var control: [[UInt8]] {
        ControlDoor.Act.allCases.map { act in
            let lines = [
                "POST", "/nodes/1/\(act.rawValue)", "host:127.0.0.1:1", "authorization:Bearer a1",
                "origin:http://localhost:\(FuzzPeer.endpoint.port)",
            ]
            return Array(lines.joined(separator: "\n").utf8)
        }
    }

    private static var signed: [SignedTransaction] {
        guard let key = FuzzChain.keys.first else { return [] }
        let to = Address(key.publicKey.addressHash)
        let access = [Transaction.Access(address: to, slots: [1, 2])]
        let bound = Transaction(chainID: 1, nonce: 1, gasPrice: 9, gasLimit: 21_000, to: to)
        let free = Transaction(chainID: nil, nonce: 0, gasPrice: 9, gasLimit: 60_000, to: nil)
        let listed = Transaction(
            chainID: 1, nonce: 2, gasPrice: 9, gasLimit: 30_000, to: to, value: 5, data: [1],
            accessList: access)
        let dynamic = Transaction(
            chainID: 1, nonce: 3, maxPriorityFeePerGas: 1, maxFeePerGas: 9, gasLimit: 50_000,
            to: to, value: 5, data: [1, 2], accessList: access)
        var blob = dynamic
        blob.kind = .blob
        blob.maxFeePerBlobGas = 3
        blob.blobHashes = [keccak256([1])]
        return [bound, free, listed, dynamic, blob].map {
            SignedTransaction(signing: $0, with: key)
        }
    }

    private static var header: Header {
        var header = Header()
        header.baseFeePerGas = 7
        header.withdrawalsRoot = .zero
        header.blobGasUsed = 0
        header.excessBlobGas = 0
        header.parentBeaconBlockRoot = .zero
        header.requestsHash = .zero
        return header
    }

    static var headers: [[UInt8]] { [Header().encoded, header.encoded] }

    static var blocks: [[UInt8]] {
        [
            Block(header: Header(), transactions: [], withdrawals: nil).encoded,
            Block(header: header, transactions: signed, withdrawals: []).encoded,
            FuzzLedger.build(signed)?.encoded ?? [],
        ]
    }

    static var receipts: [[UInt8]] {
        let log = Log(address: .zero, topics: [keccak256([1])], data: [1, 2])
        return [
            Receipt(type: 2, outcome: .status(true), cumulativeGasUsed: 21_000, logs: [log])
                .encoded
        ]
    }

    static var accounts: [[UInt8]] {
        [
            StoredAccount(
                nonce: 1, balance: 2, storageRoot: StoredAccount.emptyStorageRoot,
                codeHash: keccak256([])
            ).encoded
        ]
    }

    /// A proof of two leaves below a branch, by hand: the trie's own encoder is the trie.
    static var proofs: [[UInt8]] {
        let leaf = RLP.encode(.list([.bytes([0x20]), .bytes([1])]))
        var children = [RLP.Value](repeating: .bytes([]), count: 17)
        children[1] = .bytes(keccak256(leaf).bytes)
        children[2] = .list([.bytes([0x31]), .bytes([2])])
        let branch = RLP.encode(.list(children))
        return [RLP.encode(.list([.bytes(branch), .bytes(leaf)]))]
    }

    static var precompiles: [[UInt8]] {
        (0..<18 as Range<UInt8>).map { [$0, 0] + [UInt8](repeating: 0, count: 192) }
    }

    static let code: [[UInt8]] = [
        [0, 0x60, 1, 0x60, 2, 0x01, 0x60, 0, 0x52, 0x60, 0x20, 0x60, 0, 0xf3],
        [0, 0x5b, 0x60, 0, 0x56],
        [1, 0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x30, 0x5a, 0xf1, 0x5f, 0x55],
        [2, 0x60, 0xff, 0x5f, 0x53, 0x60, 1, 0x5f, 0x5f, 0xf0, 0x3b],
    ]

    static let enquiries = [
        "/api/blocks?limit=2&cursor=17", "/api/search?q=gold%20coin",
        "/api/addresses/0x00000000000000000000000000000000000000ff",
        "/api/events?from=1&to=2&limit=3",
        "/api/tokens/0x00000000000000000000000000000000000000ff/holders?cursor=0x00-0x01-0x",
    ].map { Array("GET\n\($0)\n".utf8) }

    /// Logs that tell of a batch of tokens, and of one.
    static let transferLogs: [[UInt8]] = [
        (
            "TransferBatch(address,address,address,uint256[],uint256[])",
            [0x40, 0xa0, 2, 1, 2, 2, 9, 9]
        ),
        ("TransferSingle(address,address,address,uint256,uint256)", [3, 4]),
        ("Transfer(address,address,uint256)", [5]),
    ].map { (signature: String, words: [UInt256]) in
        keccak256(Array(signature.utf8)).bytes + [UInt8](repeating: 0, count: 96)
            + [words.count == 1 ? 3 : 4] + words.flatMap(\.bytes)
    }

    static let calls = [
        #"{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{"to":"0x"},"latest",{}]}"#,
        #"[{"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[{"fromBlock":"0x1"}]}]"#,
        #"{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}"#,
        #"{"jsonrpc":"2.0","id":"a","method":"eth_feeHistory","params":["0x5","latest",[5]]}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"eth_getProof","params":["0x00",["0x1"],"latest"]}"#,
        call("eth_getProof", #""0x000000000000000000000000000000000000cccc",["0x0"],"latest""#),
        call(
            "eth_call",
            #"{"from":"0x000000000000000000000000000000000000aaaa","data":"0x5f","gas":"0x5208","#
                + #""to":"0x000000000000000000000000000000000000cccc","value":"0x1"},"latest""#),
        call("eth_estimateGas", #"{"to":"0x000000000000000000000000000000000000cccc"}"#),
        call("eth_getBlockByNumber", #""0x0",true"#),
        call("eth_feeHistory", #""0x1","latest",[0,50]"#),
        call("eth_getLogs", #"{"fromBlock":"earliest","toBlock":"latest"}"#),
        call("eth_getStorageAt", #""0x000000000000000000000000000000000000cccc","0x0","latest""#),
    ].map { Array($0.utf8) }

    /// Queries in GraphQL.
    static let queries = [
        "{ block { number hash parent { hash } transactions { hash from { balance } } } chainID }",
        "query a($n: Long = 0) { blocks(from: $n, to: 1) { ...b @skip(if: false) } }"
            + " fragment b on Block { number logs(filter: {topics: [[]]}) { data } }",
        "mutation { one: sendRawTransaction(data: \"0x01\") }",
        "{ pending { estimateGas(data: {to: \"0x000000000000000000000000000000000000cccc\"}) } }",
        "{ __schema { types { name fields { name type { kind ofType { name } } } } } }",
    ].map { Array($0.utf8) }

    private static func call(_ name: String, _ parameters: String) -> String {
        #"{"jsonrpc":"2.0","id":1,"method":"\#(name)","params":[\#(parameters)]}"#
    }
}
