import Ledger
import Primitives

// What the official tests call each reason (EXCEPTIONS.md beside them lists the names).
extension Refusal {
    /// The names.
    var names: [String] {
        switch self {
        case .unsigned: ["INVALID_SIGNATURE_VRS"]
        case .undecodable(let error): Refusal.names(error)
        case .invalid(let reason): Refusal.names(reason)
        case .malformedBlock(.transaction(_, let error)):
            Refusal.names(error) + ["RLP_STRUCTURES_ENCODING"]
        case .malformedBlock(.sender): ["INVALID_SIGNATURE_VRS"]
        case .malformedBlock:
            [
                "RLP_STRUCTURES_ENCODING", "INCORRECT_BLOCK_FORMAT",
                "RLP_INVALID_FIELD_OVERFLOW_64",
                "RLP_INVALID_ADDRESS", "RLP_WITHDRAWALS_NOT_READ", "GASLIMIT_TOO_BIG",
            ]
        case .unknownParent(let hash):
            hash.isZero ? ["UNKNOWN_PARENT_ZERO"] : ["UNKNOWN_PARENT"]
        case .merge(let isWork):
            [isWork ? "IMPORT_IMPOSSIBLE_PARIS_WRONG_POW" : "IMPORT_IMPOSSIBLE_PARIS_WRONG_POS"]
        case .seal: ["INVALID_POW"]
        case .invalidBlock(let reason): Refusal.names(reason)
        }
    }

    private static func names(_ error: TransactionError) -> [String] {
        switch error {
        case .noRecipient: ["TYPE_3_TX_CONTRACT_CREATION", "TYPE_4_TX_CONTRACT_CREATION"]
        case .unknownKind: ["TYPE_NOT_SUPPORTED"]
        case .signatureValue: ["INVALID_SIGNATURE_VRS"]
        case .malformed:
            [
                "RLP_INVALID_FIELD", "RLP_INVALID_VALUE", "GASLIMIT_PRICE_PRODUCT_OVERFLOW",
                "TYPE_3_TX_WITH_FULL_BLOBS",
            ]
        case .empty, .tooLong: ["RLP_INVALID_FIELD"]
        }
    }

    private static func names(_ reason: InvalidTransaction) -> [String] {
        switch reason {
        case .kindNotActive(let kind): ["TYPE_\(kind.rawValue)_TX_PRE_FORK", "TYPE_NOT_SUPPORTED"]
        case .wrongChain: ["INVALID_CHAINID"]
        case .nonceTooLow: ["NONCE_MISMATCH_TOO_LOW"]
        case .nonceTooHigh: ["NONCE_MISMATCH_TOO_HIGH"]
        case .nonceAtLimit: ["NONCE_IS_MAX"]
        case .gasLimitAboveBlock: ["GAS_ALLOWANCE_EXCEEDED", "GAS_USED_OVERFLOW"]
        case .gasLimitAboveCap: ["GAS_LIMIT_EXCEEDS_MAXIMUM"]
        case .intrinsicGas: ["INTRINSIC_GAS_TOO_LOW"]
        case .floorGas: ["INTRINSIC_GAS_BELOW_FLOOR_GAS_COST", "INTRINSIC_GAS_TOO_LOW"]
        case .insufficientFunds:
            ["INSUFFICIENT_ACCOUNT_FUNDS", "GASLIMIT_PRICE_PRODUCT_OVERFLOW"]
        case .senderIsContract: ["SENDER_NOT_EOA"]
        case .initcodeTooLong: ["INITCODE_SIZE_EXCEEDED"]
        case .feeBelowBaseFee: ["INSUFFICIENT_MAX_FEE_PER_GAS"]
        case .priorityAboveFee: ["PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS", "PRIORITY_OVERFLOW"]
        case .blobFeeBelowPrice: ["INSUFFICIENT_MAX_FEE_PER_BLOB_GAS"]
        case .noBlobs: ["TYPE_3_TX_ZERO_BLOBS"]
        case .tooManyBlobs:
            ["TYPE_3_TX_BLOB_COUNT_EXCEEDED", "TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED"]
        case .blobVersion: ["TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH"]
        case .noRecipient: ["TYPE_3_TX_CONTRACT_CREATION", "TYPE_4_TX_CONTRACT_CREATION"]
        case .noAuthorizations: ["TYPE_4_EMPTY_AUTHORIZATION_LIST"]
        }
    }

    private static func names(_ reason: InvalidBlock) -> [String] {
        switch reason {
        case .parent: ["UNKNOWN_PARENT"]
        case .number: ["INVALID_BLOCK_NUMBER"]
        case .timestamp: ["INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT"]
        case .gasLimit: ["INVALID_GASLIMIT", "GASLIMIT_TOO_BIG"]
        case .gasUsed: ["INVALID_GAS_USED"]
        case .extraData: ["EXTRA_DATA_TOO_BIG"]
        case .daoForkExtraData: ["EXTRA_DATA_INVALID_DAO"]
        case .difficulty: ["INVALID_DIFFICULTY"]
        case .nonce: ["INVALID_POW"]
        case .ommers: ["INVALID_UNCLES_HASH", "IMPORT_IMPOSSIBLE_UNCLES_OVER_PARIS"]
        case .ommer(let reason): [names(reason)]
        case .baseFee(found: nil, _):
            ["IMPORT_IMPOSSIBLE_LEGACY_WRONG_PARENT", "IMPORT_IMPOSSIBLE_LEGACY"]
        case .baseFee(_, expected: nil): ["IMPORT_IMPOSSIBLE_LONDON_WRONG_PARENT"]
        case .baseFee: ["INVALID_BASEFEE_PER_GAS"]
        case .withdrawals:
            [
                "INVALID_WITHDRAWALS_ROOT", "INCORRECT_BLOCK_FORMAT", "RLP_WITHDRAWALS_NOT_READ",
                "RLP_STRUCTURES_ENCODING",
            ]
        case .excessBlobGas: ["INCORRECT_EXCESS_BLOB_GAS", "INCORRECT_BLOCK_FORMAT"]
        case .blobGasUsed(let found?, let most?) where found > most:
            ["TYPE_3_TX_BLOB_COUNT_EXCEEDED", "TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED"]
        case .blobGasUsed: ["INCORRECT_BLOB_GAS_USED", "INCORRECT_BLOCK_FORMAT"]
        case .parentBeaconBlockRoot: ["INCORRECT_BLOCK_FORMAT"]
        case .requestsHash: ["INVALID_REQUESTS"]
        case .accessList:
            ["INVALID_BLOCK_ACCESS_LIST", "INVALID_BAL_HASH", "INCORRECT_BLOCK_FORMAT"]
        case .accessListSize: ["BLOCK_ACCESS_LIST_GAS_LIMIT_EXCEEDED"]
        case .size: ["RLP_BLOCK_LIMIT_EXCEEDED"]
        case .transactionsRoot: ["INVALID_TRANSACTIONS_ROOT"]
        case .receiptsRoot: ["INVALID_RECEIPTS_ROOT"]
        case .logsBloom: ["INVALID_LOG_BLOOM"]
        case .stateRoot: ["INVALID_STATE_ROOT"]
        case .body(let reason): names(reason)
        case .ledger: []
        }
    }

    private static func names(_ reason: InvalidOmmer) -> String {
        switch reason {
        case .tooMany: "TOO_MANY_UNCLES"
        case .ancestor: "UNCLE_IS_ANCESTOR"
        case .repeated: "UNCLE_IN_CHAIN"
        case .sibling: "UNCLE_IS_BROTHER"
        case .unknownParent: "UNCLE_PARENT_INCORRECT"
        }
    }

    private static func names(_ reason: BlockError) -> [String] {
        switch reason {
        case .transaction(_, let reason): names(reason)
        case .systemContractMissing: ["SYSTEM_CONTRACT_EMPTY"]
        case .systemContractFailed: ["SYSTEM_CONTRACT_CALL_FAILED"]
        case .depositLayout: ["INVALID_DEPOSIT_EVENT_LAYOUT"]
        case .gasOverflow: ["GAS_USED_OVERFLOW"]
        }
    }
}

extension Reasons {
    /// What tests of earlier years call the reasons.
    static let older: [String: [String]] = [
        "TR_IntrinsicGas": ["INTRINSIC_GAS_TOO_LOW"],
        "IntrinsicGas": ["INTRINSIC_GAS_TOO_LOW"],
        "TR_NoFunds": ["INSUFFICIENT_ACCOUNT_FUNDS"],
        "TR_NoFundsX": ["INSUFFICIENT_ACCOUNT_FUNDS"],
        "TR_NoFundsOrGas": ["INSUFFICIENT_ACCOUNT_FUNDS", "INTRINSIC_GAS_TOO_LOW"],
        "TR_GasLimitReached": ["GAS_ALLOWANCE_EXCEEDED"],
        "TR_FeeCapLessThanBlocks": ["INSUFFICIENT_MAX_FEE_PER_GAS"],
        "TR_FeeCapLessThanBlocksORNoFunds": [
            "INSUFFICIENT_MAX_FEE_PER_GAS", "INSUFFICIENT_ACCOUNT_FUNDS",
        ],
        "TR_FeeCapLessThanBlocksORGasLimitReached": [
            "INSUFFICIENT_MAX_FEE_PER_GAS", "GAS_ALLOWANCE_EXCEEDED",
        ],
        "TR_TipGtFeeCap": ["PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS"],
        "TR_TypeNotSupported": ["TYPE_NOT_SUPPORTED"],
        "TR_RLP_WRONGVALUE": ["RLP_INVALID_VALUE"],
        "TR_NonceHasMaxValue": ["NONCE_IS_MAX"],
        "TR_InitCodeLimitExceeded": ["INITCODE_SIZE_EXCEEDED"],
        "TR_BLOBCREATE": ["TYPE_3_TX_CONTRACT_CREATION"],
        "TR_EMPTYBLOB": ["TYPE_3_TX_ZERO_BLOBS"],
        "SenderNotEOA": ["SENDER_NOT_EOA"],
        "SenderNotEOAorNoCASH": ["SENDER_NOT_EOA", "INSUFFICIENT_ACCOUNT_FUNDS"],
        "PostParisUncleHashIsNotEmpty": ["IMPORT_IMPOSSIBLE_UNCLES_OVER_PARIS"],
        "3675PreParis1559BlockRejected": [
            "INVALID_DIFFICULTY", "IMPORT_IMPOSSIBLE_UNCLES_OVER_PARIS",
        ],
        "3675PoWBlockRejected": ["IMPORT_IMPOSSIBLE_PARIS_WRONG_POW"],
        "3675PoSBlockRejected": ["IMPORT_IMPOSSIBLE_PARIS_WRONG_POS"],
        "1559BlockImportImpossible_BaseFeeWrong": ["INVALID_BASEFEE_PER_GAS"],
        "1559BlockImportImpossible_HeaderIsLegacy": ["IMPORT_IMPOSSIBLE_LONDON_WRONG_PARENT"],
        "LegacyBlockImportImpossible": ["IMPORT_IMPOSSIBLE_LEGACY"],
        "LegacyBlockImportImpossible2": ["IMPORT_IMPOSSIBLE_LEGACY_WRONG_PARENT"],
        "InvalidGasLimit": ["INVALID_GASLIMIT", "GASLIMIT_TOO_BIG"],
        "InvalidGasLimit2": ["INVALID_GASLIMIT"],
        "InvalidTimestamp": ["INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT"],
        "InvalidTimestampOlderParent": ["INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT"],
        "InvalidNumber": ["INVALID_BLOCK_NUMBER"],
        "InvalidDifficulty": ["INVALID_DIFFICULTY"],
        "InvalidBlockNonce": ["INVALID_POW"],
        "InvalidGasUsed": ["INVALID_GAS_USED"],
        "TooMuchGasUsed": ["INVALID_GAS_USED", "INVALID_GASLIMIT"],
        "ExtraDataTooBig": ["EXTRA_DATA_TOO_BIG"],
        "ExtraDataIncorrectDAO": ["EXTRA_DATA_INVALID_DAO"],
        "InvalidStateRoot": ["INVALID_STATE_ROOT"],
        "InvalidTransactionsRoot": ["INVALID_TRANSACTIONS_ROOT"],
        "InvalidReceiptsStateRoot": ["INVALID_RECEIPTS_ROOT"],
        "InvalidLogBloom": ["INVALID_LOG_BLOOM"],
        "InvalidUnclesHash": ["INVALID_UNCLES_HASH"],
        "InvalidWithdrawals": ["INVALID_WITHDRAWALS_ROOT"],
        "UnknownParent": ["UNKNOWN_PARENT", "UNKNOWN_PARENT_ZERO"],
        "UnknownParent2": ["UNKNOWN_PARENT_ZERO"],
        "TooManyUncles": ["TOO_MANY_UNCLES"],
        "UncleIsAncestor": ["UNCLE_IS_ANCESTOR"],
        "UncleInChain": ["UNCLE_IS_ANCESTOR", "UNCLE_IN_CHAIN"],
        "UncleIsBrother": ["UNCLE_IS_BROTHER", "UNCLE_IN_CHAIN"],
        "UncleParentIsNotAncestor": ["UNCLE_IS_BROTHER", "UNCLE_PARENT_INCORRECT"],
        "InvalidUncleParentHash": ["UNCLE_PARENT_INCORRECT"],
        "INPUT_UNMARSHAL_ERROR": ["RLP_STRUCTURES_ENCODING"],
        "INPUT_UNMARSHAL_ADDRESS_ERROR": ["RLP_STRUCTURES_ENCODING"],
        "RLP_ExpectedAsList": ["RLP_STRUCTURES_ENCODING"],
    ]
}
