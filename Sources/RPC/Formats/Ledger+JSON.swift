import Encoding
import Ledger
import Primitives

/// Where in the chain a log stands.
struct LogPlace: Hashable, Sendable {
    let block: Hash32
    let number: UInt64
    let timestamp: UInt64
    let transaction: Hash32
    let transactionIndex: Int
    /// Which of the block's logs it is.
    let index: Int
}

extension Log {
    /// The object of a log (execution-apis, `Log`).
    func json(_ place: LogPlace) -> JSON {
        [
            "address": .data(address), "topics": .array(topics.map { .data($0) }),
            "data": .data(data), "blockNumber": .quantity(place.number),
            "transactionHash": .data(place.transaction),
            "transactionIndex": .quantity(place.transactionIndex), "blockHash": .data(place.block),
            "blockTimestamp": .quantity(place.timestamp), "logIndex": .quantity(place.index),
            "removed": false,
        ]
    }
}

extension PlacedLog {
    /// The object of a log, with its place.
    var json: JSON {
        log.json(
            LogPlace(
                block: block, number: number, timestamp: timestamp, transaction: transaction,
                transactionIndex: transactionIndex, index: index))
    }
}

extension Withdrawal {
    /// The object of a withdrawal (execution-apis, `Withdrawal`).
    var json: JSON {
        [
            "index": .quantity(index), "validatorIndex": .quantity(validatorIndex),
            "address": .data(address), "amount": .quantity(amount),
        ]
    }
}

extension AccountProof {
    /// The object of a proof (EIP-1186); keys are echoed in the form they came.
    func json(_ keys: [StorageKey]) -> JSON {
        [
            "address": .data(address), "accountProof": .array(proof.map { .data($0) }),
            "balance": .quantity(account?.balance ?? .zero),
            "codeHash": .data(account?.codeHash ?? Account.emptyCodeHash),
            "nonce": .quantity(account?.nonce ?? 0),
            "storageHash": .data(account?.storageRoot ?? StoredAccount.emptyStorageRoot),
            "storageProof": .array(
                zip(keys, slots).map { key, slot in
                    [
                        "key": key.json, "value": .quantity(slot.value),
                        "proof": .array(slot.proof.map { .data($0) }),
                    ]
                }),
        ]
    }
}
