public import Encoding
public import Ledger
import Primitives

extension SignedTransaction {
    /// The object of a transaction that is in no block yet.
    public var pendingJSON: JSON { json(nil) }

    /// Where in the chain a transaction stands.
    struct Place: Hashable, Sendable {
        let hash: Hash32
        let number: UInt64
        let timestamp: UInt64
        let index: Int
        let baseFee: UInt256?
    }

    /// The object of a transaction (execution-apis, `TransactionInfo`), with its place if any.
    ///
    /// The gas price is what was paid once that is known, and the most that may be before.
    func json(_ place: Place?) -> JSON {
        let price = place?.baseFee.map(transaction.effectiveGasPrice)
        var members: [JSON.Member] = [
            .init("blockHash", place.map { .data($0.hash) } ?? .null),
            .init("blockNumber", place.map { .quantity($0.number) } ?? .null),
            .init("blockTimestamp", place.map { .quantity($0.timestamp) } ?? .null),
            .init("transactionIndex", place.map { .quantity($0.index) } ?? .null),
            .init("hash", .data(hash)), .init("from", .data(sender)),
            .init("to", transaction.to.map { .data($0) } ?? .null),
            .init("gas", .quantity(transaction.gasLimit)),
            .init("gasPrice", .quantity(price ?? transaction.gasPrice)),
            .init("input", .data(transaction.data)), .init("nonce", .quantity(transaction.nonce)),
            .init("value", .quantity(transaction.value)),
            .init("type", .quantity(UInt64(transaction.kind.rawValue))),
        ]
        members += transaction.kindMembers
        members += transaction.signatureMembers
        return .object(members)
    }
}

extension Transaction {
    /// What only some kinds of transactions have.
    fileprivate var kindMembers: [JSON.Member] {
        var members: [JSON.Member] = []
        if let chainID { members.append(.init("chainId", .quantity(chainID))) }
        guard kind != .legacy else { return members }
        members.append(.init("accessList", .array(accessList.map(\.json))))
        guard kind != .accessList else { return members }
        members.append(.init("maxFeePerGas", .quantity(maxFeePerGas)))
        members.append(.init("maxPriorityFeePerGas", .quantity(maxPriorityFeePerGas)))
        if kind == .blob {
            members.append(.init("maxFeePerBlobGas", .quantity(maxFeePerBlobGas)))
            members.append(
                .init("blobVersionedHashes", .array(blobHashes.map { .data($0) })))
        }
        if kind == .setCode {
            members.append(
                .init("authorizationList", .array(authorizationList.map(\.json))))
        }
        return members
    }

    /// The signature; the old form counts `v` by chain (EIP-155), the new ones have a parity.
    fileprivate var signatureMembers: [JSON.Member] {
        let parity = UInt256(UInt64(yParity))
        let numbers: [JSON.Member] = [.init("r", .quantity(r)), .init("s", .quantity(s))]
        guard kind == .legacy else {
            return [.init("v", .quantity(parity))] + numbers + [.init("yParity", .quantity(parity))]
        }
        let chain = chainID.map { UInt256($0) &+ UInt256($0) &+ 35 } ?? 27
        return [.init("v", .quantity(chain &+ parity))] + numbers
    }
}

extension Transaction.Access {
    /// The object of an entry of an access list.
    var json: JSON {
        ["address": .data(address), "storageKeys": .array(slots.map { .data($0.hash) })]
    }
}

extension Authorization {
    fileprivate var json: JSON {
        [
            "chainId": .quantity(chainID), "address": .data(address), "nonce": .quantity(nonce),
            "yParity": .quantity(UInt64(yParity)), "r": .quantity(r), "s": .quantity(s),
        ]
    }
}
