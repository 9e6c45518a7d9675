import Identifiers
import Machine
import Network
import Primitives
import Testing

/// Figures for the record, printed by release runs; the bounds are far below what is expected.
@Suite(.serialized) struct ThroughputTests {
    /// Two swarms on a wire in memory that takes no time.
    private func pair() -> Village {
        var village = Village(seed: 99)
        village.delay = 1_000
        village.add(knowing: [1], topics: ["t"])
        village.add(knowing: [], topics: ["t"])
        village.run(milliseconds: 2_000)
        return village
    }

    private func report(_ what: String, _ count: Int, _ bytes: Int, _ time: Duration) {
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        let rate = Double(bytes) / 1e6 / seconds
        print(
            "network: \(what): \(Int(Double(count) / seconds)) messages/s, \(Int(rate)) MB/s")
    }

    @Test("proposals of 300 kB are published from one swarm to another")
    func proposals() {
        var village = pair()
        let count = 50
        var content = [UInt8](repeating: 7, count: 300_000)
        let time = ContinuousClock().measure {
            for number in 0..<count {
                content[0] = UInt8(truncatingIfNeeded: number)
                village.act(0, .publish("t", content))
                village.run(milliseconds: 1)
            }
        }
        #expect(village.messages(1, "t").count == count)
        report("publish 300 kB", count, count * content.count, time)
    }

    @Test("votes of 200 bytes are sent from one swarm to another")
    func votes() {
        var village = pair()
        let count = 4_000
        let peer = village.swarms[1].peer
        let vote = [UInt8](repeating: 7, count: 200)
        let time = ContinuousClock().measure {
            for _ in 0..<count / 10 {
                for _ in 0..<10 { village.act(0, .send(peer, vote)) }
                village.run(milliseconds: 1)
            }
        }
        let found = village.told(1) { if case .frame = $0 { true } else { nil } }.count
        #expect(found == count)
        report("direct 200 B", count, count * vote.count, time)
    }

    @Test("transactions of 200 bytes are published one by one")
    func transactions() {
        var village = pair()
        let count = 2_000
        var content = [UInt8](repeating: 7, count: 200)
        let time = ContinuousClock().measure {
            for number in 0..<count {
                content[0] = UInt8(truncatingIfNeeded: number)
                content[1] = UInt8(truncatingIfNeeded: number >> 8)
                village.act(0, .publish("t", content))
                if number % 10 == 9 { village.run(milliseconds: 1) }
            }
            village.run(milliseconds: 10)
        }
        #expect(village.messages(1, "t").count == count)
        report("publish 200 B", count, count * content.count, time)
    }

    @Test("responses of 4 MB are fetched")
    func responses() {
        var village = pair()
        let response = [UInt8](repeating: 9, count: 4_000_000)
        village.answer = { _, _, _ in response }
        let count = 5
        let peer = village.swarms[1].peer
        let time = ContinuousClock().measure {
            for number in 0..<count {
                village.act(0, .request(Ticket(UInt64(number)), peer, "/test/1", [1]))
                village.run(milliseconds: 100)
            }
        }
        let found = village.told(0) {
            if case .responded(_, .success(response)) = $0 { true } else { nil }
        }
        #expect(found.count == count)
        report("request 4 MB", count, count * response.count, time)
    }

    @Test("seven swarms spread proposals of 300 kB and batches of 30 kB")
    func seven() {
        var village = SwarmTests.seven(seed: 98)
        village.run(milliseconds: 2_000)
        let before = village.bytesWritten
        let count = 10
        var sum = 0
        let time = ContinuousClock().measure {
            for number in 0..<count {
                for index in 0..<7 {
                    let size = index == number % 7 ? 300_000 : 30_000
                    sum += size
                    village.act(
                        index,
                        .publish(
                            "t", [UInt8(number), UInt8(index)] + .init(repeating: 1, count: size)))
                    village.run(milliseconds: 5)
                }
            }
            village.run(milliseconds: 100)
        }
        for index in 0..<7 { #expect(village.messages(index, "t").count == count * 6) }
        report("seven swarms, all messages to all", count * 7, sum, time)
        let sent = Double(village.bytesWritten - before) / Double(sum)
        // Six copies are needed; what is above that are duplicates and control.
        print("network: each byte went over a wire \(sent) times; six would be the least")
        #expect(sent < 8)
    }
}
