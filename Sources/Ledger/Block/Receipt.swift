public import Encoding
public import Primitives

/// What came of one transaction, as the block's header commits to it (EIP-2718, EIP-658).
public struct Receipt: Hashable, Sendable {
    /// How a receipt says what came of the transaction.
    public enum Outcome: Hashable, Sendable {
        /// Whether it succeeded (since Byzantium, EIP-658).
        case status(Bool)
        /// The state root right after it (before Byzantium).
        case state(Hash32)
    }

    /// The transaction's type: 0 for those without an envelope.
    public let type: UInt8
    /// What came of it.
    public let outcome: Outcome
    /// The gas used by this transaction and those before it in the block.
    public let cumulativeGasUsed: UInt64
    /// The bloom of the logs.
    public let bloom: Bloom
    /// What the contracts noted.
    public let logs: [Log]

    /// Creates a receipt, and computes its bloom.
    public init(type: UInt8, outcome: Outcome, cumulativeGasUsed: UInt64, logs: [Log]) {
        self.type = type
        self.outcome = outcome
        self.cumulativeGasUsed = cumulativeGasUsed
        self.logs = logs
        bloom = logs.isEmpty ? .empty : Bloom(logs)
    }

    /// Whether the transaction succeeded; before Byzantium this is not told, and reads as true.
    public var succeeded: Bool {
        if case .status(let succeeded) = outcome { succeeded } else { true }
    }

    /// The bytes that the receipts root commits to.
    public var encoded: [UInt8] {
        var writer = RLP.Writer(capacity: 280)
        write(to: &writer, withBloom: true)
        return type == 0 ? writer.bytes : [type] + writer.bytes
    }

    /// Reads a receipt from the bytes that the receipts root commits to.
    public init(decoding bytes: [UInt8]) throws(RLP.Failure) {
        guard let first = bytes.first else { throw .truncated(at: 0, needed: 1) }
        let type = first < 0x80 ? first : 0
        guard type <= 4, first != 0 else { throw .unexpected("receipt.type") }
        let value = try RLP.decode(type == 0 ? bytes : Array(bytes.dropFirst()))
        let fields = try value.list("receipt", count: 4)
        try self.init(type: type, fields: [fields[0], fields[1], fields[3]])
        guard try fields[2].bytes("receipt.bloom", count: 256) == bloom.bytes else {
            throw .unexpected("receipt.bloom")
        }
    }

    /// Reads a receipt as the store keeps it: with its type, and without the bloom.
    init(stored value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("receipt", count: 4)
        guard let type = UInt8(exactly: try fields[0].number64("receipt.type")) else {
            throw .unexpected("receipt.type")
        }
        try self.init(type: type, fields: Array(fields.dropFirst()))
    }

    /// Reads the receipts of a block as the store keeps them; `nil` if they are damaged.
    static func stored(_ bytes: [UInt8]) -> [Receipt]? {
        guard let values = try? RLP.decode(bytes).list("receipts") else { return nil }
        let receipts = values.compactMap { try? Receipt(stored: $0) }
        return receipts.count == values.count ? receipts : nil
    }

    /// The receipts of a block as the store keeps them.
    static func stored(_ receipts: [Receipt]) -> [UInt8] {
        var writer = RLP.Writer(capacity: 64 * receipts.count)
        writer.list { list in
            for receipt in receipts { receipt.writeStored(to: &list) }
        }
        return writer.bytes
    }

    private init(type: UInt8, fields: [RLP.Value]) throws(RLP.Failure) {
        var logs: [Log] = []
        for log in try fields[2].list("receipt.logs") { logs.append(try Log(log)) }
        self.init(
            type: type, outcome: try Receipt.outcome(try fields[0].bytes("receipt.outcome")),
            cumulativeGasUsed: try fields[1].number64("receipt.cumulativeGasUsed"), logs: logs)
    }

    private static func outcome(_ bytes: [UInt8]) throws(RLP.Failure) -> Outcome {
        switch bytes {
        case []: return .status(false)
        case [1]: return .status(true)
        default:
            guard let root = Hash32(bytes) else { throw .unexpected("receipt.outcome") }
            return .state(root)
        }
    }

    /// Appends the receipt as the store keeps it.
    func writeStored(to writer: inout RLP.Writer) {
        writer.list { list in
            list.append(UInt64(type))
            writeFields(to: &list, withBloom: false)
        }
    }

    private func write(to writer: inout RLP.Writer, withBloom: Bool) {
        writer.list { writeFields(to: &$0, withBloom: withBloom) }
    }

    private func writeFields(to list: inout RLP.Writer, withBloom: Bool) {
        switch outcome {
        case .status(let succeeded): list.append(UInt64(succeeded ? 1 : 0))
        case .state(let root): list.append(root)
        }
        list.append(cumulativeGasUsed)
        if withBloom { list.append(bloom.bytes) }
        list.list { for log in logs { log.write(to: &$0) } }
    }
}
