import Encoding
import Ledger
import Primitives

extension Header {
    /// The members of a block's object that come from its header (execution-apis, `Block`).
    func members(hash: Hash32) -> [JSON.Member] {
        var members: [JSON.Member] = [
            .init("hash", .data(hash)), .init("parentHash", .data(parentHash)),
            .init("sha3Uncles", .data(ommersHash)), .init("miner", .data(beneficiary)),
            .init("stateRoot", .data(stateRoot)),
            .init("transactionsRoot", .data(transactionsRoot)),
            .init("receiptsRoot", .data(receiptsRoot)),
            .init("logsBloom", .data(logsBloom.bytes)),
            .init("difficulty", .quantity(difficulty)), .init("number", .quantity(number)),
            .init("gasLimit", .quantity(gasLimit)), .init("gasUsed", .quantity(gasUsed)),
            .init("timestamp", .quantity(timestamp)), .init("extraData", .data(extraData)),
            .init("mixHash", .data(mixHash)),
            .init("nonce", .data(Array(UInt256(nonce).bytes.suffix(8)))),
        ]
        let forkFields: [(String, JSON?)] = [
            ("baseFeePerGas", baseFeePerGas.map { .quantity($0) }),
            ("withdrawalsRoot", withdrawalsRoot.map { .data($0) }),
            ("blobGasUsed", blobGasUsed.map { .quantity($0) }),
            ("excessBlobGas", excessBlobGas.map { .quantity($0) }),
            ("parentBeaconBlockRoot", parentBeaconBlockRoot.map { .data($0) }),
            ("requestsHash", requestsHash.map { .data($0) }),
            ("blockAccessListHash", blockAccessListHash.map { .data($0) }),
            ("slotNumber", slotNumber.map { .quantity($0) }),
        ]
        for (name, value) in forkFields {
            if let value { members.append(.init(name, value)) }
        }
        return members
    }
}
