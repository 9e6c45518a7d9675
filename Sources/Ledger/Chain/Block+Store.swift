import Crypto
import Encoding
import Identifiers
import Primitives

/// How the store keeps blocks: as on the wire, with the senders beside them.
extension Block {
    /// The body with its senders: transactions, ommers, withdrawals if any, and 20 bytes for each.
    var storedBody: [UInt8] {
        var writer = RLP.Writer(
            capacity: 256 + transactions.reduce(0) { $0 + $1.encoded.count + 20 })
        writer.list { list in
            list.append(transactions.flatMap(\.sender.bytes))
            writeBody(to: &list)
        }
        return writer.bytes
    }

    /// The block's hash and header.
    var storedHeader: [UInt8] { hash.bytes + header.encoded }

    /// Reads a block that the store keeps; `nil` if it is damaged.
    init?(header: Header, hash: Hash32, storedBody bytes: [UInt8]) {
        guard let fields = try? RLP.elements(of: bytes, limit: 4), fields.count >= 3,
            let encoded = try? Block.transactions(bytes, fields[1]),
            let (ommers, withdrawals) = try? Block.rest(bytes, fields)
        else { return nil }
        let senders = fields[0].payload
        guard senders.count == encoded.count * 20 else { return nil }
        var transactions: [SignedTransaction] = []
        transactions.reserveCapacity(encoded.count)
        for (index, encoded) in encoded.enumerated() {
            let start = senders.lowerBound + index * 20
            guard let transaction = try? Transaction(decoding: encoded),
                let sender = Address(Array(bytes[start..<start + 20]))
            else { return nil }
            transactions.append(
                SignedTransaction(
                    transaction, sender: sender, hash: keccak256(encoded), encoded: encoded))
        }
        self.init(
            header: header, hash: hash, transactions: transactions, ommers: ommers,
            withdrawals: withdrawals)
    }
}
