import Crypto
import Encoding
import Identifiers
import Ledger
import Primitives

/// Blocks that are told by their transactions' fields and their senders' keys, and yet to be made.
///
/// Their times and hashes are not told, so that answers with hashes of other blocks are the same.
struct BlockPlan {
    private let blocks: [[JSON]]

    /// Reads a plan: an object of `blocks`, each with `transactions`.
    init(_ json: JSON) throws {
        blocks =
            try json["blocks"].there("blocks").elements.map { blocks in
                blocks.map { JSON?($0["transactions"] ?? []).values }
            } ?? []
    }

    /// Makes the blocks after a chain's newest, a second from each other.
    func extend(_ chain: inout Chain) throws {
        for transactions in blocks {
            let view = chain.view
            var nonces: [Address: UInt64] = [:]
            let signed = try transactions.map { try sign($0, on: view, &nonces) }
            let built = try view.build(
                signed,
                BlockAttributes(
                    timestamp: view.head.timestamp + 1, beneficiary: .zero,
                    gasLimit: view.head.gasLimit))
            if let passed = built.passed.first {
                throw FixtureError("block \(view.number + 1) cannot be made: \(passed.reason)")
            }
            try chain.insert(built.overlay)
            _ = try chain.finalize(built.overlay.hash)
        }
    }

    private func sign(
        _ json: JSON, on view: ChainView, _ nonces: inout [Address: UInt64]
    ) throws -> SignedTransaction {
        guard let key = Secp256k1.SecretKey(try json["secretKey"].bytes("secretKey")) else {
            throw FixtureError("secretKey is no key")
        }
        let sender = Address(key.publicKey.addressHash)
        let nonce = nonces[sender] ?? view.state.account(sender)?.nonce ?? 0
        nonces[sender] = nonce + 1
        let transaction = Transaction(
            chainID: nil, nonce: nonce, gasPrice: try json["gasPrice"].number("gasPrice"),
            gasLimit: try json["gasLimit"].number64("gasLimit"),
            to: try json["to"].map { try JSON?($0).address("to") },
            value: try json["value"].map { try JSON?($0).number("value") } ?? .zero,
            data: try json["data"].map { try JSON?($0).bytes("data") } ?? [])
        return SignedTransaction(signing: transaction, with: key)
    }
}
