import Crypto
public import Encoding
import Identifiers
import Ledger
import Primitives
import Trie

/// What geth's `evm b11r` does: a header's fields and a body, and the block that they are.
public struct BlockAssembly {
    /// The block's RLP.
    public let bytes: [UInt8]
    /// The block's hash, in hexadecimal.
    public let hash: String

    /// Puts a block together; what the header does not say follows from the body, or is empty.
    ///
    /// `transactions` is the RLP of their list as text, `ommers` a list of the RLP of headers.
    public init(header fields: JSON, transactions: JSON, ommers: JSON, withdrawals: JSON?) throws {
        let body = try JSON?(transactions).bytes("txs")
        let values = try RLP.decode(body.isEmpty ? [0xc0] : body).list("txs")
        let encoded = values.map { value in
            if case .bytes(let bytes) = value { bytes } else { RLP.encode(value) }
        }
        var heads: [Header] = []
        for ommer in ommers.elements ?? [] {
            let bytes = try JSON?(ommer).bytes("ommer")
            // Geth takes whole blocks here, and of them the headers.
            let whole = try RLP.decode(bytes).list("ommer")
            let isBlock = if case .list = whole.first { true } else { false }
            heads.append(try Header(isBlock ? whole[0] : .list(whole)))
        }
        let payments = try withdrawals.map { try JSON?($0).values.map { try Withdrawal($0) } }
        let roots = BodyRoots(
            transactions: Trie.root(ofList: encoded), ommers: Block.ommersHash(heads),
            withdrawals: payments.map(Block.withdrawalsRoot))
        let header = try Header(assembling: fields, roots)
        var writer = RLP.Writer(capacity: body.count + 1024)
        writer.list { list in
            header.write(to: &list)
            list.append(encoded: body.isEmpty ? [0xc0] : body)
            list.list { for ommer in heads { ommer.write(to: &$0) } }
            if let payments {
                list.list { for payment in payments { payment.write(to: &$0) } }
            }
        }
        bytes = writer.bytes
        hash = header.hash.description
    }
}

/// What a header says of its body.
private struct BodyRoots {
    let transactions: Hash32
    let ommers: Hash32
    let withdrawals: Hash32?
}

extension Header {
    /// Reads the fields of a header of which some are missing.
    fileprivate init(assembling json: JSON?, _ roots: BodyRoots) throws(FixtureError) {
        self.init()
        func hash(_ name: String) throws(FixtureError) -> Hash32? {
            json[name] == nil ? nil : try json[name].hash(name)
        }
        func number(_ name: String) throws(FixtureError) -> UInt64? {
            json[name] == nil ? nil : try json[name].number64(name)
        }
        parentHash = try hash("parentHash") ?? .zero
        ommersHash = try hash("sha3Uncles") ?? roots.ommers
        if json["miner"] != nil { beneficiary = try json["miner"].address("miner") }
        stateRoot = try json["stateRoot"].hash("stateRoot")
        transactionsRoot = try hash("transactionsRoot") ?? roots.transactions
        receiptsRoot = try hash("receiptsRoot") ?? Block.receiptsRoot([])
        if json["logsBloom"] != nil {
            guard let bloom = Bloom(try json["logsBloom"].bytes("logsBloom")) else {
                throw FixtureError("logsBloom is no bloom")
            }
            logsBloom = bloom
        }
        if json["difficulty"] != nil { difficulty = try json["difficulty"].number("difficulty") }
        self.number = try json["number"].number64("number")
        gasLimit = try json["gasLimit"].number64("gasLimit")
        gasUsed = try number("gasUsed") ?? 0
        timestamp = try json["timestamp"].number64("timestamp")
        if json["extraData"] != nil { extraData = try json["extraData"].bytes("extraData") }
        mixHash = try hash("mixHash") ?? .zero
        if json["nonce"] != nil {
            nonce = try json["nonce"].bytes("nonce").reduce(0) { $0 << 8 | UInt64($1) }
        }
        if json["baseFeePerGas"] != nil {
            baseFeePerGas = try json["baseFeePerGas"].number("baseFeePerGas")
        }
        withdrawalsRoot = try hash("withdrawalsRoot") ?? roots.withdrawals
        blobGasUsed = try number("blobGasUsed")
        excessBlobGas = try number("excessBlobGas")
        parentBeaconBlockRoot = try hash("parentBeaconBlockRoot")
        requestsHash = try hash("requestsHash")
    }
}
