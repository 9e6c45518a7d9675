package import Encoding

/// Transactions as they are spread among peers: an RLP list of byte strings.
package struct TransactionBundle {
    /// The transactions, each in its own encoding.
    package let transactions: [[UInt8]]

    /// The most bytes of a bundle.
    static let sizeLimit = 1 << 20

    /// Creates a bundle.
    package init(transactions: [[UInt8]]) {
        self.transactions = transactions
    }

    /// Reads a bundle of at least one transaction.
    package init(decoding bytes: [UInt8]) throws(RLP.Failure) {
        guard bytes.count <= TransactionBundle.sizeLimit else { throw .unexpected("bundle size") }
        let elements = try RLP.decode(bytes).list("bundle of transactions")
        guard !elements.isEmpty, elements.count <= Intake.spreadCount else {
            throw .unexpected("number of transactions")
        }
        var transactions: [[UInt8]] = []
        transactions.reserveCapacity(elements.count)
        for element in elements { transactions.append(try element.bytes("transaction")) }
        self.transactions = transactions
    }

    /// The bytes of the bundle.
    package var encoded: [UInt8] { RLP.encode(.list(transactions.map { .bytes($0) })) }
}
