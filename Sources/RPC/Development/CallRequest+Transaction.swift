import Identifiers
public import Ledger
public import Primitives

extension CallRequest {
    /// The transaction that a node signs for its caller, its open fields filled in as wallets do.
    public func transaction(
        chainID: UInt64, nonce: UInt64, gas: UInt64, baseFee: UInt256
    ) throws(RPCError) -> Transaction {
        guard blobHashes == nil, authorizations == nil else {
            throw .invalidParameters("blobs and authorizations must come in a raw transaction")
        }
        guard self.chainID == nil || self.chainID == UInt256(chainID) else {
            throw .invalidParameters("chainId does not match node's: have \(chainID)")
        }
        let list = accessList?.map { entry in
            Transaction.Access(address: entry.address, slots: entry.keys.map(\.slot))
        }
        if let gasPrice {
            return Transaction(
                chainID: chainID, nonce: self.nonce ?? nonce, gasPrice: gasPrice, gasLimit: gas,
                to: to, value: value, data: data, accessList: list)
        }
        let tip = maxPriorityFeePerGas ?? min(CallRequest.usualTip, maxFeePerGas ?? .max)
        return Transaction(
            chainID: chainID, nonce: self.nonce ?? nonce, maxPriorityFeePerGas: tip,
            maxFeePerGas: maxFeePerGas ?? baseFee &+ baseFee &+ tip, gasLimit: gas, to: to,
            value: value, data: data, accessList: list ?? [])
    }

    /// What goes to a block's maker unless the caller says otherwise: one gwei.
    private static let usualTip = UInt256(1_000_000_000)
}
