import Encoding
import Identifiers
import Primitives

extension ShopDemo {
    /// How many orders the merchant delivers at a time.
    private static let delivered = 250

    /// Sends the purchases that are not on the chain, delivers them, and disturbs the network.
    func trade(_ nonces: [UInt64], isDisturbed: Bool) throws {
        var (ordered, left) = try report.step("history") { try outstanding() }
        guard !left.isEmpty || !ordered.isEmpty else { return }
        var nonces = nonces
        let errands = left.map { purchase in
            defer { nonces[purchase.customer] += 1 }
            return self.errands.order(purchase, nonce: nonces[purchase.customer])
        }
        var nonce = try self.nonce(of: Merchant.address, network.anyNode())
        let before = courier.tally
        var done = 0
        var most = Self.delivered
        func deliveries() throws -> [Parcel] {
            var parcels: [Parcel] = []
            while ordered.count >= most, !ordered.isEmpty {
                let batch = Array(ordered.prefix(Self.delivered))
                ordered.removeFirst(batch.count)
                parcels.append(Parcel(self.errands.deliver(batch, nonce: nonce), chain: chain))
                nonce += 1
            }
            return parcels
        }
        try report.step("purchases") {
            let parcels = try Parcel.sign(errands, chain: chain)
            if left.isEmpty { most = 1 }
            let clock = ContinuousClock.now
            try courier.bring(parcels + deliveries()) { progress in
                let arrived = progress.arrived.filter { $0 < left.count }
                done += arrived.count
                ordered += arrived.map { left[$0] }
                if isDisturbed, !left.isEmpty { try disturb(done: done, of: left.count) }
                if done == left.count { most = 1 }
                report.progress(
                    "\(grouped(done)) of \(grouped(left.count)), height \(progress.height)",
                    of: "purchases")
                return try deliveries()
            }
            return ((), figure(left.count, since: clock, before))
        }
        let sent = zip(courier.tally.sent, before.sent).map { grouped($0 - $1) }
        let again = courier.tally.resent - before.resent
        report.note(
            "sent to each node: \(sent.joined(separator: " "))"
                + (again > 0 ? "; \(grouped(again)) of them again" : ""))
    }

    private func figure(
        _ count: Int, since start: ContinuousClock.Instant, _ before: Courier.Tally
    ) -> String {
        let seconds = max((ContinuousClock.now - start) / .milliseconds(1), 1) / 1000
        let tally = courier.tally
        let blocks = tally.blocks - before.blocks
        return
            "\(grouped(count)) final in \(blocks) blocks, \(Int(Double(count) / seconds)) a second, "
            + "\(grouped((tally.gas - before.gas) / 1_000_000)) million gas"
    }

    /// The purchases that await delivery, and those that are not on the chain, in their order.
    private func outstanding() throws -> ((ordered: [Purchase], left: [Purchase]), figure: String) {
        let books = ShopBooks(contracts: contracts, node: try network.anyNode())
        let all = history.purchases
        let what =
            "\(grouped(all.count)) purchases of \(grouped(history.customers.count)) customers,"
            + " \(dollars(history.total.cents))"
        guard try books.summary().purchases > 0 else { return (([], all), what) }
        let stages = try books.stages(
            of: all.map { (customers.addresses[$0.customer], $0.number) })
        let left = zip(all, stages).filter { $0.1 == 0 }.map(\.0)
        let ordered = zip(all, stages).filter { $0.1 == 1 }.map(\.0)
        return (
            (ordered, left), "\(what); \(grouped(all.count - left.count)) are on the chain already"
        )
    }
}
