import Encoding
import Identifiers
import Primitives

/// What a node knows of the shop, read by calls that name many accounts at once.
struct ShopBooks {
    let contracts: ShopContracts
    let node: NodeClient

    /// The shop's own sums.
    struct Summary: Equatable {
        let customers, purchases, cents, escrow, delivered, cancelled: UInt64
    }

    /// Whether the contracts stand.
    func isOpen() throws -> Bool {
        let codes = try node.batch(
            contracts.all.map { ("eth_getCode", [.string($0.address.description), "latest"]) })
        return try codes.allSatisfy { try $0.get().text?.utf8.count ?? 0 > 2 }
    }

    /// The shop's own sums.
    func summary() throws -> Summary {
        let values = try contracts.orders.read("summary", [], from: node)
        let numbers = values.compactMap(\.number?.asUInt64)
        guard numbers.count == 6 else {
            throw Failure("\(node): Orders.summary is not six numbers")
        }
        return Summary(
            customers: numbers[0], purchases: numbers[1], cents: numbers[2], escrow: numbers[3],
            delivered: numbers[4], cancelled: numbers[5])
    }

    /// The sums of customers.
    func totals(of accounts: [Address]) throws -> [Sales] {
        try chunks(accounts) { chunk in
            try sales("totals", .accounts(chunk), count: chunk.count)
        }
    }

    /// The sums of days.
    func totals(ofDays days: [UInt64]) throws -> [Sales] {
        try chunks(days) { chunk in
            try sales("totals_by_day", .numbers(chunk), count: chunk.count)
        }
    }

    /// The wei and the units of the token of accounts.
    func balances(of accounts: [Address]) throws -> [(wei: UInt256, units: UInt256)] {
        let token = ABI.Value.address(contracts.dollar.address.bytes)
        return try chunks(accounts) { chunk in
            let values = try contracts.disperse.read(
                "balances", [token, .accounts(chunk)], from: node)
            let (wei, units) = try pair(values, "balances", count: chunk.count)
            return zip(wei, units).map { ($0, $1) }
        }
    }

    /// The stage of purchases: 0 not made, 1 ordered, 2 delivered, 3 cancelled.
    func stages(of purchases: [(account: Address, number: UInt64)]) throws -> [UInt64] {
        try chunks(purchases) { chunk in
            let values = try contracts.orders.read(
                "stages", [.accounts(chunk.map(\.account)), .numbers(chunk.map(\.number))],
                from: node)
            let stages = values.first?.numbers?.compactMap(\.asUInt64) ?? []
            guard stages.count == chunk.count else {
                throw Failure("\(node): Orders.stages answered \(stages.count) of \(chunk.count)")
            }
            return stages
        }
    }

    /// How many transactions accounts have sent, and whether they are customers.
    func standings(of accounts: [Address]) throws -> [(nonce: UInt64, isCustomer: Bool)] {
        try chunks(accounts) { chunk in
            let nonces = try node.batch(
                chunk.map { ("eth_getTransactionCount", [.string($0.description), "latest"]) })
            let records = try node.batch(
                chunk.map { account in
                    let input = contracts.orders.input("customer", [.address(account.bytes)])
                    let call: JSON = [
                        "to": .string(contracts.orders.address.description),
                        "data": .string(Hex.encode(input)),
                    ]
                    return ("eth_call", [call, "latest"])
                })
            return try zip(nonces, records).map { nonce, record in
                // A customer's number stands first in the answer.
                let number = try record.get().text.map { $0.dropFirst(2).prefix(64) } ?? ""
                return (try nonce.get().quantity ?? 0, number.contains { $0 != "0" })
            }
        }
    }

    private func chunks<Key, Value>(
        _ keys: [Key], _ read: ([Key]) throws -> [Value]
    ) throws -> [Value] {
        try stride(from: 0, to: keys.count, by: ShopContracts.most).flatMap { start in
            try read(Array(keys[start..<min(start + ShopContracts.most, keys.count)]))
        }
    }

    private func sales(_ function: String, _ keys: ABI.Value, count: Int) throws -> [Sales] {
        let values = try contracts.orders.read(function, [keys], from: node)
        let (counts, cents) = try pair(values, function, count: count)
        return zip(counts, cents).map {
            Sales(count: $0.asUInt64 ?? .max, cents: $1.asUInt64 ?? .max)
        }
    }

    private func pair(
        _ values: [ABI.Value], _ function: String, count: Int
    ) throws -> ([UInt256], [UInt256]) {
        guard values.count == 2, let first = values[0].numbers, let second = values[1].numbers,
            first.count == count, second.count == count
        else { throw Failure("\(node): \(function) did not answer \(count) pairs of numbers") }
        return (first, second)
    }
}
