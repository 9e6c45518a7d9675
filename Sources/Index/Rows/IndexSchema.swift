import Machine
import Primitives

/// The tables of the index.
///
/// Every row follows from a block and its receipts. A *position* is the number of a block, shifted
/// by 24 bits, and a count within the block: of its transactions, its logs or its token transfers.
/// Addresses and hashes are bytes; amounts are 32 bytes, so that their order is that of numbers.
public enum IndexSchema {
    /// The statements that make the tables.
    public static let text = """
        CREATE TABLE blocks(
            number INTEGER PRIMARY KEY, hash BLOB NOT NULL, time INTEGER NOT NULL);
        CREATE TABLE transactions(
            position INTEGER PRIMARY KEY, hash BLOB NOT NULL, sender BLOB NOT NULL,
            recipient BLOB, created BLOB, value BLOB NOT NULL, selector BLOB NOT NULL,
            succeeded INTEGER NOT NULL, gas INTEGER NOT NULL, fee BLOB NOT NULL);
        CREATE TABLE account_transactions(
            address BLOB NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(address, position)
        ) WITHOUT ROWID;
        CREATE TABLE contracts(
            address BLOB PRIMARY KEY, creator BLOB NOT NULL, position INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX contracts_by_position ON contracts(position);
        CREATE TABLE logs(
            position INTEGER PRIMARY KEY, origin INTEGER NOT NULL, address BLOB NOT NULL,
            topics BLOB NOT NULL, data BLOB NOT NULL);
        CREATE TABLE log_terms(
            value BLOB NOT NULL, place INTEGER NOT NULL, position INTEGER NOT NULL,
            PRIMARY KEY(value, place, position)
        ) WITHOUT ROWID;
        CREATE TABLE transfers(
            position INTEGER PRIMARY KEY, origin INTEGER NOT NULL, token BLOB NOT NULL,
            standard INTEGER NOT NULL, sender BLOB NOT NULL, recipient BLOB NOT NULL,
            item BLOB NOT NULL, amount BLOB NOT NULL);
        CREATE TABLE account_transfers(
            address BLOB NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(address, position)
        ) WITHOUT ROWID;
        CREATE TABLE tokens(
            address BLOB PRIMARY KEY, standard INTEGER NOT NULL, position INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX tokens_by_position ON tokens(position);
        CREATE TABLE balances(
            token BLOB NOT NULL, holder BLOB NOT NULL, item BLOB NOT NULL, amount BLOB NOT NULL,
            PRIMARY KEY(token, holder, item)
        ) WITHOUT ROWID;
        CREATE INDEX balances_by_amount ON balances(token, amount);
        CREATE INDEX balances_by_holder ON balances(holder)
        """

    /// The bits of a position that count within a block.
    static let countBits: UInt64 = 24

    /// The place of a log's address among what it can be found by; topics have 0 to 3.
    static let addressPlace: Int64 = -1

    /// The position of something by its block and its count there.
    static func position(_ number: UInt64, _ count: Int = 0) -> Int64 {
        Int64(truncatingIfNeeded: number << countBits | UInt64(truncatingIfNeeded: count))
    }

    /// The newest block of the index.
    static let newest = Statement("SELECT number, hash FROM blocks ORDER BY number DESC LIMIT 1")

    /// A statement that fails if the index does not end with a point: rows follow it, or nothing.
    static func end(at point: IndexPoint?) -> Statement {
        // What would be written has no hash, and is refused.
        guard let point else {
            return Statement(
                "INSERT INTO blocks SELECT 0, NULL, 0 WHERE EXISTS (SELECT 1 FROM blocks)")
        }
        return Statement(
            """
            INSERT INTO blocks SELECT 0, NULL, 0 WHERE (SELECT max(number) FROM blocks) IS NOT ?1
            OR (SELECT hash FROM blocks WHERE number = ?1) IS NOT ?2
            """, .integer(Int64(truncatingIfNeeded: point.number)), .bytes(point.hash.bytes))
    }

    /// Blocks of the index before one, newest first, to find the last that the chain still has.
    static func blocks(before number: UInt64) -> Statement {
        Statement(
            "SELECT number, hash FROM blocks WHERE number < ? ORDER BY number DESC LIMIT 512",
            .integer(Int64(truncatingIfNeeded: number)))
    }

    /// What takes all blocks from one on out of the index.
    static func removal(from number: UInt64) -> [Statement] {
        let position = Cell.integer(position(number))
        return [
            balances("recipient", "difference256(zeroblob(32), amount)", position),
            balances("sender", "amount", position),
            Statement(
                "DELETE FROM blocks WHERE number >= ?",
                .integer(Int64(truncatingIfNeeded: number))),
        ]
            + [
                "transactions", "account_transactions", "contracts", "logs", "log_terms",
                "transfers", "account_transfers", "tokens",
            ].map { Statement("DELETE FROM \($0) WHERE position >= ?", position) }
    }

    /// Takes what transfers from a position on moved from balances.
    private static func balances(_ holder: String, _ amount: String, _ from: Cell) -> Statement {
        Statement(
            """
            INSERT INTO balances SELECT token, \(holder), item, \(amount) FROM transfers
            WHERE position >= ? AND \(holder) <> zeroblob(20)
            ON CONFLICT DO UPDATE SET amount = sum256(amount, excluded.amount)
            """, from)
    }
}
