import Machine
import Primitives
import Simulation
import Testing

@Suite struct WorldTests {
    private func world(_ seed: UInt64, _ weather: Weather? = nil) throws -> World<Pinger> {
        var chance = Random(seed: seed)
        let drawn = Weather(from: &chance, downLimit: 1)
        return try World(seed: seed, nodes: 4, weather: weather ?? drawn) { birth in
            Pinger(index: birth.index, recovered: birth.recovered)
        }
    }

    private func counts(_ world: World<Pinger>) -> [UInt64?] {
        (0..<world.count).map { world.read($0) { $0.count } }
    }

    @Test("nodes in fair weather reach each other")
    func calm() throws {
        let world = try world(1, .calm)
        world.run(for: .seconds(1))
        #expect(counts(world).allSatisfy { $0 ?? 0 > 100 })
    }

    @Test("equal seeds give equal digests, other seeds others", arguments: 0..<20 as Range<UInt64>)
    func digest(seed: UInt64) throws {
        let worlds = try [world(seed), world(seed), world(seed + 1)]
        for world in worlds { world.run(for: .seconds(5)) }
        #expect(worlds[0].digest == worlds[1].digest)
        #expect(worlds[0].steps == worlds[1].steps)
        #expect(worlds[0].digest != worlds[2].digest)
    }

    @Test("what was said to be synced is there after any crash", arguments: 0..<20 as Range<UInt64>)
    func crash(seed: UInt64) throws {
        let world = try world(seed)
        for _ in 0..<20 {
            world.run(for: .milliseconds(500))
            guard let synced = world.read(1, { $0.synced }) else { continue }
            world.crash(1)
            #expect(!world.isUp(1))
            try world.start(1)
            #expect(world.read(1) { $0.count } ?? 0 >= synced)
        }
    }

    @Test("after all faults end, every node goes on", arguments: 0..<20 as Range<UInt64>)
    func liveness(seed: UInt64) throws {
        let world = try world(seed)
        world.run(for: .seconds(15))
        try world.clear()
        world.run(for: .seconds(15))
        let before = counts(world)
        world.run(for: .seconds(5))
        for (before, after) in zip(before, counts(world)) { #expect(before ?? 0 < after ?? 0) }
    }

    @Test("nothing passes between two sides of a partition, and all of it after")
    func partition() throws {
        let world = try world(3, .calm)
        world.run(for: .seconds(1))
        world.partition(into: [[0], [1], [2], [3]])
        world.run(for: .seconds(1))
        let before = counts(world)
        world.run(for: .seconds(5))
        #expect(counts(world) == before)
        world.heal()
        world.run(for: .seconds(1))
        for (before, after) in zip(before, counts(world)) { #expect(before ?? 0 < after ?? 0) }
    }

    @Test("a request to a node that is up is answered")
    func request() throws {
        let world = try world(4, .calm)
        let request = HTTPRequest(method: "GET", target: "/", headers: [], body: [])
        let ticket = world.request(2, request)
        world.run(for: .seconds(1))
        let replies = world.takeReplies()
        #expect(replies.map(\.ticket) == [ticket])
        #expect(replies.map(\.node) == [2])
    }
}
