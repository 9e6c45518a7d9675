import Identifiers
import Machine
import Primitives

/// The lists that the index gives.
extension Listing {
    /// What is told of a transaction.
    static let transactionColumns: [Column] = [
        .position("index"), .bytes("hash"), .bytes("from"), .optional("to"),
        .optional("created"), .amount("value"), .bytes("method"), .flag("succeeded"),
        .number("gasUsed"), .amount("fee"), .number("time"),
    ]
    /// What is told of a transfer of tokens.
    static let transferColumns: [Column] = [
        .position("index"), .bytes("transaction"), .token("token"), .standard, .bytes("from"),
        .bytes("to"), .item("item"), .amount("amount"), .number("time"),
    ]
    /// What is told of an event.
    static let eventColumns: [Column] = [
        .position("index"), .bytes("transaction"), .bytes("address"), .topics, .bytes("data"),
        .number("time"),
    ]

    private static let transaction = """
        t.position, t.hash, t.sender, t.recipient, t.created, t.value, t.selector, t.succeeded,
        t.gas, t.fee, b.time
        """
    private static let transfer = """
        m.position, t.hash, m.token, m.standard, m.sender, m.recipient, m.item, m.amount, b.time
        """
    private static func block(of position: String) -> String {
        "JOIN blocks b ON b.number = \(position) >> \(IndexSchema.countBits)"
    }

    /// All transactions, newest first.
    static let transactions = Listing(
        """
        SELECT \(transaction) FROM transactions t \(block(of: "t.position"))
        WHERE t.position < ? ORDER BY t.position DESC LIMIT ?
        """, columns: transactionColumns)

    /// The transactions that an account sent or received, or was created by, newest first.
    static func transactions(of address: Address) -> Listing {
        Listing(
            """
            SELECT \(transaction) FROM account_transactions a
            CROSS JOIN transactions t ON t.position = a.position \(block(of: "a.position"))
            WHERE a.address = ? AND a.position < ? ORDER BY a.position DESC LIMIT ?
            """, [.bytes(address.bytes)], columns: transactionColumns)
    }

    /// The token transfers from or to an account, newest first.
    static func transfers(of address: Address) -> Listing {
        Listing(
            """
            SELECT \(transfer) FROM account_transfers a
            CROSS JOIN transfers m ON m.position = a.position
            JOIN transactions t ON t.position = m.origin \(block(of: "a.position"))
            WHERE a.address = ? AND a.address IN (m.sender, m.recipient)
            AND a.position < ? ORDER BY a.position DESC LIMIT ?
            """, [.bytes(address.bytes)], columns: transferColumns)
    }

    /// The transfers of a token, newest first.
    static func transfers(ofToken address: Address) -> Listing {
        Listing(
            """
            SELECT \(transfer) FROM account_transfers a
            CROSS JOIN transfers m ON m.position = a.position
            JOIN transactions t ON t.position = m.origin \(block(of: "a.position"))
            WHERE a.address = ? AND m.token = a.address
            AND a.position < ? ORDER BY a.position DESC LIMIT ?
            """, [.bytes(address.bytes)], columns: transferColumns)
    }

    /// Amounts that somebody can have: what is below zero or zero in two's complement is none.
    private static let owned =
        "amount > zeroblob(32) AND amount <= x'7f\(String(repeating: "ff", count: 31))'"
    private static let allOnes = [UInt8](repeating: 0xff, count: 32)

    /// The tokens that an account has.
    static func tokens(of address: Address) -> Listing {
        Listing(
            """
            SELECT a.token, s.standard, a.item, a.amount FROM balances a
            CROSS JOIN tokens s ON s.address = a.token
            WHERE a.holder = ? AND \(owned)
            AND (a.token, a.item) < (?, ?) ORDER BY a.token DESC, a.item DESC LIMIT ?
            """, [.bytes(address.bytes)],
            from: [.bytes(Array(allOnes.prefix(20))), .bytes(allOnes)], keys: [0, 2],
            columns: [.token("token"), .standard, .item("item"), .amount("amount")])
    }

    /// All tokens, those that are seen last first.
    static let tokens = Listing(
        """
        SELECT address, standard, position FROM tokens
        WHERE position < ? ORDER BY position DESC LIMIT ?
        """, keys: [2], columns: [.token("address"), .standard, .block])

    /// Who has a token, the richest first.
    static func holders(of token: Address) -> Listing {
        Listing(
            """
            SELECT amount, holder, item FROM balances WHERE token = ? AND \(owned)
            AND (amount, holder, item) < (?, ?, ?)
            ORDER BY amount DESC, holder DESC, item DESC LIMIT ?
            """, [.bytes(token.bytes)],
            from: [.bytes(allOnes), .bytes(Array(allOnes.prefix(20))), .bytes(allOnes)],
            keys: [0, 1, 2],
            columns: [.amount("amount"), .bytes("holder"), .item("item")])
    }

    /// How many have a token, up to a limit.
    static func holderCount(of token: Address) -> Statement {
        Statement(
            """
            SELECT count(*) FROM
            (SELECT 1 FROM balances WHERE token = ? AND \(owned) LIMIT \(countLimit))
            """, .bytes(token.bytes))
    }

    /// What is counted is counted so far.
    static let countLimit = 10_000

    /// Contracts that transactions created, newest first.
    static let contracts = Listing(
        """
        SELECT c.position, c.address, c.creator, t.hash, b.time FROM contracts c
        JOIN transactions t ON t.position = c.position \(block(of: "c.position"))
        WHERE c.position < ? ORDER BY c.position DESC LIMIT ?
        """,
        columns: [
            .position("index"), .bytes("address"), .bytes("creator"), .bytes("transaction"),
            .number("time"),
        ])

    /// Events, newest first, by contract and topics.
    static func events(_ query: Query) -> Listing {
        var terms: [(Cell, Int64)] = []
        for (place, topic) in query.topics.enumerated().reversed() {
            if let topic { terms.append((.bytes(topic.bytes), Int64(place))) }
        }
        if let address = query.address {
            // What is rarest drives the search: later topics, then the contract, then the first.
            let place = query.topics[0] == nil ? terms.count : terms.count - 1
            terms.insert((.bytes(address.bytes), IndexSchema.addressPlace), at: place)
        }
        var sources = ["logs l"]
        var conditions = ["l.position >= ?", "l.position < ?"]
        var cells: [Cell] = []
        for (index, term) in terms.enumerated() {
            let name = "x\(index)"
            sources.insert("log_terms \(name)", at: index)
            conditions.insert(
                "\(name).value = ? AND \(name).place = ? AND \(name).position = x0.position",
                at: index)
            cells += [term.0, .integer(term.1)]
        }
        let position = terms.isEmpty ? "l.position" : "x0.position"
        conditions = conditions.map { $0.replacing("l.position", with: position) }
        if !terms.isEmpty { conditions.append("l.position = x0.position") }
        cells.append(.integer(IndexSchema.position(query.from ?? 0)))
        return Listing(
            """
            SELECT l.position, t.hash, l.address, l.topics, l.data, b.time
            FROM \(sources.joined(separator: " CROSS JOIN "))
            JOIN transactions t ON t.position = l.origin \(block(of: "l.position"))
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY \(position) DESC LIMIT ?
            """, cells,
            from: [.integer(query.to.map { IndexSchema.position($0 &+ 1) } ?? .max)],
            columns: eventColumns)
    }
}
