internal import Encoding
internal import Ledger
internal import Primitives
internal import RPC

/// What a development chain tells of itself under the names of anvil and Hardhat.
extension Node {
    /// The answer to a call that changes nothing.
    func told(_ call: DevelopmentCall, _ record: DevelopmentRecord) -> JSON {
        switch call {
        case .isAutomine: .bool(record.automines)
        case .intervalSeconds:
            record.interval > 0 ? .number("\(record.interval / 1_000)") : .null
        case .nodeInfo: nodeInfo
        default: metadata
        }
    }

    private var nodeInfo: JSON {
        let head = chain.head
        let revision = genesis.rules.revision(atNumber: head.number, timestamp: head.timestamp)
        let fee = pool.setBaseFee ?? head.nextBaseFee
        return [
            "currentBlockNumber": .quantity(head.number),
            "currentBlockTimestamp": .number("\(head.timestamp)"),
            "currentBlockHash": .string(chain.headHash.description),
            "hardFork": .string("\(revision)"), "transactionOrder": "fees",
            "environment": [
                "baseFee": .quantity(fee), "chainId": .number("\(genesis.rules.chainID)"),
                "gasLimit": .quantity(head.gasLimit),
                "gasPrice": .quantity(fee &+ pool.limits.minimumTip),
            ],
            "forkConfig": [
                "forkUrl": .null, "forkBlockNumber": .null, "forkRetryBackoff": .null,
            ],
        ]
    }

    private var metadata: JSON {
        [
            "clientVersion": .string(Node.version),
            "chainId": .number("\(genesis.rules.chainID)"),
            "instanceId": .string(chain.genesisHash.description),
            "latestBlockNumber": .number("\(chain.head.number)"),
            "latestBlockHash": .string(chain.headHash.description),
            "forkedNetwork": .null,
        ]
    }
}
