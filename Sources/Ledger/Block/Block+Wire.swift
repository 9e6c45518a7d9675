import Crypto
public import Encoding
import Identifiers
import Primitives

/// What can be wrong with the bytes of a block.
public enum BlockWireError: Error, Hashable, Sendable {
    /// There are more bytes than a block may have.
    case tooLong(found: Int, limit: Int)
    /// They are no RLP, or not of a block's shape.
    case malformed(RLP.Failure)
    /// A transaction cannot be read.
    case transaction(index: Int, TransactionError)
    /// Nobody can have signed a transaction.
    case sender(index: Int)
}

extension Block {
    /// The longest block that is read.
    public static let sizeLimit = 16 << 20

    /// The RLP: header, transactions, ommers and, since Shanghai, withdrawals.
    public var encoded: [UInt8] {
        var writer = RLP.Writer(capacity: 1024 + transactions.reduce(0) { $0 + $1.encoded.count })
        writer.list { list in
            header.write(to: &list)
            writeBody(to: &list)
        }
        return writer.bytes
    }

    func writeBody(to list: inout RLP.Writer) {
        list.list { transactions in
            for transaction in self.transactions {
                // Legacy transactions are lists themselves; the others are strings (EIP-2718).
                if transaction.encoded.first ?? 0 >= 0xc0 {
                    transactions.append(encoded: transaction.encoded)
                } else {
                    transactions.append(transaction.encoded)
                }
            }
        }
        list.list { for ommer in ommers { ommer.write(to: &$0) } }
        if let withdrawals {
            list.list { for withdrawal in withdrawals { withdrawal.write(to: &$0) } }
        }
    }

    /// Reads a block from outside, and finds out who signed its transactions.
    ///
    /// Each transaction that is not among the known costs some 40 µs, so this is for a job, and
    /// more transactions than `countLimit` are refused before the first is looked at. Before
    /// Homestead signatures were looser; a development chain has transactions without any.
    public init(
        decoding bytes: [UInt8], countLimit: Int = .max, known: Pool.Known = Pool.Known(),
        isFrontier: Bool = false, isDevelopment: Bool = false
    ) throws(BlockWireError) {
        guard bytes.count <= Block.sizeLimit else {
            throw .tooLong(found: bytes.count, limit: Block.sizeLimit)
        }
        let fields: [RLP.Item]
        do throws(RLP.Failure) {
            fields = try RLP.elements(of: bytes, limit: 4)
            guard fields.count >= 3, fields.allSatisfy(\.isList) else { throw .unexpected("block") }
        } catch {
            throw .malformed(error)
        }
        let header = try Block.malformed { () throws(RLP.Failure) in
            try Header(decoding: Array(bytes[fields[0].whole]))
        }
        let encoded = try Block.transactions(bytes, fields[1], limit: countLimit)
        var transactions: [SignedTransaction] = []
        transactions.reserveCapacity(encoded.count)
        for (index, hash) in Keccak256.hashes(of: encoded).enumerated() {
            if let transaction = known[hash] {
                transactions.append(transaction)
            } else {
                transactions.append(
                    try Block.signed(
                        encoded[index], hash, index: index, isFrontier: isFrontier,
                        isDevelopment: isDevelopment))
            }
        }
        let (ommers, withdrawals) = try Block.rest(bytes, fields)
        self.init(
            header: header, hash: keccak256(Array(bytes[fields[0].whole])),
            transactions: transactions, ommers: ommers, withdrawals: withdrawals)
    }

    /// The bytes of the transactions in their list.
    static func transactions(
        _ bytes: [UInt8], _ list: RLP.Item, limit: Int = .max
    ) throws(BlockWireError) -> [[UInt8]] {
        let items = try malformed { () throws(RLP.Failure) in
            try RLP.items(in: bytes, list.payload, limit: limit)
        }
        return items.map { Array(bytes[$0.isList ? $0.whole : $0.payload]) }
    }

    /// The ommers and withdrawals, the fields after the transactions.
    static func rest(
        _ bytes: [UInt8], _ fields: [RLP.Item]
    ) throws(BlockWireError) -> ([Header], [Withdrawal]?) {
        try malformed { () throws(RLP.Failure) in
            var ommers: [Header] = []
            for ommer in try RLP.decode(Array(bytes[fields[2].whole])).list("ommers") {
                ommers.append(try Header(ommer))
            }
            guard fields.count > 3 else { return (ommers, nil) }
            var withdrawals: [Withdrawal] = []
            for withdrawal in try RLP.decode(Array(bytes[fields[3].whole])).list("withdrawals") {
                withdrawals.append(try Withdrawal(withdrawal))
            }
            return (ommers, withdrawals)
        }
    }

    private static func signed(
        _ encoded: [UInt8], _ hash: Hash32, index: Int, isFrontier: Bool, isDevelopment: Bool
    ) throws(BlockWireError) -> SignedTransaction {
        do throws(UnreadableTransaction) {
            return try SignedTransaction(
                decoding: encoded, hash: hash, isFrontier: isFrontier,
                isDevelopment: isDevelopment)
        } catch {
            switch error {
            case .malformed(let error): throw .transaction(index: index, error)
            case .invalidSender: throw .sender(index: index)
            }
        }
    }

    private static func malformed<Value>(
        _ body: () throws(RLP.Failure) -> Value
    ) throws(BlockWireError) -> Value {
        do throws(RLP.Failure) {
            return try body()
        } catch {
            throw .malformed(error)
        }
    }
}
