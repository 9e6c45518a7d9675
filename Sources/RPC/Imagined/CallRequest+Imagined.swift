import Identifiers
import Ledger
import Primitives

extension CallRequest {
    /// The transaction that stands in an imagined block; it has the form that its fields ask for.
    func imagined(gas: UInt64, nonce: UInt64, chainID: UInt64) -> Transaction {
        let nonce = self.nonce ?? nonce
        let announced = accesses
        if let gasPrice {
            return Transaction(
                chainID: nil, nonce: nonce, gasPrice: gasPrice, gasLimit: gas, to: to,
                value: value, data: data)
        }
        var transaction = Transaction(
            chainID: chainID, nonce: nonce, maxPriorityFeePerGas: maxPriorityFeePerGas ?? .zero,
            maxFeePerGas: maxFeePerGas ?? .zero, gasLimit: gas, to: to, value: value, data: data,
            accessList: announced)
        if let blobHashes {
            transaction.kind = .blob
            transaction.blobHashes = blobHashes
            transaction.maxFeePerBlobGas = maxFeePerBlobGas ?? .zero
        }
        if let authorizations {
            transaction.kind = .setCode
            transaction.authorizationList = authorizations.map(\.authorization)
        }
        return transaction
    }

    /// What it announces to touch.
    var accesses: [Transaction.Access] {
        (accessList ?? []).map { entry in
            Transaction.Access(address: entry.address, slots: entry.keys.map(\.slot))
        }
    }
}
