import Identifiers
import Machine
import Network
import Primitives
import Testing

@Suite struct SwarmTests {
    /// Seven swarms, each of whom knows all the others.
    static func seven(seed: UInt64, topics: [String] = ["t"]) -> Village {
        var village = Village(seed: seed)
        for index in 0..<7 {
            village.add(knowing: (0..<7).filter { $0 != index }, topics: topics)
        }
        return village
    }

    @Test("seven swarms that know each other are all connected within half a second")
    func connect() {
        var village = Self.seven(seed: 1)
        village.run(milliseconds: 500)
        for index in 0..<7 { #expect(village.swarms[index].connected.count == 6) }
        // One link for each pair is left.
        #expect(village.ends.count == 42)
        village.run(milliseconds: 20_000)
        for index in 0..<7 {
            #expect(village.swarms[index].connected.count == 6)
            #expect(village.told(index) { if case .report = $0 { true } else { nil } }.isEmpty)
        }
    }

    @Test("every message reaches all once, whoever published it")
    func publish() {
        var village = Self.seven(seed: 2)
        village.run(milliseconds: 1_000)
        var sent: [[UInt8]] = []
        for index in 0..<7 {
            for number in 0..<10 {
                let content = [UInt8](repeating: UInt8(index), count: number * 500 + 1) + [1, 2]
                sent.append(content)
                village.act(index, .publish("t", content))
            }
        }
        village.run(milliseconds: 1_000)
        for index in 0..<7 {
            let expected = sent.filter { $0[0] != UInt8(index) }
            let found = village.messages(index, "t")
            #expect(found.count == expected.count)
            #expect(Set(found) == Set(expected))
        }
    }

    @Test("a message for one peer comes to that peer alone, and in order")
    func direct() {
        var village = Self.seven(seed: 3)
        let peer = village.swarms[4].peer
        // The first ones are said before there is a connection.
        for number in 0..<200 as Range<UInt8> {
            village.act(2, .send(peer, [number]))
            if number == 100 { village.run(milliseconds: 500) }
        }
        village.run(milliseconds: 500)
        for index in 0..<7 {
            let frames = village.told(index) { output -> UInt8? in
                if case .frame(_, let bytes) = output { bytes[0] } else { nil }
            }
            #expect(frames == (index == 4 ? Array(0..<200) : []))
        }
    }

    @Test("a request has its answer, and one to a stranger is refused at once")
    func request() {
        var village = Self.seven(seed: 4)
        village.run(milliseconds: 500)
        let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0) }
        village.act(0, .request(Ticket(1), village.swarms[5].peer, "/test/1", bytes))
        village.act(0, .request(Ticket(2), village.swarms[5].peer, "/other/1", bytes))
        village.act(0, .request(Ticket(3), Village.secret(40).peer, "/test/1", bytes))
        village.run(milliseconds: 500)
        var answers: [UInt64: Result<[UInt8], Requests.Failure>] = [:]
        for case .responded(let ticket, let result) in village.told[0] {
            answers[ticket.number] = result
        }
        #expect(answers[1] == .success(bytes))
        #expect(answers[2] == .failure(.unsupported))
        #expect(answers[3] == .failure(.notConnected))
        #expect(answers.count == 3)
    }

    @Test("a swarm that was killed is connected to all within a second of its restart")
    func restart() {
        var village = Self.seven(seed: 5)
        village.run(milliseconds: 2_000)
        village.kill(3)
        village.run(milliseconds: 30_000)
        for index in 0..<7 where index != 3 {
            #expect(village.swarms[index].connected.count == 5)
        }
        village.restart(3, knowing: [0, 1, 2, 4, 5, 6], topics: ["t"])
        village.run(milliseconds: 1_000)
        for index in 0..<7 { #expect(village.swarms[index].connected.count == 6) }
        village.act(0, .publish("t", [9]))
        village.run(milliseconds: 100)
        #expect(village.messages(3, "t").last == [9])
    }

    @Test("one that is isolated has no links, and has all of them again when it is over")
    func isolate() {
        var village = Self.seven(seed: 6)
        village.run(milliseconds: 1_000)
        village.act(6, .isolate(true))
        village.run(milliseconds: 15_000)
        #expect(village.swarms[6].connected.isEmpty)
        #expect(village.swarms[0].connected.count == 5)
        village.act(6, .isolate(false))
        village.run(milliseconds: 1_500)
        for index in 0..<7 { #expect(village.swarms[index].connected.count == 6) }
    }

    @Test("halves that were parted find each other again, and messages reach all")
    func partition() {
        var village = Self.seven(seed: 7)
        village.run(milliseconds: 1_000)
        village.isCut = { ($0 < 3) != ($1 < 3) }
        village.run(milliseconds: 60_000)
        #expect(village.swarms[0].connected.count == 2)
        #expect(village.swarms[5].connected.count == 3)
        village.isCut = { _, _ in false }
        village.run(milliseconds: 12_000)
        for index in 0..<7 { #expect(village.swarms[index].connected.count == 6) }
        village.act(1, .publish("t", [7, 7]))
        village.run(milliseconds: 100)
        for index in 0..<7 where index != 1 {
            #expect(village.messages(index, "t").last == [7, 7])
        }
    }

    @Test("a swarm that knows one peer learns of the others from it")
    func discover() {
        var village = Village(seed: 8)
        for index in 0..<7 { village.add(knowing: index == 0 ? [] : [0]) }
        village.run(milliseconds: 70_000)
        for index in 0..<7 { #expect(village.swarms[index].connected.count == 6) }
    }

    @Test("one seed is one history")
    func deterministic() {
        func digest(_ seed: UInt64) -> [Int] {
            var village = Self.seven(seed: seed)
            village.run(milliseconds: 3_000)
            village.act(0, .publish("t", [1]))
            village.run(milliseconds: 3_000)
            return [village.bytesWritten, village.writes] + village.told.map(\.count)
        }
        #expect(digest(9) == digest(9))
    }
}
