import Machine
import Primitives
import Simulation
import Testing

@Suite struct VirtualDiskTests {
    @Test("the disk reads as a sorted dictionary would", arguments: 0..<10 as Range<UInt64>)
    func model(seed: UInt64) {
        var chance = Random(seed: seed)
        let disk = VirtualDisk()
        let table = Table(7)
        var model: [[UInt8]: [UInt8]] = [:]
        for round in 0..<2000 {
            let key = (0...Int(chance.next() % 3)).map { _ in UInt8(chance.next() & 31) }
            let value: [UInt8]? = chance.next() % 3 == 0 ? nil : [UInt8(round & 255)]
            model[key] = value
            disk.commit([Write(table, key, value)], for: Ticket(0))
            disk.syncAll()
            guard round % 100 == 0 else { continue }
            let sorted = model.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            let snapshot = disk.snapshot()
            #expect(snapshot.last(in: table)?.key == sorted.last?.key)
            #expect(snapshot.value(key, in: table) == model[key])
            let tail = sorted.drop { $0.key.lexicographicallyPrecedes(key) }.prefix(50)
            let found = snapshot.entries(from: key, in: table, limit: 50)
            #expect(found.map(\.key) == tail.map(\.key))
            #expect(found.map(\.value) == tail.map(\.value))
        }
    }

    @Test("a snapshot does not see later commits")
    func isolation() {
        let disk = VirtualDisk()
        disk.commit([Write(Table(0), [1], [1])], for: Ticket(1))
        disk.syncAll()
        let snapshot = disk.snapshot()
        disk.commit([Write(Table(0), [1], [2])], for: Ticket(2))
        disk.syncAll()
        #expect(snapshot.value([1], in: Table(0)) == [1])
        #expect(disk.snapshot().value([1], in: Table(0)) == [2])
    }

    @Test("a crash keeps all that was synced, and of the rest a prefix", arguments: 0..<50)
    func crash(seed: Int) {
        var chance = Random(seed: UInt64(seed))
        let disk = VirtualDisk()
        disk.append([1, 1, 1], for: Ticket(1))
        _ = disk.syncLog()
        disk.append([2, 2, 2], for: Ticket(2))
        disk.append([3, 3, 3], for: Ticket(3))
        disk.crash(by: &chance)
        let log = disk.recovered.log
        #expect(log.count >= 3)
        #expect(log == Array([1, 1, 1, 2, 2, 2, 3, 3, 3].prefix(log.count)))
    }
}
