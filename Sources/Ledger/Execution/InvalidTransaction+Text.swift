import Primitives

extension InvalidTransaction: CustomStringConvertible {
    /// What is wrong, in the words of go-ethereum, which wallets and libraries look for.
    public var description: String {
        switch self {
        case .kindNotActive: "transaction type not supported"
        case .wrongChain(let found, let expected):
            "invalid sender: invalid chain id for signer: have \(found) want \(expected)"
        case .nonceTooLow(let found, let expected):
            "nonce too low: next nonce \(expected), tx nonce \(found)"
        case .nonceTooHigh(let found, let expected):
            "nonce too high: next nonce \(expected), tx nonce \(found)"
        case .nonceAtLimit: "nonce has max value"
        case .gasLimitAboveBlock(let found, let left):
            "exceeds block gas limit: gas \(found), left \(left)"
        case .gasLimitAboveCap(let found, let cap):
            "transaction gas limit too high (cap: \(cap), tx: \(found))"
        case .intrinsicGas(let found, let needed):
            "intrinsic gas too low: gas \(found), minimum needed \(needed)"
        case .floorGas(let found, let needed):
            "insufficient gas for floor data gas cost: gas \(found), minimum needed \(needed)"
        case .insufficientFunds(let found, let needed):
            "insufficient funds for gas * price + value: have \(found) want \(needed)"
        case .senderIsContract: "sender not an eoa"
        case .initcodeTooLong(let found, let limit):
            "max initcode size exceeded: code size \(found), limit \(limit)"
        case .feeBelowBaseFee(let found, let baseFee):
            "max fee per gas less than block base fee: maxFeePerGas: \(found), baseFee: \(baseFee)"
        case .priorityAboveFee: "max priority fee per gas higher than max fee per gas"
        case .blobFeeBelowPrice(let found, let price):
            "max fee per blob gas less than block blob gas fee: maxFeePerBlobGas: \(found), "
                + "blobBaseFee: \(price)"
        case .noBlobs: "blob transaction missing blob hashes"
        case .tooManyBlobs(let found, let limit):
            "too many blobs: have \(found), permitted \(limit)"
        case .blobVersion(let version): "blob hash has unknown version \(version)"
        case .noRecipient: "blob or set code transaction of type create"
        case .noAuthorizations: "EIP-7702 transaction with empty auth list"
        }
    }
}
