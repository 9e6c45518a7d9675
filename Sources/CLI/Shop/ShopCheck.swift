import Encoding
import Glibc
import Primitives

/// Asks every node over its own RPC whether all that was sold is there, once, to the cent.
struct ShopCheck {
    let demo: ShopDemo

    /// One node's view of the chain at one height.
    private struct Root: Equatable {
        let hash: Hash32
        let state: Hash32
    }

    func run() throws {
        let height = try catchUp()
        try compareRoots(at: height)
        try compareCustomers()
        try compareDays()
        try compareBooks()
    }

    private var nodes: [NodeClient] {
        demo.network.endpoints.map { NodeClient($0, timeout: .seconds(60)) }
    }

    /// Waits until every node is where the furthest was; returns that height.
    private func catchUp() throws -> UInt64 {
        try demo.report.step("caught up") {
            let heights = nodes.compactMap { try? $0.call("eth_blockNumber").quantity }
            guard let target = heights.max() else { throw Failure("no node answers any more") }
            let end = ContinuousClock.now + .seconds(90)
            for node in nodes {
                var height: UInt64?
                while true {
                    height = (try? node.call("eth_blockNumber"))?.quantity
                    if let height, height >= target { break }
                    guard ContinuousClock.now < end else {
                        let found = height.map { "at height \($0)" } ?? "without an answer"
                        throw Failure("caught up: \(node) is \(found), expected height \(target)")
                    }
                    usleep(100_000)
                }
            }
            return (target, "all \(nodes.count) nodes are at height \(target) or above")
        }
    }

    private func compareRoots(at height: UInt64) throws {
        try demo.report.step("state root") {
            let roots = try nodes.map { node in
                let block = try node.call("eth_getBlockByNumber", .quantity(height), false)
                guard let hash = block["hash"]?.hash, let state = block["stateRoot"]?.hash else {
                    throw Failure("state root: \(node) has no block \(height)")
                }
                return Root(hash: hash, state: state)
            }
            for (node, root) in zip(nodes, roots) where root != roots[0] {
                throw Failure(
                    "state root at \(height): \(node) has \(root.state) in block \(root.hash),"
                        + " \(nodes[0]) has \(roots[0].state) in block \(roots[0].hash)")
            }
            return ((), "\(roots[0].state) at height \(height) on all \(nodes.count)")
        }
    }

    private func compareCustomers() throws {
        try demo.report.step("by customer") {
            for node in nodes {
                let found = try books(node).totals(of: demo.customers.addresses)
                for (place, sales) in found.enumerated()
                where sales != demo.history.byCustomer[place] {
                    let expected = demo.history.byCustomer[place]
                    throw Failure(
                        "customer \(demo.history.customers[place]) on \(node): \(sales.count)"
                            + " purchases, \(dollars(sales.cents)); the data set has"
                            + " \(expected.count), \(dollars(expected.cents))")
                }
            }
            let sum = demo.history.total
            return (
                (),
                "\(grouped(demo.history.customers.count)) customers, \(grouped(sum.count))"
                    + " purchases, \(dollars(sum.cents)): equal to the cent on all \(nodes.count)"
            )
        }
    }

    private func compareDays() throws {
        try demo.report.step("by day") {
            guard try isWhole() else {
                return ((), "not compared: the chain has sold more than this data set")
            }
            let days = demo.history.byDay
            for node in nodes {
                let found = try books(node).totals(ofDays: days.map(\.day))
                for (place, sales) in found.enumerated() where sales != days[place].sales {
                    throw Failure(
                        "day \(days[place].day) on \(node): \(sales.count) purchases,"
                            + " \(dollars(sales.cents)); the data set has"
                            + " \(days[place].sales.count), \(dollars(days[place].sales.cents))")
                }
            }
            return ((), "\(days.count) days: equal to the cent on all \(nodes.count)")
        }
    }

    /// Nothing is in escrow, all is delivered, and no customer of ours has a cent left.
    private func compareBooks() throws {
        try demo.report.step("books") {
            let books = books(try demo.network.anyNode())
            let found = try books.summary()
            guard found.escrow == 0, found.delivered == found.purchases else {
                throw Failure(
                    "books: \(found.delivered) of \(found.purchases) are delivered,"
                        + " \(dollars(found.escrow)) in escrow")
            }
            for (place, balance) in try books.balances(of: demo.customers.addresses).enumerated()
            where !balance.units.isZero {
                throw Failure(
                    "books: customer \(demo.history.customers[place]) has \(balance.units) units left"
                )
            }
            return (
                (), "\(grouped(found.delivered)) delivered, nothing in escrow, nothing left over"
            )
        }
    }

    private func isWhole() throws -> Bool {
        try books(demo.network.anyNode()).summary().purchases == demo.history.total.count
    }

    private func books(_ node: NodeClient) -> ShopBooks {
        ShopBooks(contracts: demo.contracts, node: node)
    }
}
