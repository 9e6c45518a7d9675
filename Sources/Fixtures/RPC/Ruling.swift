/// Cases that are decided otherwise than a suite has it, and why.
public struct Ruling: Sendable {
    /// Why.
    public let reason: String
    private let cases: [String]

    init(_ reason: String, _ cases: [String]) {
        self.reason = reason
        self.cases = cases
    }

    /// Whether a case of this name is among them.
    public func covers(_ name: String) -> Bool {
        cases.contains { name.hasSuffix("/\($0).json") }
    }
}

extension Ruling {
    static let traces = [
        Ruling(
            "transactions of trace_callMany follow each other as in a block (OpenEthereum's page of "
                + "the trace module), so storage is priced by what the last one left",
            [
                "trace_callMany_04_trace", "trace_callMany_04_vmTrace",
                "trace_callMany_0e_stateDiff", "trace_callMany_0e_vmTrace",
                "trace_callMany_15_stateDiff", "trace_callMany_15_trace",
                "trace_callMany_15_vmTrace", "trace_callMany_16_stateDiff",
                "trace_callMany_16_trace",
            ]),
        Ruling(
            "what cannot be paid is told at the price that geth tells",
            ["trace_call_20_0_vmTrace", "trace_rawTransaction_20_0_vmTrace"]),
    ]

    static let debug = [
        Ruling(
            "numbers have no leading zeros (execution-apis, base types)",
            [
                "debug_traceBlock_default", "debug_traceBlock_disableMemory",
                "debug_traceBlock_disableStack", "debug_traceBlock_disableStorage",
            ]),
        Ruling(
            "a call has at most 50 million gas",
            ["debug_traceCall_noGasPrice", "debug_traceCall_stateOverride"]),
    ]

    static let eth = [
        Ruling(
            "what the chain says no to is -32000, as geth has it; EIP-1474 gives Besu's codes other "
                + "meanings",
            [
                "eth_call_blob_without_to", "eth_call_gasLimitTooLow_block_8",
                "eth_call_gasPriceTooHigh_block_8", "eth_call_valueTooHigh_block_8",
                "eth_call_stateOverride_insufficientBalance",
                "eth_call_invalidWithDifferentInputAndDataAttributes",
                "eth_sendRawTransaction_invalidByteValueHex",
                "eth_sendRawTransaction_invalidNonceTooLow",
            ]),
        Ruling(
            "of a block that is not there, an error tells, since no result may be null "
                + "(execution-apis)",
            [
                "eth_getBalance_illegalRangeGreaterThan", "eth_getCode_blockHashNotExist",
                "eth_getCode_illegalRangeGreaterThan", "eth_getProof_illegalRangeGreaterThan",
                "eth_getStorageAt_illegalRangeGreaterThan",
                "eth_getBlockTransactionCountByNumber_illegalRangeLessThan",
            ]),
        Ruling(
            "the key of a proof is told as it was asked for, as in suite 05",
            [
                "eth_getProof_blockHash", "eth_getProof_blockHashObject",
                "eth_getProof_blockHashObjectCanonical",
                "eth_getProof_blockHashObjectCanonicalFalse", "eth_getProof_blockNumber",
                "eth_getProof_blockNumberObject", "eth_getProof_latest", "eth_getProof_pending",
            ]),
        Ruling(
            "an estimate is the least gas but for a sixty-fourth, whatever the nonce, as geth's",
            [
                "eth_estimateGas_from_contract", "eth_estimateGas_from_contract_withBlockNum",
                "eth_estimateGas_from_contract_withBlockTag", "eth_estimateGas_withPastNonce",
            ]),
        Ruling(
            "the pool refuses a sender who cannot pay; Besu's cases have a pool that does not look",
            [
                "eth_sendRawTransaction_contractCreation", "eth_sendRawTransaction_messageCall",
                "eth_sendRawTransaction_transferEther",
            ]),
        Ruling(
            "a fork hash counts the forks that are passed (EIP-6122), which Besu's cases leave out",
            ["eth_config"]),
        Ruling(
            "percentiles are in ascending order (execution-apis)",
            ["eth_feeHistory_fieldNamesWithReward"]),
        Ruling(
            "execution-apis knows no totalDifficulty, and no eth_protocolVersion",
            ["eth_getBlockByNumber_hashes", "eth_protocolVersion"]),
        Ruling("the number of the network is that of its chain", ["net_version"]),
        Ruling(
            "imagined calls have at most 50 million gas, which their blocks show; returnTrieLog is "
                + "Besu's own",
            [
                "eth_simulateV1-simple", "eth_simulateV1-trie-log",
                "eth_simulateV1-code-delegation",
            ]),
    ]

    static let besu = [
        Ruling(
            "not offered: the state knows slots and accounts by their hashes alone",
            [
                "debug_accountRange_blockHash", "debug_accountRange_complete",
                "debug_accountRange_partial", "debug_storageRangeAt_blockHash",
                "debug_storageRangeAt_blockNumber", "debug_storageRangeAt_midBlock",
            ]),
        Ruling(
            "not offered: only Besu has the method",
            [
                "debug_accountAt", "debug_batchSendRawTransaction_multipleTxError",
                "debug_batchSendRawTransaction_multipleTxMixedStatuses",
                "debug_batchSendRawTransaction_multipleTxSuccess",
                "debug_batchSendRawTransaction_singleTxErrorInvalidSignatureV",
                "debug_batchSendRawTransaction_singleTxSuccess",
            ]),
        Ruling("the rules that hold are those of the newest block, not of now", ["eth_config"]),
    ]

    static let legacy = [
        Ruling(
            "the tracers in JavaScript that geth had once told less; callTracer and prestateTracer "
                + "came in their place",
            ["inner_create_oog_outer_throw", "inner_instafail", "revert_reason", "simple"])
    ]

    static let graph = [
        Ruling(
            "the pool refuses a sender who cannot pay; Besu's cases have a pool that does not look",
            [
                "eth_sendRawTransaction_contractCreation", "eth_sendRawTransaction_messageCall",
                "eth_sendRawTransaction_transferEther", "graphql_variable_bytes",
            ]),
        Ruling(
            "Besu's cases put a pool and a synchroniser of their own in place",
            ["eth_syncing", "graphql_pending"]),
        Ruling(
            "gas costs the next block's base fee and a tip, as suite 05 has it",
            ["eth_gasPrice", "07_eth_gasPrice"]),
        Ruling("a creation costs 53,000 gas at least (EIP-2)", ["35_graphql_pending"]),
        Ruling(
            "v is told of every kind of transaction (execution-apis)", ["eth_getBlock_cancun"]),
        Ruling(
            "how much may be asked at once is each node's own", ["graphql_tooComplexSchema"]),
    ]
}
