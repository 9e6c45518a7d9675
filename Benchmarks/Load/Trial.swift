import Encoding
import Glibc
import Identifiers
import Linux
import Machine
import Primitives
import Synchronization

/// Transfers at one rate for some seconds: what was taken in, what became final, and how late.
final class Trial: Sendable {
    private let nodes: [Endpoint]
    private let senders: Mutex<[Sender]>
    private let rate: Int
    private let seconds: Int
    private let count: Int
    private let addresses: [Address]
    private let targets: Targets

    /// Whom the transfers are made to.
    enum Targets {
        /// The accounts that send.
        case eachOther
        /// Accounts that were not there before.
        case strangers
        /// So many accounts of a large state, by chance.
        case among(Int)
    }

    private struct Tally {
        var sentAt: [Hash32: ContinuousClock.Instant] = [:]
        var latencies: [Double] = []
        var finalTimes: [Double] = []
        var offered = 0
        var refused = 0
        var refusals: [String: Int] = [:]
    }

    private let tally = Mutex(Tally())
    private let isOver = Mutex(false)

    /// Creates a trial.
    init(nodes: [Endpoint], senders: [Sender], rate: Int, seconds: Int, targets: Targets) {
        addresses = senders.map(\.address)
        self.targets = targets
        self.nodes = nodes
        count = senders.count
        self.senders = Mutex(senders)
        self.rate = rate
        self.seconds = seconds
    }

    /// Runs the trial; the result is a line of JSON.
    func run() throws -> String {
        let chainID = try prepare()
        let start = ContinuousClock.now
        let watcher = try NativeThread { self.watch(since: start) }
        let width = 2 * nodes.count
        let threads = try (0..<width).map { place in
            try NativeThread { self.send(place, of: width, chainID: chainID, since: start) }
        }
        for thread in threads { thread.join() }
        // What was taken in has ten more seconds to become final.
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end, tally.withLock({ !$0.sentAt.isEmpty }) { usleep(10_000) }
        isOver.withLock { $0 = true }
        watcher.join()
        return report()
    }

    /// Asks for the chain and each account's next nonce.
    private func prepare() throws -> UInt64 {
        let client = HTTPClient(host: nodes[0].host, port: nodes[0].port)
        let chain = try ask(client, "eth_chainId", "")
        var known = senders.withLock { $0 }
        for start in stride(from: 0, to: known.count, by: 100) {
            let range = start..<min(start + 100, known.count)
            let calls = range.map { index in
                #"{"jsonrpc":"2.0","id":\#(index),"method":"eth_getTransactionCount","params":["#
                    + #""\#(known[index].address)","pending"]}"#
            }
            let body = Array("[\(calls.joined(separator: ","))]".utf8)
            let replies = try JSON(decoding: client.post("/", body).body).elements ?? []
            for reply in replies {
                guard let index = reply["id"]?.integer, let text = reply["result"]?.text,
                    let nonce = UInt64(text.dropFirst(2), radix: 16)
                else { continue }
                known[index].nonce = nonce
            }
        }
        senders.withLock { $0 = known }
        return UInt64(chain.dropFirst(2), radix: 16) ?? 0
    }

    private func ask(_ client: HTTPClient, _ method: String, _ parameters: String) throws -> String
    {
        let call = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":[\#(parameters)]}"#
        let reply = try JSON(decoding: client.post("/", Array(call.utf8)).body)
        return reply["result"]?.text ?? ""
    }

    /// Sends this thread's share: its own accounts, in turn, when the rate says so.
    private func send(
        _ place: Int, of width: Int, chainID: UInt64, since start: ContinuousClock.Instant
    ) {
        let node = nodes[place % nodes.count]
        let client = HTTPClient(host: node.host, port: node.port, timeout: .seconds(30))
        var own = senders.withLock { senders in
            stride(from: place, to: count, by: width).map { senders[$0] }
        }
        var cursor = 0
        var sent = 0
        while true {
            let elapsed = (ContinuousClock.now - start) / .seconds(1)
            if elapsed >= Double(seconds) { return }
            let due = Int(elapsed * Double(rate) / Double(width)) - sent
            guard due > 0 else {
                usleep(2_000)
                continue
            }
            // An account sends one at a time within a batch, so that a refusal leaves no gap.
            let chosen = (0..<min(due, 100, own.count)).map { (cursor + $0) % own.count }
            cursor += chosen.count
            sent += chosen.count
            let transfers = chosen.map { index in
                let other = (index * width + place + 1 + Int(own[index].nonce)) % count
                let target = target(of: own[index], other)
                return own[index].transfer(to: target, chainID: chainID)
            }
            let now = ContinuousClock.now
            tally.withLock { tally in
                tally.offered += chosen.count
                for transfer in transfers { tally.sentAt[transfer.hash] = now }
            }
            let body = Array("[\(transfers.map(\.call).joined(separator: ","))]".utf8)
            let response = try? client.post("/", body)
            let replies = response.flatMap { try? JSON(decoding: $0.body).elements } ?? []
            note(replies, transfers.map(\.hash), chosen, &own)
        }
    }

    /// Whom a transfer is made to.
    private func target(of sender: Sender, _ other: Int) -> Address {
        switch targets {
        case .eachOther: addresses[other]
        case .strangers: sender.stranger
        case .among(let count): LargeState.address(Int(sender.stranger.a >> 1) % count)
        }
    }

    private func note(
        _ replies: [JSON], _ hashes: [Hash32], _ chosen: [Int], _ own: inout [Sender]
    ) {
        tally.withLock { tally in
            for (place, index) in chosen.enumerated() {
                if replies.indices.contains(place), replies[place]["result"] != nil {
                    own[index].nonce += 1
                    continue
                }
                tally.refused += 1
                tally.sentAt[hashes[place]] = nil
                let reply = replies.indices.contains(place) ? replies[place] : nil
                tally.refusals[reply?["error"]?["message"]?.text ?? "no answer", default: 0] += 1
            }
        }
    }

    /// Looks for final blocks, and notes when each transfer was seen in one.
    private func watch(since start: ContinuousClock.Instant) {
        let client = HTTPClient(host: nodes[0].host, port: nodes[0].port, timeout: .seconds(30))
        var next = number(try? ask(client, "eth_blockNumber", "")).map { $0 + 1 } ?? 1
        while !isOver.withLock({ $0 }) {
            usleep(5_000)
            guard let height = number(try? ask(client, "eth_blockNumber", "")) else { continue }
            while next <= height {
                let hashes = block(next, client)
                let now = ContinuousClock.now
                tally.withLock { tally in
                    for hash in hashes {
                        guard let sent = tally.sentAt.removeValue(forKey: hash) else { continue }
                        tally.latencies.append((now - sent) / .seconds(1))
                        tally.finalTimes.append((now - start) / .seconds(1))
                    }
                }
                next += 1
            }
        }
    }

    private func number(_ text: String?) -> UInt64? {
        text.flatMap { UInt64($0.dropFirst(2), radix: 16) }
    }

    private func block(_ number: UInt64, _ client: HTTPClient) -> [Hash32] {
        let parameters = #""0x\#(String(number, radix: 16))",false"#
        let call =
            #"{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":[\#(parameters)]}"#
        guard let response = try? client.post("/", Array(call.utf8)),
            let reply = try? JSON(decoding: response.body)
        else { return [] }
        return (reply["result"]?["transactions"]?.elements ?? []).compactMap { element in
            element.text.flatMap { try? Hex.decode($0) }.flatMap { Hash32($0) }
        }
    }

    private func report() -> String {
        tally.withLock { tally in
            let sorted = tally.latencies.sorted()
            func at(_ part: Double) -> Double {
                sorted.isEmpty ? 0 : sorted[Int(Double(sorted.count - 1) * part)]
            }
            // From the second second to the last: without the rise and the tail.
            let window = tally.finalTimes.filter { $0 >= 2 && $0 <= Double(seconds) }
            let final = Double(window.count) / Double(max(1, seconds - 2))
            let refusals = tally.refusals.sorted { $0.value > $1.value }.prefix(3)
            let members: [(String, JSON)] = [
                ("rate", .integer(rate)), ("offered", .integer(tally.offered)),
                ("refused", .integer(tally.refused)), ("final", .integer(sorted.count)),
                ("missing", .integer(tally.sentAt.count)),
                ("finalPerSecond", .integer(Int(final))),
                ("p50ms", .integer(Int(at(0.5) * 1000))), ("p99ms", .integer(Int(at(0.99) * 1000))),
                ("refusals", .object(refusals.map { JSON.Member($0.key, .integer($0.value)) })),
            ]
            let json = JSON.object(members.map { JSON.Member($0.0, $0.1) })
            return json.line
        }
    }
}
