import EVM
import Identifiers
public import Ledger
public import Machine
import Primitives

/// What blocks add to the index: the rows, which follow from the blocks and their receipts alone.
public struct IndexBatch: Sendable {
    /// The newest of the blocks.
    public let last: IndexPoint
    /// The statements that write the rows.
    public let statements: [Statement]

    /// What came of reading on from where the index ends.
    public enum Reading: Sendable {
        /// Rows of the next blocks.
        case rows(IndexBatch)
        /// The chain has another block, or none, where the index ends.
        case forked
        /// There is nothing more to read.
        case none
    }

    /// So many rows are enough for one batch.
    static let rowLimit = 20_000
    /// So many blocks are.
    static let blockLimit = 1_024

    /// Reads the blocks after the one that the index ends with; `nil` for an empty index.
    public static func read(_ view: ChainView, after point: IndexPoint?) -> Reading {
        if let point, common([point], with: view) == nil { return .forked }
        var rows = IndexRows()
        var last: IndexPoint?
        var number = point.map { $0.number + 1 } ?? 0
        while number <= view.number, rows.count < rowLimit, rows.blockCount < blockLimit {
            // Of what the operator lets the chain forget there is nothing to tell.
            number = view.isPruned(number) ? view.oldestBlock : number
            guard let block = view.block(number: number) else { break }
            rows.add(block, view.receipts(number: number) ?? [])
            last = IndexPoint(number: number, hash: block.hash)
            number += 1
        }
        guard let last else { return .none }
        let statements = [IndexSchema.end(at: point)] + rows.statements
        return .rows(IndexBatch(last: last, statements: statements))
    }

    /// The newest of some points that the chain has, too.
    public static func common(_ points: [IndexPoint], with view: ChainView) -> IndexPoint? {
        points.first {
            view.isPruned($0.number) || view.hash(number: $0.number) == $0.hash
        }
    }
}

/// Rows, table by table.
struct IndexRows {
    private(set) var count = 0
    private var blocks: [[Cell]] = []
    /// How many blocks are in them.
    var blockCount: Int { blocks.count }
    private var transactions: [[Cell]] = []
    private var accountTransactions: [[Cell]] = []
    private var contracts: [[Cell]] = []
    private var logs: [[Cell]] = []
    private var terms: [[Cell]] = []
    private var transfers: [[Cell]] = []
    private var accountTransfers: [[Cell]] = []
    private var tokens: [[Cell]] = []
    private var balances: [[Cell]] = []

    /// Adds what a block adds.
    mutating func add(_ block: Block, _ receipts: [Receipt]) {
        blocks.append([
            .integer(Int64(truncatingIfNeeded: block.number)), .bytes(block.hash.bytes),
            .integer(Int64(truncatingIfNeeded: block.header.timestamp)),
        ])
        count += 1
        var (logCount, transferCount) = (0, 0)
        var gasBefore: UInt64 = 0
        for (index, (signed, receipt)) in zip(block.transactions, receipts).enumerated() {
            let origin = IndexSchema.position(block.number, index)
            let gas = receipt.cumulativeGasUsed &- gasBefore
            gasBefore = receipt.cumulativeGasUsed
            add(signed, receipt, gas: gas, block.header, at: origin)
            for log in receipt.logs {
                add(log, at: IndexSchema.position(block.number, logCount), origin)
                logCount += 1
                for transfer in TokenTransfer.all(in: log) {
                    add(transfer, at: IndexSchema.position(block.number, transferCount), origin)
                    transferCount += 1
                }
            }
        }
    }

    private mutating func add(
        _ signed: SignedTransaction, _ receipt: Receipt, gas: UInt64, _ header: Header,
        at position: Int64
    ) {
        let row = IndexRows.row(signed, receipt, gas: gas, header, at: position)
        transactions.append(row)
        var parties: [Cell] = []
        for party in row[2...4] where party != .null && !parties.contains(party) {
            parties.append(party)
            accountTransactions.append([party, .integer(position)])
        }
        if row[4] != .null { contracts.append([row[4], row[2], .integer(position)]) }
        count += 1 + parties.count
    }

    private mutating func add(_ log: Log, at position: Int64, _ origin: Int64) {
        let address = Cell.bytes(log.address.bytes)
        logs.append([
            .integer(position), .integer(origin), address,
            .bytes(log.topics.flatMap(\.bytes)), .bytes(log.data),
        ])
        terms.append([address, .integer(IndexSchema.addressPlace), .integer(position)])
        for (place, topic) in log.topics.enumerated() {
            terms.append([.bytes(topic.bytes), .integer(Int64(place)), .integer(position)])
        }
        count += 2 + log.topics.count
    }

    private mutating func add(_ transfer: TokenTransfer, at position: Int64, _ origin: Int64) {
        let row = IndexRows.row(transfer, at: position, origin)
        transfers.append(row)
        tokens.append([row[2], row[3], .integer(position)])
        for party in [row[4], row[5], row[2]] {
            accountTransfers.append([party, .integer(position)])
        }
        for (holder, amount) in [
            (transfer.sender, .zero &- transfer.amount), (transfer.recipient, transfer.amount),
        ] where holder != .zero {
            balances.append([row[2], .bytes(holder.bytes), row[6], .bytes(amount.bytes)])
        }
        count += 7
    }

    /// The statements that write them.
    var statements: [Statement] {
        [
            Statement("INSERT INTO blocks VALUES(?,?,?)", rows: blocks),
            Statement(
                "INSERT INTO transactions VALUES(?,?,?,?,?,?,?,?,?,?)", rows: transactions),
            Statement(
                "INSERT INTO account_transactions VALUES(?,?)", rows: accountTransactions),
            // An account that destroyed itself may be made again, at the same address.
            Statement("INSERT OR REPLACE INTO contracts VALUES(?,?,?)", rows: contracts),
            Statement("INSERT INTO logs VALUES(?,?,?,?,?)", rows: logs),
            Statement("INSERT INTO log_terms VALUES(?,?,?)", rows: terms),
            Statement("INSERT INTO transfers VALUES(?,?,?,?,?,?,?,?)", rows: transfers),
            Statement(
                "INSERT OR IGNORE INTO account_transfers VALUES(?,?)", rows: accountTransfers),
            Statement("INSERT OR IGNORE INTO tokens VALUES(?,?,?)", rows: tokens),
            Statement(
                """
                INSERT INTO balances VALUES(?,?,?,?)
                ON CONFLICT DO UPDATE SET amount = sum256(amount, excluded.amount)
                """, rows: balances),
        ].filter { !$0.rows.isEmpty }
    }
}

extension IndexRows {
    /// The row of a transaction.
    static func row(
        _ signed: SignedTransaction, _ receipt: Receipt, gas: UInt64, _ header: Header,
        at position: Int64
    ) -> [Cell] {
        let transaction = signed.transaction
        let price =
            header.baseFeePerGas.map(transaction.effectiveGasPrice) ?? transaction.gasPrice
        let isCreation = transaction.to == nil
        let created =
            isCreation && receipt.succeeded
            ? Address.created(by: signed.sender, nonce: transaction.nonce) : nil
        return [
            .integer(position), .bytes(signed.hash.bytes), .bytes(signed.sender.bytes),
            transaction.to.map { .bytes($0.bytes) } ?? .null,
            created.map { .bytes($0.bytes) } ?? .null, .bytes(transaction.value.bytes),
            .bytes(isCreation ? [] : Array(transaction.data.prefix(4))),
            .integer(receipt.succeeded ? 1 : 0), .integer(Int64(truncatingIfNeeded: gas)),
            .bytes((UInt256(gas) &* price).bytes),
        ]
    }

    /// The row of a transfer.
    static func row(_ transfer: TokenTransfer, at position: Int64, _ origin: Int64) -> [Cell] {
        [
            .integer(position), .integer(origin), .bytes(transfer.token.bytes),
            .integer(transfer.standard.rawValue), .bytes(transfer.sender.bytes),
            .bytes(transfer.recipient.bytes), .bytes(transfer.item?.bytes ?? []),
            .bytes(transfer.amount.bytes),
        ]
    }
}
