import Encoding
import Glibc
import Linux
import Machine
import Primitives

/// Brings signed transactions to a network of nodes of which some may be down, and sees them final.
///
/// Each account has a home node and goes to the next that is up when that one is down, so that the
/// load is spread and an account's transactions arrive in order. What is not final in time is sent
/// again elsewhere, which is safe: a transaction counts once, however often it arrives.
final class Courier {
    /// How a run stands.
    struct Progress {
        /// The parcels that have become final since the last report, by their place.
        var arrived: [Int] = []
        /// How many parcels are final.
        var done = 0
        /// The height up to which blocks were read.
        var height: UInt64 = 0
    }

    /// How many blocks, transactions, and how much gas there was.
    struct Tally {
        /// Blocks read.
        var blocks = 0
        /// The gas that the parcels used.
        var gas: UInt64 = 0
        /// Parcels sent a second time or more.
        var resent = 0
        /// Parcels sent to each node.
        var sent: [Int] = []
    }

    private let nodes: [NodeClient]
    private var downUntil: [ContinuousClock.Instant]
    private var follower = 0
    private var height: UInt64
    private(set) var tally = Tally()

    private var parcels: [Parcel] = []
    private var places: [Hash32: Int] = [:]
    private var queues: [Queue]
    private var retries = Queue()
    private var parked: [Int: Queue] = [:]
    private var underWay: [Int: (since: ContinuousClock.Instant, node: Int)] = [:]
    private var loads: [Int: Int] = [:]
    private var refusals: [Int: Int] = [:]
    private var done = 0

    /// Creates a courier for the nodes at these endpoints, from the head that the network has now.
    init(_ endpoints: [Endpoint]) throws {
        nodes = endpoints.map { NodeClient($0, timeout: .seconds(5)) }
        downUntil = nodes.map { _ in .now }
        queues = nodes.map { _ in Queue() }
        tally.sent = nodes.map { _ in 0 }
        let heights = nodes.compactMap { try? $0.call("eth_blockNumber").quantity }
        guard let height = heights.max() else { throw Failure("no node of the network answers") }
        self.height = height
    }

    /// Sends parcels, and returns once all are final.
    ///
    /// After each block, `report` hears what arrived and may hand in more parcels.
    func bring(
        _ first: [Parcel], report: (Progress) throws -> [Parcel] = { _ in [] }
    ) throws {
        parcels = []
        places = [:]
        done = 0
        add(first)
        var lastNews = ContinuousClock.now
        while done < parcels.count {
            let isBusy = try sendRound()
            let arrived = try readBlocks()
            if !arrived.isEmpty {
                lastNews = .now
                done += arrived.count
                add(try report(Progress(arrived: arrived, done: done, height: height)))
            } else {
                try checkPatience(since: lastNews)
            }
            resendStale()
            if !isBusy, arrived.isEmpty { usleep(20_000) }
        }
        levelNodes()
    }

    /// Waits until every node that answers has the blocks that were read from one.
    ///
    /// Whichever is asked next then knows what is final. A node that is still catching up is not
    /// waited for long.
    private func levelNodes() {
        let end = ContinuousClock.now + .seconds(10)
        for node in nodes {
            while ContinuousClock.now < end,
                let number = (try? node.call("eth_blockNumber"))?.quantity, number < height
            {
                usleep(20_000)
            }
        }
    }

    private func add(_ more: [Parcel]) {
        for parcel in more {
            let place = parcels.count
            parcels.append(parcel)
            places[parcel.hash] = place
            if loads[parcel.sender, default: 0] >= CourierLimits.perSender
                || parked[parcel.sender] != nil
            {
                parked[parcel.sender, default: Queue()].append(place)
            } else {
                enqueue(place)
            }
        }
    }

    private func enqueue(_ place: Int) {
        let sender = parcels[place].sender
        loads[sender, default: 0] += 1
        queues[(sender % nodes.count + nodes.count) % nodes.count].append(place)
    }

    /// Offers every node that is up its next batch; tells whether anything was sent.
    private func sendRound() throws -> Bool {
        var isBusy = false
        for home in nodes.indices {
            guard underWay.count < CourierLimits.underWay, let node = up(from: home) else { break }
            var batch = retries.take(CourierLimits.batch)
            batch += queues[home].take(CourierLimits.batch - batch.count)
            guard !batch.isEmpty else { continue }
            isBusy = true
            try send(batch, to: node)
        }
        return isBusy
    }

    /// The first node from this one on that is not known to be down.
    private func up(from home: Int) -> Int? {
        let now = ContinuousClock.now
        return nodes.indices.map { (home + $0) % nodes.count }.first { downUntil[$0] <= now }
    }

    private func send(_ batch: [Int], to node: Int) throws {
        let calls = batch.map { place in
            ("eth_sendRawTransaction", [JSON.string(parcels[place].text)])
        }
        let results: [Result<JSON, NodeFailure>]
        do {
            results = try nodes[node].batch(calls)
        } catch {
            retries.append(contentsOf: batch)
            rest(node)
            return
        }
        tally.sent[node] += batch.count
        for (place, result) in zip(batch, results) {
            switch result {
            case .success: underWay[place] = (.now, node)
            case .failure(let failure): try refused(place, failure, by: node)
            }
        }
    }

    /// Tells a refusal that passes from one that stays.
    private func refused(_ place: Int, _ failure: NodeFailure, by node: Int) throws {
        let text = "\(failure)"
        if text.contains("already known") || text.contains("nonce too low") {
            // It is there, or final: a block will tell.
            underWay[place] = (.now, node)
            return
        }
        refusals[place, default: 0] += 1
        let stays = ["invalid", "intrinsic", "exceed", "not supported"].contains {
            text.contains($0)
        }
        guard !stays, refusals[place, default: 0] < CourierLimits.refusals else {
            throw Failure("\(nodes[node]) refused transaction \(parcels[place].hash): \(failure)")
        }
        // Its pool is full, or it is behind and does not know the account's last deeds.
        downUntil[node] = max(downUntil[node], .now + CourierLimits.pause)
        retries.append(place)
    }

    /// Reads the blocks that have become final; returns the parcels in them.
    private func readBlocks() throws -> [Int] {
        guard let node = up(from: follower) else { return [] }
        let calls = (1...CourierLimits.blocks).map { ahead in
            ("eth_getBlockReceipts", [JSON.quantity(height + UInt64(ahead))])
        }
        guard let results = try? nodes[node].batch(calls) else {
            rest(node)
            follower = (node + 1) % nodes.count
            return []
        }
        var arrived: [Int] = []
        for result in results {
            guard case .success(let answer) = result, let receipts = answer.elements else { break }
            height += 1
            tally.blocks += 1
            for receipt in receipts {
                guard let place = try arrival(receipt) else { continue }
                arrived.append(place)
            }
        }
        // A node that is cut off has nothing new to tell: the next one may.
        if arrived.isEmpty { follower = (node + 1) % nodes.count }
        return arrived
    }

    /// The parcel of a receipt that was not seen before; `nil` for transactions of others.
    private func arrival(_ receipt: JSON) throws -> Int? {
        guard let hash = receipt["transactionHash"]?.hash, let place = places[hash] else {
            return nil
        }
        guard receipt["status"]?.quantity == 1 else {
            throw Failure("transaction \(hash) was reverted in block \(height)")
        }
        guard places.removeValue(forKey: hash) != nil else { return nil }
        tally.gas += receipt["gasUsed"]?.quantity ?? 0
        underWay[place] = nil
        let sender = parcels[place].sender
        loads[sender, default: 1] -= 1
        release(sender)
        return place
    }

    private func release(_ sender: Int) {
        guard var waiting = parked[sender] else { return }
        for place in waiting.take(1) { enqueue(place) }
        parked[sender] = waiting.isEmpty ? nil : waiting
    }

    /// Leaves a node alone for a while; what it alone may have goes to others at once.
    private func rest(_ node: Int) {
        downUntil[node] = .now + CourierLimits.rest
        resend { $0.node == node }
    }

    private func resendStale() {
        guard retries.isEmpty else { return }
        let limit = ContinuousClock.now - CourierLimits.patience
        resend { $0.since < limit }
    }

    private func resend(where isLost: ((since: ContinuousClock.Instant, node: Int)) -> Bool) {
        for place in underWay.filter({ isLost($0.value) }).keys.sorted() {
            underWay[place] = nil
            retries.append(place)
            tally.resent += 1
        }
    }

    private func checkPatience(since news: ContinuousClock.Instant) throws {
        guard ContinuousClock.now - news > CourierLimits.silence else { return }
        throw Failure(
            "nothing became final for \(CourierLimits.silence.components.seconds) s:"
                + " \(done) of \(parcels.count) transactions are, at height \(height)")
    }
}

/// What bounds a courier.
enum CourierLimits {
    /// Transactions in one request.
    static let batch = 100
    /// Transactions that are sent and not yet final.
    static let underWay = 4_000
    /// Of these, of one account: half of what a node's pool takes.
    static let perSender = 32
    /// Blocks asked for in one request.
    static let blocks = 4
    /// How often one transaction may be refused for a reason that passes.
    static let refusals = 200
    /// How long a node that refused for such a reason is sent nothing.
    static let pause = Duration.milliseconds(300)
    /// How long a node that did not answer is left alone.
    static let rest = Duration.seconds(2)
    /// After what time a transaction is sent again.
    static let patience = Duration.seconds(30)
    /// After what time without news the run has failed.
    static let silence = Duration.seconds(60)
}

/// Places of parcels that wait, oldest first.
private struct Queue {
    private var places: [Int] = []
    private var first = 0

    var isEmpty: Bool { first == places.count }

    mutating func append(_ place: Int) { places.append(place) }

    mutating func append(contentsOf more: [Int]) { places += more }

    /// Takes up to so many out.
    mutating func take(_ most: Int) -> [Int] {
        let end = min(places.count, first + max(most, 0))
        let taken = Array(places[first..<end])
        first = end
        if first == places.count {
            places = []
            first = 0
        }
        return taken
    }
}
