/// One purchase of a shop's history.
package struct Purchase: Hashable, Sendable {
    /// Who bought: the place in the history's list of customers.
    package let customer: Int
    /// The how manyth purchase of the customer's it is, from 0: what names it in the ledger.
    package let number: UInt64
    /// The day as yyyymmdd.
    package let day: UInt64
    /// How many discs.
    package let discs: UInt64
    /// The price in cents.
    package let cents: UInt64

    /// Creates a purchase.
    package init(customer: Int, number: UInt64, day: UInt64, discs: UInt64, cents: UInt64) {
        self.customer = customer
        self.number = number
        self.day = day
        self.discs = discs
        self.cents = cents
    }
}

/// How often was bought, and for how much.
package struct Sales: Hashable, Sendable {
    /// The number of purchases.
    package var count: UInt64
    /// Their price in cents.
    package var cents: UInt64

    /// Creates sums.
    package init(count: UInt64 = 0, cents: UInt64 = 0) {
        self.count = count
        self.cents = cents
    }

    /// Adds a purchase.
    mutating func add(_ purchase: Purchase) {
        count += 1
        cents += purchase.cents
    }
}

/// What can be wrong with the file of a history.
package enum ShopHistoryError: Error, Hashable {
    /// The line, by number from 1, is not what a line should be.
    case line(Int)
    /// There is no purchase in it.
    case empty
}

extension ShopHistoryError: CustomStringConvertible {
    /// What is wrong, in one line.
    package var description: String {
        switch self {
        case .line(let number):
            "line \(number) is not `customer [customer] yyyymmdd discs dollars.cents`"
        case .empty: "there is no purchase in it"
        }
    }
}

/// The purchases of a shop in the order of their days, and the sums to which they must come.
package struct ShopHistory: Sendable {
    /// The customers' numbers in the whole data set, ascending.
    package let customers: [UInt64]
    /// The purchases, day after day.
    package let purchases: [Purchase]
    /// The sums of each customer, in the order of `customers`.
    package let byCustomer: [Sales]
    /// The days on which something was bought, ascending, and their sums.
    package let byDay: [(day: UInt64, sales: Sales)]
    /// The sum of all.
    package let total: Sales

    /// Reads the CDNOW files: the whole one, or the sample, which has one more column.
    ///
    /// A line that begins with a letter is a heading.
    package init(decoding text: [UInt8]) throws(ShopHistoryError) {
        var rows: [Row] = []
        for (index, line) in text.split(separator: 10).enumerated() {
            let fields = line.split { $0 == 32 || $0 == 13 || $0 == 9 }.map(Array.init)
            guard let first = fields.first, first[0] >= 48, first[0] <= 57 else { continue }
            guard let row = Row(fields) else { throw .line(index + 1) }
            rows.append(row)
        }
        guard !rows.isEmpty else { throw .empty }
        self.init(rows)
    }

    private init(_ rows: [Row]) {
        let customers = Set(rows.map(\.customer)).sorted()
        let places = Dictionary(
            uniqueKeysWithValues: customers.enumerated().map { ($0.element, $0.offset) })
        var byCustomer = [Sales](repeating: Sales(), count: customers.count)
        var byDay: [UInt64: Sales] = [:]
        var total = Sales()
        var purchases: [Purchase] = []
        for row in rows {
            guard let place = places[row.customer] else { continue }
            let purchase = Purchase(
                customer: place, number: byCustomer[place].count, day: row.day, discs: row.discs,
                cents: row.cents)
            byCustomer[place].add(purchase)
            byDay[row.day, default: Sales()].add(purchase)
            total.add(purchase)
            purchases.append(purchase)
        }
        self.customers = customers
        self.byCustomer = byCustomer
        self.byDay = byDay.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        self.total = total
        self.purchases = purchases.sorted {
            ($0.day, $0.customer, $0.number) < ($1.day, $1.customer, $1.number)
        }
    }
}

/// One line of a file.
private struct Row {
    let customer, day, discs, cents: UInt64

    init?(_ fields: [[UInt8]]) {
        guard fields.count == 4 || fields.count == 5,
            let customer = Self.number(fields[0]), let day = Self.number(fields[fields.count - 3]),
            let discs = Self.number(fields[fields.count - 2]),
            let cents = Self.cents(fields[fields.count - 1])
        else { return nil }
        self.customer = customer
        self.day = day
        self.discs = discs
        self.cents = cents
    }

    private static func number(_ digits: [UInt8]) -> UInt64? {
        guard digits.count <= 12 else { return nil }
        return UInt64(String(decoding: digits, as: UTF8.self))
    }

    /// Dollars with exactly two decimals, as cents.
    private static func cents(_ digits: [UInt8]) -> UInt64? {
        guard digits.count >= 4, digits[digits.count - 3] == 46 else { return nil }
        return number(Array(digits.dropLast(3) + digits.suffix(2)))
    }
}
