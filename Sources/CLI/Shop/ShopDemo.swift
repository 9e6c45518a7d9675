import Crypto
import Encoding
import Glibc
import Identifiers
import Machine
import Primitives

/// The shop's history replayed on a network of nodes, and every sum of it compared with the data.
///
/// Each step looks at what the chain has already and does the rest, so that a run goes on where the
/// one before was broken off, and a whole one changes nothing.
final class ShopDemo {
    let history: ShopHistory
    let network: ShopNetwork
    let report: DemoReport
    let customers: ShopCustomers
    let contracts: ShopContracts
    let chain: UInt64
    let errands: ShopErrands
    let courier: Courier
    private(set) var disturbance = Disturbance()

    /// When the nodes were killed, and whether they run again.
    struct Disturbance {
        /// How many purchases were final when the nodes were killed; `nil` before.
        var killedAfter: Int?
        /// Whether they were started again.
        var isOver = false
    }

    init(history: ShopHistory, network: ShopNetwork, seed: [UInt8], report: DemoReport) throws {
        self.history = history
        self.network = network
        self.report = report
        contracts = try ShopContracts()
        chain = try Self.join(network, report)
        customers = ShopCustomers(seed: seed, numbers: history.customers)
        errands = ShopErrands(contracts: contracts, customers: customers, chain: chain)
        courier = try Courier(network.endpoints)
    }

    /// Does everything; throws at the first figure that is not as it must be.
    func run(isDisturbed: Bool) throws {
        try deploy()
        try fund()
        let standings = try register()
        try trade(standings, isDisturbed: isDisturbed)
        try ShopCheck(demo: self).run()
    }

    /// Waits until every node answers, all for the same chain.
    private static func join(_ network: ShopNetwork, _ report: DemoReport) throws -> UInt64 {
        try report.step("network") {
            var chains: Set<UInt64> = []
            for endpoint in network.endpoints {
                let node = NodeClient(endpoint)
                let answer = try patiently(15) { try node.call("eth_chainId") }
                guard let chain = answer.quantity else {
                    throw Failure("\(node): eth_chainId answered \(answer)")
                }
                chains.insert(chain)
            }
            guard let chain = chains.first, chains.count == 1 else {
                throw Failure("the nodes are of different chains: \(chains.sorted())")
            }
            let height = try network.anyNode().call("eth_blockNumber").quantity ?? 0
            return (chain, "\(network.endpoints.count) nodes, chain \(chain), height \(height)")
        }
    }

    /// Makes the contracts if they are not there.
    private func deploy() throws {
        try report.step("contracts") {
            let books = ShopBooks(contracts: contracts, node: try network.anyNode())
            let places = contracts.all.map { "\($0.name) \($0.address)" }.joined(separator: ", ")
            guard try !books.isOpen() else { return ((), "there already: \(places)") }
            let nonce = try self.nonce(of: Merchant.address, books.node)
            guard nonce < 3 else {
                throw Failure("the merchant \(Merchant.address) has another past on chain \(chain)")
            }
            try floatMerchant(books.node)
            try courier.bring(Parcel.sign(errands.contracts(from: nonce), chain: chain))
            guard try books.isOpen() else { throw Failure("the contracts have no code: \(places)") }
            return ((), places)
        }
    }

    /// Gives each customer what the purchases that are left cost, and money for gas.
    private func fund() throws {
        try report.step("funds") {
            let node = try network.anyNode()
            let books = ShopBooks(contracts: contracts, node: node)
            let balances = try books.balances(of: customers.addresses)
            let sales = try books.totals(of: customers.addresses)
            var receivers: [(account: Address, units: UInt256)] = []
            var issued = UInt256.zero
            for (place, address) in customers.addresses.enumerated() {
                let left =
                    history.byCustomer[place].cents
                    &- min(
                        sales[place].cents, history.byCustomer[place].cents)
                let needed = UInt256(left * ShopContracts.unitsPerCent)
                let held = balances[place].units
                let isPoor = balances[place].wei < ShopErrands.allowance >> 2
                guard held < needed || (isPoor && sales[place] != history.byCustomer[place])
                else { continue }
                let units = held < needed ? needed &- held : .zero
                issued = issued &+ units
                receivers.append((address, units))
            }
            guard !receivers.isEmpty else { return ((), "every customer has enough already") }
            var nonce = try self.nonce(of: Merchant.address, node)
            var errands = errands.issue(issued, nonce: nonce)
            nonce += UInt64(errands.count)
            for start in stride(from: 0, to: receivers.count, by: ShopErrands.funded) {
                let end = min(start + ShopErrands.funded, receivers.count)
                errands.append(self.errands.fund(Array(receivers[start..<end]), nonce: nonce))
                nonce += 1
            }
            try bring(errands, "funds")
            let cents = issued.asUInt64.map { $0 / ShopContracts.unitsPerCent } ?? 0
            return (
                (),
                "\(grouped(receivers.count)) customers, \(dollars(cents)) in "
                    + "\(errands.count) transactions"
            )
        }
    }

    /// Registers who is not a customer yet; returns how many transactions each has sent.
    private func register() throws -> [UInt64] {
        try report.step("customers") {
            let books = ShopBooks(contracts: contracts, node: try network.anyNode())
            try awaitEmptyPool(books.node)
            let known = try books.summary().customers
            let count = customers.addresses.count
            let standings =
                known == 0
                ? Array(repeating: (nonce: 0, isCustomer: false), count: count)
                : try books.standings(of: customers.addresses)
            let domain = Permit.domain(token: contracts.dollar.address, chain: chain)
            var nonces = standings.map(\.nonce)
            var errands: [Errand] = []
            for place in standings.indices where !standings[place].isCustomer {
                errands.append(
                    self.errands.register(place, domain: domain, nonce: nonces[place]))
                nonces[place] += 1
            }
            try bring(errands, "customers")
            let found = try ShopBooks(contracts: contracts, node: network.anyNode()).summary()
            guard found.customers >= UInt64(count) else {
                throw Failure("customers: \(found.customers) are registered, expected \(count)")
            }
            return (
                nonces,
                "\(grouped(count)) registered, \(grouped(errands.count)) of them now by permit"
            )
        }
    }

    /// Gives the merchant money from the network's faucet, if there is none.
    private func floatMerchant(_ node: NodeClient) throws {
        let account = JSON.string(Merchant.address.description)
        let wei = try node.call("eth_getBalance", account, "latest").wideQuantity ?? .zero
        guard wei < ShopErrands.float >> 1 else { return }
        guard let faucet = network.faucet else {
            throw Failure(
                "the merchant \(Merchant.address) has \(wei) wei on chain \(chain): the demo runs"
                    + " on networks that `martlet up` makes, or that give it \(ShopErrands.float)")
        }
        let nonce = try self.nonce(of: Address(faucet.publicKey.addressHash), node)
        try courier.bring([Parcel(errands.float(from: faucet, nonce: nonce), chain: chain)])
    }

    /// How many transactions an account has sent.
    func nonce(of account: Address, _ node: NodeClient) throws -> UInt64 {
        let name = JSON.string(account.description)
        return try node.call("eth_getTransactionCount", name, "latest").quantity ?? 0
    }

    private func bring(_ errands: [Errand], _ name: String) throws {
        let parcels = try Parcel.sign(errands, chain: chain)
        try courier.bring(parcels) { progress in
            report.progress(
                "\(progress.done) of \(parcels.count), height \(progress.height)", of: name)
            return []
        }
    }

    /// Lets what a broken-off run left in the pools become final before nonces are counted.
    private func awaitEmptyPool(_ node: NodeClient) throws {
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            guard let pending = try? node.call("martlet_status")["pool"]?["pending"],
                (pending.integer ?? Int(pending.quantity ?? 0)) > 0
            else { return }
            usleep(200_000)
        }
    }

    /// Kills two nodes at once in the middle of the load, and starts them again later.
    func disturb(done: Int, of all: Int) throws {
        let victims = network.victims
        guard let kill = network.kill, let restart = network.restart, !victims.isEmpty else {
            return
        }
        let names = victims.map(String.init).joined(separator: " and ")
        if disturbance.killedAfter == nil, done * 2 >= all {
            for victim in victims { try kill(victim) }
            disturbance.killedAfter = done
            report.note("nodes \(names) killed after \(grouped(done)) of \(grouped(all)) purchases")
        }
        if let killed = disturbance.killedAfter, !disturbance.isOver,
            (done - killed) * 4 >= all || done == all
        {
            for victim in victims { try restart(victim) }
            disturbance.isOver = true
            report.note("nodes \(names) started again after \(grouped(done)) purchases")
        }
    }
}

/// Does something again until it succeeds or the seconds are over; then its last error is thrown.
func patiently<Value>(_ seconds: Int, _ body: () throws -> Value) throws -> Value {
    let end = ContinuousClock.now + .seconds(seconds)
    while true {
        do { return try body() } catch  where ContinuousClock.now < end { usleep(100_000) }
    }
}
