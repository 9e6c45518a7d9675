import Crypto
import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

// The transaction of a state test, from its bytes or from its parts.
extension StateFixture {
    static func decode(
        _ bytes: [UInt8], revision: Revision
    ) -> Swift.Result<SignedTransaction, Refusal> {
        do throws(TransactionError) {
            let transaction = try Transaction(decoding: bytes)
            // EIP-2: the greater of the two signatures was good in Frontier.
            let sender =
                revision >= .homestead
                ? transaction.recoverSender() : transaction.recoverFrontierSender()
            guard let sender else { return .failure(.unsigned) }
            return .success(SignedTransaction(transaction, sender: sender))
        } catch {
            return .failure(.undecodable(error))
        }
    }

    static func transaction(
        _ body: JSON, indexes: JSON?, revision: Revision, chainID: UInt64
    ) throws -> Swift.Result<SignedTransaction, Refusal> {
        func chosen(_ name: String, _ index: String) throws -> JSON? {
            body[name]?[indexes?[index]?.integer ?? 0]
        }
        let to = body["to"]?.text ?? ""
        var transaction = Transaction(
            chainID: chainID, nonce: try number64(body["nonce"], "nonce"),
            maxPriorityFeePerGas: .zero, maxFeePerGas: .zero,
            gasLimit: try number64(try chosen("gasLimit", "gas"), "gasLimit"),
            to: to.isEmpty ? nil : try Address(hex: to),
            value: try number(try chosen("value", "value"), "value"),
            data: try bytes(try chosen("data", "data"), "data"))
        if let price = body["gasPrice"] {
            transaction.maxFeePerGas = try number(price, "gasPrice")
            transaction.maxPriorityFeePerGas = transaction.maxFeePerGas
            transaction.kind = .legacy
        } else {
            transaction.maxFeePerGas = try number(body["maxFeePerGas"], "maxFeePerGas")
            transaction.maxPriorityFeePerGas = try number(
                body["maxPriorityFeePerGas"], "maxPriorityFeePerGas")
        }
        if let list = try chosen("accessLists", "data")?.elements {
            transaction.accessList = try list.map(access)
            if transaction.kind == .legacy { transaction.kind = .accessList }
        }
        if let fee = body["maxFeePerBlobGas"] {
            transaction.kind = .blob
            transaction.maxFeePerBlobGas = try number(fee, "maxFeePerBlobGas")
            transaction.blobHashes = try (body["blobVersionedHashes"]?.elements ?? []).map {
                try hash($0, "blobVersionedHash")
            }
        }
        if let list = body["authorizationList"]?.elements {
            transaction.kind = .setCode
            transaction.authorizationList = try list.map(authorization)
        }
        if transaction.kind == .legacy { transaction.chainID = nil }
        if let sender = body["sender"]?.text {
            return .success(SignedTransaction(transaction, sender: try Address(hex: sender)))
        }
        let secret = try bytes(body["secretKey"], "secretKey")
        guard let key = Secp256k1.SecretKey(secret) else { return .failure(.unsigned) }
        return .success(SignedTransaction(signing: transaction, with: key))
    }

    private static func access(_ json: JSON) throws -> Transaction.Access {
        Transaction.Access(
            address: try address(json["address"], "access.address"),
            slots: try (json["storageKeys"]?.elements ?? []).map { try number($0, "storageKey") })
    }

    private static func authorization(_ json: JSON) throws -> Authorization {
        var authorization = Authorization(
            chainID: try number(json["chainId"], "chainId"),
            address: try address(json["address"], "authorization.address"),
            nonce: try number64(json["nonce"], "authorization.nonce"))
        let parity = try number64(json["yParity"] ?? json["v"], "yParity")
        authorization.yParity = UInt8(clamping: parity)
        authorization.r = try number(json["r"], "r")
        authorization.s = try number(json["s"], "s")
        return authorization
    }
}

extension StateFixture.Refusal: CustomStringConvertible {
    /// Why, in one line.
    var description: String {
        switch self {
        case .undecodable(let error): "no transaction: \(error)"
        case .unsigned: "nobody can have signed it"
        case .invalid(let reason): reason.description
        }
    }

    /// Whether one of the reasons that a test names, parted by bars, is this one.
    func matches(_ reasons: String) -> Bool {
        let own = names
        return reasons.split(separator: "|").contains { reason in
            let name = reason.split(separator: ".").last ?? reason
            return own.contains(String(name))
        }
    }

    /// What the official tests call it.
    private var names: [String] {
        switch self {
        case .unsigned: ["INVALID_SIGNATURE_VRS"]
        case .undecodable(.noRecipient):
            ["TYPE_3_TX_CONTRACT_CREATION", "TYPE_4_TX_CONTRACT_CREATION"]
        case .undecodable: ["RLP_INVALID_FIELD", "GASLIMIT_PRICE_PRODUCT_OVERFLOW"]
        case .invalid(let reason): StateFixture.Refusal.names(reason)
        }
    }

    private static func names(_ reason: InvalidTransaction) -> [String] {
        switch reason {
        case .kindNotActive(.legacy): []
        case .kindNotActive(.accessList): ["TYPE_1_TX_PRE_FORK"]
        case .kindNotActive(.dynamicFee): ["TYPE_2_TX_PRE_FORK"]
        case .kindNotActive(.blob): ["TYPE_3_TX_PRE_FORK"]
        case .kindNotActive(.setCode): ["TYPE_4_TX_PRE_FORK"]
        case .wrongChain: ["INVALID_CHAINID"]
        case .nonceTooLow: ["NONCE_MISMATCH_TOO_LOW"]
        case .nonceTooHigh: ["NONCE_MISMATCH_TOO_HIGH"]
        case .nonceAtLimit: ["NONCE_IS_MAX"]
        case .gasLimitAboveBlock: ["GAS_ALLOWANCE_EXCEEDED"]
        case .gasLimitAboveCap: ["GAS_LIMIT_EXCEEDS_MAXIMUM"]
        case .intrinsicGas: ["INTRINSIC_GAS_TOO_LOW"]
        case .floorGas: ["INTRINSIC_GAS_BELOW_FLOOR_GAS_COST", "INTRINSIC_GAS_TOO_LOW"]
        case .insufficientFunds:
            ["INSUFFICIENT_ACCOUNT_FUNDS", "GASLIMIT_PRICE_PRODUCT_OVERFLOW"]
        case .senderIsContract: ["SENDER_NOT_EOA"]
        case .initcodeTooLong: ["INITCODE_SIZE_EXCEEDED"]
        case .feeBelowBaseFee: ["INSUFFICIENT_MAX_FEE_PER_GAS"]
        case .priorityAboveFee:
            ["PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS", "PRIORITY_OVERFLOW"]
        case .blobFeeBelowPrice: ["INSUFFICIENT_MAX_FEE_PER_BLOB_GAS"]
        case .noBlobs: ["TYPE_3_TX_ZERO_BLOBS"]
        case .tooManyBlobs:
            ["TYPE_3_TX_BLOB_COUNT_EXCEEDED", "TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED"]
        case .blobVersion: ["TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH"]
        case .noRecipient: ["TYPE_3_TX_CONTRACT_CREATION", "TYPE_4_TX_CONTRACT_CREATION"]
        case .noAuthorizations: ["TYPE_4_EMPTY_AUTHORIZATION_LIST"]
        }
    }
}
