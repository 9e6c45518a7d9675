import Encoding
import Identifiers
import Machine
import Primitives

/// A list out of the index, page by page: what is asked, and what its columns mean.
struct Listing: Sendable {
    /// The statement; after its own values come those of the cursor, and the limit.
    let sql: String
    /// Its own values.
    let cells: [Cell]
    /// The cursor of the first page.
    let start: [Cell]
    /// The columns, in their order, that are the cursor of the page after theirs.
    let keys: [Int]
    /// What the columns hold.
    let columns: [Column]

    init(
        _ sql: String, _ cells: [Cell] = [], from start: [Cell] = [.integer(.max)],
        keys: [Int] = [0], columns: [Column]
    ) {
        self.sql = sql
        self.cells = cells
        self.start = start
        self.keys = keys
        self.columns = columns
    }

    /// A column of rows, and a member of answers.
    enum Column: Sendable {
        /// A position: the members `block` and one for the count within it.
        case position(String)
        /// A position of which only the block is told.
        case block
        /// Bytes in hexadecimal.
        case bytes(String)
        /// Bytes in hexadecimal, or null.
        case optional(String)
        /// An address whose token is explained beside the entries.
        case token(String)
        /// A number in decimal digits: too great for numbers of JSON.
        case amount(String)
        /// Such a number, or null.
        case item(String)
        /// A number.
        case number(String)
        /// A truth.
        case flag(String)
        /// The standard of a token.
        case standard
        /// The topics of an event, one after another.
        case topics
    }

    /// The statement of one page.
    func statement(_ query: Query) throws(APIFailure) -> Statement {
        let cursor = query.cursor ?? start
        guard Self.isAlike(cursor, start) else {
            throw APIFailure(.invalid, "cursor: expected `next` of the page before")
        }
        return Statement(
            sql, rows: [cells + cursor + [.integer(Int64(query.limit) + 1)]])
    }

    /// The page that rows make.
    func page(_ rows: [[Cell]], _ query: Query) -> Page {
        let shown = rows.prefix(query.limit)
        var page = Page(items: shown.map { Self.item($0, columns) })
        if rows.count > query.limit, let last = shown.last {
            page.next = keys.map { Self.text(last[$0]) }.joined(separator: "-")
        }
        for row in shown {
            for (cell, column) in zip(row, columns) {
                guard case .token = column, case .bytes(let bytes) = cell,
                    let token = Address(bytes), !page.tokens.contains(token)
                else { continue }
                page.tokens.append(token)
            }
        }
        return page
    }

    /// A page of a list.
    struct Page {
        /// The entries.
        let items: [JSON]
        /// The cursor of the page after it.
        var next: String?
        /// The tokens that entries name.
        var tokens: [Address] = []
    }

    /// The entry that a row makes.
    static func item(_ row: [Cell], _ columns: [Column]) -> JSON {
        .object(zip(row, columns).flatMap { $1.members($0) })
    }

    private static func isAlike(_ left: [Cell], _ right: [Cell]) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy { pair in
                switch pair {
                case (.integer, .integer): true
                case (.bytes(let left), .bytes(let right)):
                    left.count == right.count || left.count == 32 && right.isEmpty
                        || left.isEmpty && right.count == 32
                default: false
                }
            }
    }

    private static func text(_ cell: Cell) -> String {
        switch cell {
        case .integer(let number): String(number)
        case .bytes(let bytes): Hex.encode(bytes)
        case .text, .null: ""
        }
    }
}

extension Listing.Column {
    /// The members of an answer that a cell makes.
    func members(_ cell: Cell) -> [JSON.Member] {
        switch (self, cell) {
        case (.position(let count), .integer(let position)):
            [
                .init("block", .integer(position >> Int64(IndexSchema.countBits))),
                .init(count, .integer(position & (1 << Int64(IndexSchema.countBits) - 1))),
            ]
        case (.block, .integer(let position)):
            [.init("block", .integer(position >> Int64(IndexSchema.countBits)))]
        case (.bytes(let name), .bytes(let bytes)), (.optional(let name), .bytes(let bytes)),
            (.token(let name), .bytes(let bytes)):
            [.init(name, .string(Hex.encode(bytes)))]
        case (.item(let name), .bytes([])): [.init(name, .null)]
        case (.amount(let name), .bytes(let bytes)), (.item(let name), .bytes(let bytes)):
            [.init(name, .string((UInt256(bigEndian: bytes) ?? .zero).description))]
        case (.number(let name), .integer(let number)): [.init(name, .integer(number))]
        case (.flag(let name), .integer(let number)): [.init(name, .bool(number != 0))]
        case (.standard, .integer(let number)): [.init("standard", .string("ERC-\(number)"))]
        case (.topics, .bytes(let bytes)):
            [
                .init(
                    "topics",
                    .array(
                        stride(from: 0, to: bytes.count, by: 32).map {
                            .string(Hex.encode(Array(bytes[$0..<min($0 + 32, bytes.count)])))
                        }))
            ]
        case (.optional(let name), _), (.item(let name), _): [.init(name, .null)]
        default: []
        }
    }

    /// What the members look like.
    var shapes: [(name: String, shape: Shape)] {
        switch self {
        case .position(let count): [("block", .number), (count, .number)]
        case .block: [("block", .number)]
        case .bytes(let name), .token(let name): [(name, .bytes)]
        case .optional(let name): [(name, .nullable(.bytes))]
        case .amount(let name): [(name, .amount)]
        case .item(let name): [(name, .nullable(.amount))]
        case .number(let name): [(name, .number)]
        case .flag(let name): [(name, .truth)]
        case .standard: [("standard", .text)]
        case .topics: [("topics", .list(.bytes))]
        }
    }
}
