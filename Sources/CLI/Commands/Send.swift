import Crypto
import Encoding
import Glibc
import Identifiers
import Ledger
import Machine
import Node
import Primitives

/// `martlet send`: signs a transaction here, sends it to a node, and waits until it is final.
struct Send: Command {
    static let name = "send"
    static let summary = "sign a transaction, send it to a node, and wait until it is final"
    static let usage = """
        martlet send --to=ADDRESS [--value=COINS] [--data=HEX] --key=FILE [OPTIONS]
        martlet send --data=HEX --key=FILE [OPTIONS]                    makes a contract

        Signs a transaction with a key that never leaves this process, sends it to a node, waits for
        its receipt and prints it.

          --to=ADDRESS          whom it pays or calls
          --value=COINS         what it pays, in coins with up to 18 decimals (0)
          --data=HEX            the input of the call, or the code of the contract
          --key=FILE            a keystore file, or one with 64 hexadecimal digits; - for standard
                                input
          --password-file=FILE  its first line is the keystore's password; without it the terminal is
                                asked
          --nonce=N             instead of the account's next
          --gas=N               instead of the node's estimate
          --max-fee=WEI         the most paid for a unit of gas, instead of twice the base fee and tip
          --tip=WEI             what of it goes to the block's maker, instead of the node's advice
          --seconds=N           how long to wait for the receipt (60)
          --no-wait             print the hash and do not wait
          --rpc=URL             the node's JSON-RPC (http://127.0.0.1:8545)
          --json                prints the receipt as the node gave it; with --no-wait, only its
                                transactionHash

        Exits 0 when the transaction is final and did what it says, 1 if it was refused, reverted or
        did not become final in time.
        """

    private let to: Address?
    private let value: UInt256
    private let data: [UInt8]
    private let keyFile: String
    private let passwordFile: String?
    private let nonce, gas: UInt64?
    private let mostFee, tip: UInt256?
    private let seconds: Int
    private let waits, isJSON: Bool
    private let endpoint: Endpoint

    init(_ arguments: inout Arguments) throws(UsageError) {
        to = try arguments.value("to", as: AddressText.self)?.address
        value = try arguments.value("value", as: Coins.self)?.wei ?? .zero
        let bytes = try arguments.value("data", as: HexText.self)?.bytes
        guard to != nil || bytes != nil else { throw .missing("--to=ADDRESS") }
        data = bytes ?? []
        guard let file = try arguments.value("key", as: String.self) else {
            throw .missing("--key=FILE")
        }
        keyFile = file
        passwordFile = try arguments.value("password-file")
        nonce = try arguments.value("nonce")
        gas = try arguments.value("gas")
        mostFee = try arguments.value("max-fee", as: UInt256.self)
        tip = try arguments.value("tip", as: UInt256.self)
        seconds = try arguments.value("seconds", in: 0...1_000_000) ?? 60
        waits = try !arguments.flag("no-wait")
        isJSON = try arguments.flag("json")
        endpoint = try arguments.value("rpc", as: NodeURL.self)?.endpoint ?? NodeClient.local
    }

    func run() throws {
        let node = NodeClient(endpoint)
        let key = try AccountKey.read(keyFile, passwordFile: passwordFile)
        let transaction = try prepared(from: Address(key.publicKey.addressHash), node)
            .signed(with: key)
        let text = JSON.string(Hex.encode(transaction.encoded))
        let hash = try node.call("eth_sendRawTransaction", text)
        guard waits else {
            print(isJSON ? json(["transactionHash": hash]) : hash.text ?? "")
            return
        }
        let receipt = try receipt(of: hash, node)
        let done = receipt["status"]?.quantity == 1
        if isJSON {
            print(json(receipt))
        } else {
            let block = receipt["blockNumber"]?.quantity ?? 0
            let used = receipt["gasUsed"]?.quantity ?? 0
            print(
                "\(hash.text ?? "") \(done ? "is final" : "reverted") in block \(block), \(used) gas"
            )
            if done, let made = receipt["contractAddress"]?.text { print("contract \(made)") }
        }
        guard done else { throw Failure("transaction \(hash.text ?? "") was reverted") }
    }

    /// The transaction with what the node advises where nothing was said.
    private func prepared(from sender: Address, _ node: NodeClient) throws -> Transaction {
        let chain = try quantity(node.call("eth_chainId"), "eth_chainId")
        let account = JSON.string(sender.description)
        let next =
            try nonce
            ?? quantity(
                node.call("eth_getTransactionCount", account, "pending"), "eth_getTransactionCount")
        let advised = try node.call("eth_maxPriorityFeePerGas").wideQuantity ?? .one
        let block = try node.call("eth_getBlockByNumber", "latest", false)
        let base = block["baseFeePerGas"]?.wideQuantity ?? .zero
        let tip = tip ?? min(advised, mostFee ?? advised)
        var call: [JSON.Member] = [
            .init("from", account), .init("value", .string(value.hexadecimal)),
            .init("data", .string(Hex.encode(data))),
        ]
        if let to { call.append(.init("to", .string(to.description))) }
        let limit =
            try gas ?? quantity(node.call("eth_estimateGas", .object(call)), "eth_estimateGas")
        return Transaction(
            chainID: chain, nonce: next, maxPriorityFeePerGas: tip,
            maxFeePerGas: mostFee ?? base &+ base &+ tip, gasLimit: limit, to: to, value: value,
            data: data)
    }

    private func receipt(of hash: JSON, _ node: NodeClient) throws -> JSON {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            let receipt = try node.call("eth_getTransactionReceipt", hash)
            guard receipt.isNull else { return receipt }
            usleep(100_000)
        }
        throw Failure(
            "transaction \(hash.text ?? "") is not final after \(seconds) s: it waits in the pool,"
                + " and martlet status tells whether the network makes blocks")
    }

    private func quantity(_ answer: JSON, _ method: String) throws -> UInt64 {
        guard let number = answer.quantity else {
            throw Failure("\(method) answered \(String(decoding: answer.encoded(), as: UTF8.self))")
        }
        return number
    }

    private func json(_ value: JSON) -> String {
        String(decoding: value.encoded(.pretty), as: UTF8.self)
    }
}
