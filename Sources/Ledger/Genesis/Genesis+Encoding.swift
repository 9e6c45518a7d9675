import Crypto
import EVM
public import Encoding
import Identifiers
import Primitives

extension Genesis {
    /// The genesis file: what ``init(decoding:)`` reads, and other clients, too.
    public var json: JSON {
        var members: [JSON.Member] = [
            .init("config", config), .init("nonce", .string(Genesis.text(header.nonce))),
            .init("timestamp", .string(Genesis.text(header.timestamp))),
            .init("extraData", .string(Hex.encode(header.extraData))),
            .init("gasLimit", .string(Genesis.text(header.gasLimit))),
            .init("difficulty", .string(header.difficulty.hexadecimal)),
            .init("mixHash", .string(header.mixHash.description)),
            .init("coinbase", .string(header.beneficiary.description)),
        ]
        if let fee = header.baseFeePerGas {
            members.append(.init("baseFeePerGas", .string(fee.hexadecimal)))
        }
        if let gas = header.excessBlobGas {
            members.append(.init("excessBlobGas", .string(Genesis.text(gas))))
        }
        if let gas = header.blobGasUsed {
            members.append(.init("blobGasUsed", .string(Genesis.text(gas))))
        }
        if let slot = header.slotNumber {
            members.append(.init("slotNumber", .string(Genesis.text(slot))))
        }
        members.append(.init("alloc", Genesis.json(of: accounts)))
        if !validators.isEmpty { members.append(.init("martlet", martlet)) }
        return .object(members)
    }

    private static func text(_ number: UInt64) -> String { UInt256(number).hexadecimal }

    /// Accounts as they stand in `alloc`.
    public static func json(of accounts: [Allocation]) -> JSON {
        .object(accounts.map(member))
    }

    private static func member(_ account: Allocation) -> JSON.Member {
        var fields: [JSON.Member] = [.init("balance", .string(account.balance.hexadecimal))]
        if account.nonce > 0 { fields.append(.init("nonce", .string(text(account.nonce)))) }
        if !account.code.isEmpty {
            fields.append(.init("code", .string(Hex.encode(account.code))))
        }
        if !account.storage.isEmpty {
            let slots = account.storage.sorted { $0.key < $1.key }.map { slot, value in
                JSON.Member(Hex.encode(slot.bytes), .string(Hex.encode(value.bytes)))
            }
            fields.append(.init("storage", .object(slots)))
        }
        return .init(account.address.description, .object(fields))
    }

    private var martlet: JSON {
        let validators = validators.map { validator in
            var fields: [JSON.Member] = [
                .init("address", .string(validator.address.description)),
                .init("publicKey", .string(Hex.encode(validator.publicKey))),
                .init("power", .integer(validator.power)),
                .init("feeAddress", .string(validator.feeAddress.description)),
            ]
            if !validator.peerID.isEmpty {
                fields.append(.init("peerID", .string(validator.peerID)))
            }
            return JSON.object(fields)
        }
        var members: [JSON.Member] = [
            .init("blockIntervalMilliseconds", .integer(blockIntervalMilliseconds)),
            .init("idleIntervalMilliseconds", .integer(idleIntervalMilliseconds)),
            .init("validators", .array(validators)),
        ]
        if rules.isDevelopment { members.insert(.init("development", true), at: 0) }
        return .object(members)
    }

    private var config: JSON {
        var members: [JSON.Member] = [.init("chainId", .integer(rules.chainID))]
        for (revision, name) in ChainRules.byBlock {
            if case .block(let number) = activation(of: revision) {
                members.append(.init(name, .integer(number)))
                // EIP-150's fork is one with EIP-155 and 158 in the rules; others name it, too.
                if revision == .spuriousDragon {
                    members.append(.init("eip155Block", .integer(number)))
                }
            }
        }
        if case .block(let number) = activation(of: .paris) {
            members.append(.init("mergeNetsplitBlock", .integer(number)))
            members.append(.init("terminalTotalDifficulty", 0))
        }
        for (revision, name) in ChainRules.byTime {
            switch activation(of: revision) {
            case .time(let time): members.append(.init(name, .integer(time)))
            case .block(0): members.append(.init(name, 0))
            default: continue
            }
        }
        members.append(.init("blobSchedule", blobSchedule))
        members.append(
            .init("depositContractAddress", .string(rules.depositContract.description)))
        return .object(members)
    }

    /// When a revision begins: with the first fork to it or past it.
    private func activation(of revision: Revision) -> ChainRules.Activation? {
        rules.forks.first { $0.revision >= revision }?.activation
    }

    private var blobSchedule: JSON {
        func entry(_ parameters: BlobParameters) -> JSON {
            .object([
                .init("target", .integer(parameters.target)),
                .init("max", .integer(parameters.max)),
                .init("baseFeeUpdateFraction", .integer(parameters.baseFeeUpdateFraction)),
            ])
        }
        guard !rules.blobChanges.isEmpty else {
            let isPreview = activation(of: .amsterdam) != nil
            return .object(
                [
                    .init("cancun", entry(.cancun)), .init("prague", entry(.prague)),
                    .init("osaka", entry(.prague)),
                ] + (isPreview ? [.init("amsterdam", entry(.amsterdam))] : []))
        }
        return .object(
            zip(ChainRules.blobNames, rules.blobChanges).map { .init($0, entry($1.parameters)) })
    }
}
