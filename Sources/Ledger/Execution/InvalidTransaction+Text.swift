import Primitives

extension InvalidTransaction: CustomStringConvertible {
    /// What is wrong, found and expected, in one line.
    public var description: String {
        switch self {
        case .kindNotActive(let kind): "transactions of kind \(kind.rawValue) are not active yet"
        case .wrongChain(let found, let expected): "for chain \(found), this is \(expected)"
        case .nonceTooLow(let found, let expected):
            "nonce too low: found \(found), expected \(expected)"
        case .nonceTooHigh(let found, let expected):
            "nonce too high: found \(found), expected \(expected)"
        case .nonceAtLimit: "the sender's nonce is the greatest there is"
        case .senderIsContract: "the sender is a contract"
        case .gasLimitAboveBlock(let found, let left):
            "gas limit \(found) is above the \(left) that the block has left"
        case .gasLimitAboveCap(let found, let cap):
            "gas limit \(found) is above the \(cap) that a transaction may use"
        case .intrinsicGas(let found, let needed):
            "gas limit \(found) is below the \(needed) that it costs at the start"
        case .floorGas(let found, let needed):
            "gas limit \(found) is below the \(needed) that its data cost at least"
        case .initcodeTooLong(let found, let limit):
            "initcode of \(found) bytes, at most \(limit) are allowed"
        case .insufficientFunds(let found, let needed):
            "insufficient funds: the sender has \(found) wei, \(needed) may be needed"
        case .feeBelowBaseFee(let found, let baseFee):
            "fee of \(found) wei per gas is below the base fee of \(baseFee)"
        case .priorityAboveFee: "the priority fee is above the whole fee"
        case .blobFeeBelowPrice(let found, let price):
            "fee of \(found) wei per blob gas is below the price of \(price)"
        case .noBlobs: "a blob transaction without blobs"
        case .tooManyBlobs(let found, let limit): "\(found) blobs, at most \(limit) are allowed"
        case .blobVersion(let version): "a blob's hash is of unknown version \(version)"
        case .noRecipient: "transactions of this kind cannot create a contract"
        case .noAuthorizations: "a transaction to set code without authorizations"
        }
    }
}
