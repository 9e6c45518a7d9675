public import Encoding
public import Ledger

/// Why a call has no result: the one place where reasons become JSON-RPC codes.
///
/// Codes are those of JSON-RPC 2.0 §5.1; what concerns the chain is −32000 with the words that
/// other clients of the network use, since tools read them; 3 is a revert with its data.
public struct RPCError: Error, Hashable, Sendable {
    /// The number that programs look at.
    public let code: Int
    /// The words that people look at.
    public let message: String
    /// What else there is to say: the data of a revert.
    public let data: JSON?

    /// Creates an error.
    public init(code: Int, message: String, data: JSON? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// The text is no JSON.
    public static let parse = RPCError(code: -32700, message: "parse error")
    /// The JSON is no request.
    public static let invalidRequest = RPCError(code: -32600, message: "invalid request")
    /// A batch holds nothing.
    public static let emptyBatch = RPCError(code: -32600, message: "empty batch")
    /// A batch holds more calls than are taken at once.
    public static let batchTooLarge = RPCError(code: -32600, message: "batch too large")
    /// The replies of a batch are longer than may be sent at once.
    public static let responseTooLarge = RPCError(code: -32003, message: "response too large")
    /// The caller, or all callers together, have more open than the node keeps.
    public static let limitExceeded = RPCError(code: -32005, message: "limit exceeded")
    /// A filter is not there, or no longer.
    public static let filterNotFound = RPCError(code: -32000, message: "filter not found")
    /// A subscription is not there, or no longer.
    public static let subscriptionNotFound = RPCError(
        code: -32000, message: "subscription not found")
    /// Subscriptions need a connection that can push.
    public static let notificationsUnsupported = RPCError(
        code: -32001, message: "notifications not supported")
    /// A block that the call names is not there.
    public static let headerNotFound = RPCError(code: -32000, message: "header not found")
    /// The state of a block is no longer kept.
    public static let stateUnavailable = RPCError(
        code: -32000, message: "missing trie node: state of this block is not kept any more")
    /// A block is no longer kept (EIP-4444, in the words of geth).
    public static let historyPruned = RPCError(
        code: 4444, message: "pruned history unavailable")
    /// The node could not do its part; the log says more.
    public static let `internal` = RPCError(code: -32603, message: "internal error")

    /// A call asks for more than the node does at once.
    static func clientLimit(_ message: String) -> RPCError {
        RPCError(code: -38026, message: message)
    }

    /// No method has this name.
    public static func methodNotFound(_ name: String) -> RPCError {
        RPCError(
            code: -32601, message: "the method \(name) does not exist/is not available")
    }

    /// A parameter is not what it must be.
    public static func invalidParameters(_ message: String) -> RPCError {
        RPCError(code: -32602, message: message)
    }

    /// The chain or the pool says no.
    public static func server(_ message: String) -> RPCError {
        RPCError(code: -32000, message: message)
    }

    /// A call was reverted, with these bytes.
    public static func reverted(_ output: [UInt8]) -> RPCError {
        let reason = Revert.reason(output)
        return RPCError(
            code: 3, message: "execution reverted" + (reason.map { ": \($0)" } ?? ""),
            data: .string(Hex.encode(output)))
    }
}

extension RPCError {
    /// What the chain says no with.
    init(_ error: ChainError) {
        switch error {
        case .unknownNumber, .unknownBlock: self = .headerNotFound
        case .statePruned: self = .stateUnavailable
        case .blocksPruned: self = .historyPruned
        case .tooMany(let text): self = .server(text)
        // These are the node's own troubles, which its log tells in full.
        case .trie, .damaged, .version, .genesis, .chainID: self = .internal
        }
    }
}

extension RPCError {
    /// What the pool says no with.
    public init(_ rejection: PoolRejection) {
        self = .server(rejection.description)
    }

    /// Why bytes are no transaction.
    public init(_ error: TransactionError) {
        switch error {
        case .empty: self = .server("rlp: unexpected end of transaction")
        case .tooLong(let found, let limit):
            self = .server("oversized data: transaction size \(found), limit \(limit)")
        case .malformed(let failure): self = .server("rlp: \(failure)")
        case .unknownKind: self = .server("transaction type not supported")
        case .signatureValue: self = .server("invalid transaction v, r, s values")
        case .noRecipient: self = .server("transaction of this type needs a recipient")
        }
    }

    /// What execution says no with, in the words that wallets look for.
    public init(_ error: InvalidTransaction) {
        self = .server(error.description)
    }

    /// What execution says no to an imagined transaction with (execution-apis, `eth_simulateV1`).
    init(imagined error: InvalidTransaction) {
        let code =
            switch error {
            case .nonceTooLow: -38010
            case .nonceTooHigh: -38011
            case .feeBelowBaseFee: -38012
            case .intrinsicGas, .floorGas: -38013
            case .insufficientFunds: -38014
            case .gasLimitAboveBlock: -38015
            case .senderIsContract: -38024
            case .initcodeTooLong: -38025
            case .priorityAboveFee: -32602
            default: -32603
            }
        self.init(code: code, message: error.description)
    }
}
