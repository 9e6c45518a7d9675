import Crypto
import Encoding
import Identifiers
import Machine
import Network
import Primitives
import Testing

/// What strangers and bad peers do to a whole swarm.
@Suite struct HostileTests {
    private func lone() -> Village {
        var village = Village(seed: 50)
        village.add(knowing: [], topics: ["t"])
        return village
    }

    private func closed(_ village: Village) -> Int {
        village.told(0) { if case .close = $0 { true } else { nil } }.count
    }

    @Test("of five thousand half-open links 32 are kept, and none after ten seconds")
    func halfOpen() {
        var village = lone()
        for number in 0..<5_000 {
            _ = village.openRaw(to: 0, host: "10.0.\(number / 250).\(number % 250)")
        }
        #expect(closed(village) == 5_000 - 32)
        village.run(milliseconds: 10_001)
        #expect(closed(village) == 5_000)
        village.add(knowing: [0])
        village.run(milliseconds: 500)
        #expect(village.swarms[0].connected.count == 1)
    }

    @Test("of a hundred links from one host eight are kept; from this machine more are")
    func oneHost() {
        var village = lone()
        for _ in 0..<100 { _ = village.openRaw(to: 0, host: "10.1.1.1") }
        #expect(closed(village) == 92)
        for _ in 0..<20 { _ = village.openRaw(to: 0) }
        #expect(closed(village) == 92)
    }

    @Test("who says one byte every second is cut after ten seconds")
    func slow() {
        var village = lone()
        let link = village.openRaw(to: 0)
        for byte in Varint.encode(19) + Array("/multistream/1.0.0".utf8) {
            village.act(0, .received(link, [byte]))
            village.run(milliseconds: 1_000)
        }
        #expect(closed(village) == 1)
    }

    @Test("garbage in the first bytes costs the link and nothing else")
    func garbage() {
        var village = lone()
        for seed in 0..<200 as Range<UInt64> {
            let link = village.openRaw(to: 0)
            village.act(0, .received(link, noise(500, seed: seed)))
        }
        #expect(village.swarms[0].connected.isEmpty)
        village.run(milliseconds: 10_001)
        #expect(closed(village) == 200)
    }

    @Test("a swarm that dials itself finds out, and does not try again")
    func selfDial() throws {
        var village = lone()
        let nameless = try Multiaddr("/ip4/127.0.0.1/tcp/9000")
        village.act(0, .dial(nameless))
        village.act(0, .dial(try #require(Village.address(0))))
        village.run(milliseconds: 60_000)
        #expect(village.swarms[0].connected.isEmpty)
        #expect(village.ends.isEmpty)
        #expect(village.swarms[0].deadline == nil || village.bytesWritten < 2_000)
    }

    @Test("whoever answers at a peer's address with another name is not taken for it")
    func wrongName() throws {
        var village = lone()
        village.add(knowing: [])
        let address = try #require(Village.address(0)).naming(Village.secret(5).peer)
        village.act(1, .dial(address))
        village.run(milliseconds: 2_000)
        #expect(village.swarms[1].connected.isEmpty)
    }

    @Test("two who dial each other at the same moment end with one link", arguments: 0..<20)
    func simultaneous(_ seed: UInt64) {
        var village = Village(seed: seed)
        village.delay = 1_000_000 + seed * 10_000_000
        village.add(knowing: [], topics: ["t"])
        village.add(knowing: [], topics: ["t"])
        for index in 0..<2 {
            if let address = Village.address(1 - index) { village.act(index, .dial(address)) }
        }
        village.run(milliseconds: 4_000)
        #expect(village.ends.count == 2)
        village.act(0, .publish("t", [1]))
        village.run(milliseconds: 1_000)
        #expect(village.messages(1, "t") == [[1]])
    }

    @Test("a peer whose messages are rejected is graylisted, then banned, then forgiven")
    func invalid() {
        var village = SwarmTests.seven(seed: 51)
        village.verdict = { _, _, content in content.first == 66 ? .reject : .accept }
        village.run(milliseconds: 1_000)
        let bad = village.swarms[6].peer
        for number in 0..<20 as Range<UInt8> {
            village.act(6, .publish("t", [66, number]))
            village.run(milliseconds: 50)
        }
        // Nobody forwards what was rejected, so nobody but the author is blamed.
        for index in 0..<6 {
            let blamed = village.told(index) { output -> PeerID? in
                if case .report(let peer, _) = output { peer } else { nil }
            }
            #expect(Set(blamed) == [bad])
        }
        village.run(milliseconds: 2_000)
        village.act(0, .publish("t", [1]))
        village.run(milliseconds: 200)
        #expect(village.messages(3, "t").last == [1])
        // Only what came before the graylist was looked at.
        let looked = village.messages(0, "t").filter { $0.first == 66 }.count
        #expect(looked <= 8)
    }

    @Test("a peer that is banned is cut, and not let in for a minute")
    func banned() {
        var village = Village(seed: 52)
        village.add(knowing: [])
        village.add(knowing: [0])
        village.run(milliseconds: 500)
        village.act(0, .ban(village.swarms[1].peer))
        #expect(village.swarms[0].connected.isEmpty)
        village.run(milliseconds: 50_000)
        #expect(village.swarms[0].connected.isEmpty)
        village.run(milliseconds: 25_000)
        #expect(village.swarms[0].connected.count == 1)
    }

    @Test("a peer that does not read is cut, and what waits for it is bounded")
    func deaf() {
        var village = Village(seed: 53)
        village.add(knowing: [], topics: ["t"])
        village.add(knowing: [0], topics: ["t"])
        village.run(milliseconds: 2_000)
        // From now on nothing comes over: neither bytes nor room.
        village.isCut = { _, _ in true }
        village.isDrained = false
        for number in 0..<400 as Range<UInt64> {
            village.act(0, .publish("t", noise(100_000, seed: number)))
            village.act(0, .send(Village.secret(1).peer, noise(1_000, seed: number)))
        }
        let backlog = village.swarms[0].acquaintances(at: village.now).first?.backlog ?? 0
        #expect(backlog < 5_000_000)
        village.run(milliseconds: 20_000)
        #expect(village.swarms[0].connected.isEmpty)
    }

    @Test("a peer that vanishes without a word is missed within twenty seconds")
    func vanished() {
        var village = SwarmTests.seven(seed: 54)
        village.run(milliseconds: 1_000)
        village.isCut = { $0 == 6 || $1 == 6 }
        village.run(milliseconds: 20_000)
        #expect(village.swarms[0].connected.count == 5)
        #expect(village.swarms[6].connected.isEmpty)
    }

    @Test("links that break at random do not keep seven apart, and no message comes twice")
    func weather() {
        for seed in 0..<5 as Range<UInt64> {
            var village = SwarmTests.seven(seed: 60 + seed)
            village.run(milliseconds: 1_000)
            for number in 0..<60 as Range<UInt8> {
                let links = village.ends.keys.sorted()
                if let link = links.randomElement(using: &village.random) {
                    village.breakLink(link)
                }
                village.act(Int(number) % 7, .publish("t", [number]))
                village.run(milliseconds: 300)
            }
            village.run(milliseconds: 12_000)
            for index in 0..<7 {
                #expect(village.swarms[index].connected.count == 6)
                let found = village.messages(index, "t")
                #expect(Set(found).count == found.count)
                // Each was told to all, or announced to those who were away for a moment.
                #expect(found.count >= 45, "seed \(60 + seed), swarm \(index)")
            }
        }
    }
}
