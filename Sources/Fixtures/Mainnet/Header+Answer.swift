import Encoding
import Ledger
import Primitives

extension Header {
    /// Reads a header as `eth_getBlockByNumber` answers with it.
    init(answer json: JSON?) throws(FixtureError) {
        self.init()
        parentHash = try json["parentHash"].hash("parentHash")
        ommersHash = try json["sha3Uncles"].hash("sha3Uncles")
        beneficiary = try json["miner"].address("miner")
        stateRoot = try json["stateRoot"].hash("stateRoot")
        transactionsRoot = try json["transactionsRoot"].hash("transactionsRoot")
        receiptsRoot = try json["receiptsRoot"].hash("receiptsRoot")
        guard let bloom = Bloom(try json["logsBloom"].bytes("logsBloom")) else {
            throw FixtureError("logsBloom is no bloom")
        }
        logsBloom = bloom
        difficulty = try json["difficulty"].number("difficulty")
        number = try json["number"].number64("number")
        gasLimit = try json["gasLimit"].number64("gasLimit")
        gasUsed = try json["gasUsed"].number64("gasUsed")
        timestamp = try json["timestamp"].number64("timestamp")
        extraData = try json["extraData"].bytes("extraData")
        mixHash = try json["mixHash"].hash("mixHash")
        nonce = try json["nonce"].number64("nonce")
        try readForkFields(json)
    }

    private mutating func readForkFields(_ json: JSON?) throws(FixtureError) {
        func isThere(_ name: String) -> Bool { json[name].map { !$0.isNull } ?? false }
        if isThere("baseFeePerGas") { baseFeePerGas = try json["baseFeePerGas"].number("baseFee") }
        if isThere("withdrawalsRoot") {
            withdrawalsRoot = try json["withdrawalsRoot"].hash("withdrawalsRoot")
        }
        guard isThere("blobGasUsed") else { return }
        blobGasUsed = try json["blobGasUsed"].number64("blobGasUsed")
        excessBlobGas = try json["excessBlobGas"].number64("excessBlobGas")
        parentBeaconBlockRoot = try json["parentBeaconBlockRoot"].hash("parentBeaconBlockRoot")
    }
}

extension Withdrawal {
    /// Reads a withdrawal as JSON-RPC and the tools around it write it.
    init(_ json: JSON?) throws(FixtureError) {
        self.init(
            index: try json["index"].number64("withdrawal.index"),
            validatorIndex: try json["validatorIndex"].number64("withdrawal.validatorIndex"),
            address: try json["address"].address("withdrawal.address"),
            amount: try json["amount"].number64("withdrawal.amount"))
    }
}
