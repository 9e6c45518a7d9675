import Crypto
import Encoding
import Identifiers
import Primitives

/// The methods of development chains; on any other chain they are as if they were not there.
extension Catalogue {
    static let development =
        signing + mining + time + wholes + changes("anvil") + changes("hardhat")
        + accounts + past + told

    private static func method(
        _ name: String,
        _ decode: @escaping @Sendable (inout Parameters) throws -> DevelopmentCall
    ) -> Method {
        Method(name: name) { .node(.develop(try decode(&$0), method: name)) }
    }

    private static let signing: [Method] = [
        method("eth_sendTransaction") { .send(try $0.next(CallRequest.init(reading:))) },
        method("eth_sign") {
            .sign(try $0.next(Read.address), personal(try $0.next(Read.bytes)))
        },
        method("personal_sign") {
            let message = try $0.next(Read.bytes)
            return .sign(try $0.next(Read.address), personal(message))
        },
        method("eth_signTypedData_v4") {
            .sign(try $0.next(Read.address), try $0.next(TypedData.digest(reading:)))
        },
    ]

    private static let mining: [Method] = [
        method("evm_mine") {
            let request = try $0.optional(MineRequest.init(reading:))
            return .mine(
                count: request?.count ?? 1, step: nil, timestamp: request?.timestamp)
        },
        method("evm_setAutomine") { .automine(try $0.next(Read.bool)) },
        method("anvil_setAutomine") { .automine(try $0.next(Read.bool)) },
        method("evm_setIntervalMining") { .interval(try $0.next(Read.amount64)) },
        method("evm_setBlockGasLimit") { .gasLimit(try $0.next(Read.amount64)) },
        method("hardhat_setPrevRandao") {
            .randomness(try $0.next(Read.amount).hash)
        },
        method("anvil_setBlockTimestampInterval") {
            .timestampStep(try $0.next(Read.amount64))
        },
        method("anvil_removeBlockTimestampInterval") { _ in .timestampStep(nil) },
        method("anvil_setIntervalMining") {
            let seconds = try $0.next(Read.amount64)
            return .interval(min(seconds, .max / 1_000) * 1_000)
        },
    ]

    private static let time: [Method] =
        ["evm", "anvil"].flatMap { space in
            [
                method("\(space)_increaseTime") { .increaseTime(try $0.next(Read.amount64)) },
                method("\(space)_setTime") { .setTime(try $0.next(Read.amount64)) },
                method("\(space)_setNextBlockTimestamp") {
                    .nextTimestamp(try $0.next(Read.amount64))
                },
            ]
        }

    private static let wholes: [Method] =
        ["evm", "anvil"].flatMap { space in
            [
                method("\(space)_snapshot") { _ in .snapshot },
                method("\(space)_revert") { .revert(try $0.next(Read.amount64)) },
            ]
        } + [
            method("anvil_autoImpersonateAccount") { .impersonateAll(try $0.next(Read.bool)) }
        ]

    private static func changes(_ space: String) -> [Method] {
        func change(
            _ name: String,
            _ read: @escaping @Sendable (inout Parameters, inout AccountChange) throws -> Void
        ) -> Method {
            method("\(space)_\(name)") {
                var change = AccountChange(try $0.next(Read.address))
                try read(&$0, &change)
                return .change([change])
            }
        }
        return [
            change("setBalance") { $1.balance = try $0.next(Read.amount) },
            change("setNonce") { $1.nonce = try $0.next(Read.amount64) },
            change("setCode") { $1.code = try $0.next(Read.bytes) },
            change("setStorageAt") {
                let key = try $0.next(Read.amount)
                $1.slots = [AccountChange.Slot(key: key, value: UInt256(try $0.next(Read.hash)))]
            },
            method("\(space)_impersonateAccount") { .impersonate(try $0.next(Read.address), true) },
            method("\(space)_stopImpersonatingAccount") {
                .impersonate(try $0.next(Read.address), false)
            },
            method("\(space)_mine") {
                let count = try $0.optional(Read.amount64) ?? 1
                return .mine(count: count, step: try $0.optional(Read.amount64), timestamp: nil)
            },
            method("\(space)_getAutomine") { _ in .isAutomine },
            method("\(space)_setLoggingEnabled") { .showsConsole(try $0.next(Read.bool)) },
            method("\(space)_metadata") { _ in .metadata },
            method("\(space)_dropTransaction") { .drop(try $0.next(Read.hash)) },
            method("\(space)_setCoinbase") { .coinbase(try $0.next(Read.address)) },
            method("\(space)_setNextBlockBaseFeePerGas") {
                .nextBaseFee(try $0.next(Read.amount))
            },
            method("\(space)_reset") {
                _ = try $0.optional(noFork)
                return .reset
            },
        ]
    }

    /// What only anvil and Ganache have of changes.
    private static let accounts: [Method] = [
        method("anvil_addBalance") {
            var change = AccountChange(try $0.next(Read.address))
            change.gift = try $0.next(Read.amount)
            return .change([change])
        },
        method("anvil_loadState") { .change(try $0.next(AccountChange.all)) },
        method("anvil_dumpState") { _ in .dump },
        method("anvil_dropAllTransactions") { _ in .dropAll(of: nil) },
        method("anvil_removePoolTransactions") { .dropAll(of: try $0.next(Read.address)) },
    ]

    private static let past: [Method] = [
        method("anvil_rollback") { .rollBack(try $0.optional(Read.amount64) ?? 1) },
        method("debug_setHead") { .setHead(try $0.next(Read.amount64)) },
    ]

    private static let told: [Method] = [
        method("anvil_nodeInfo") { _ in .nodeInfo },
        method("anvil_getIntervalMining") { _ in .intervalSeconds },
    ]

    /// Refuses to copy another chain, which other tools do.
    private static func noFork(_ json: JSON) throws(ParameterFault) {
        guard json["forking"].map(\.isNull) ?? true else {
            throw .text("a chain cannot be forked from another node")
        }
    }

    /// What is signed of a message that a person reads (EIP-191, version 0x45).
    private static func personal(_ message: [UInt8]) -> Hash32 {
        keccak256(Array("\u{19}Ethereum Signed Message:\n\(message.count)".utf8) + message)
    }
}

/// What `evm_mine` takes: a time, or an object with a time and a number of blocks.
private struct MineRequest {
    var timestamp: UInt64?
    var count: UInt64?

    init(reading json: JSON) throws(ParameterFault) {
        guard case .object = json else {
            timestamp = try Read.amount64(json)
            return
        }
        if let time = json["timestamp"], !time.isNull { timestamp = try Read.amount64(time) }
        if let blocks = json["blocks"], !blocks.isNull { count = try Read.amount64(blocks) }
    }
}
