import Machine
import Primitives
import Store
import Testing

/// Entries of one table, sorted.
private struct OneTable: Snapshot {
    let entries: [Entry]

    func value(_ key: [UInt8], in table: Table) -> [UInt8]? {
        entries.first { $0.key == key }?.value
    }

    func entries(from start: [UInt8], in table: Table, limit: Int) -> [Entry] {
        Array(entries.filter { !$0.key.lexicographicallyPrecedes(start) }.prefix(limit))
    }

    func last(in table: Table) -> Entry? { entries.last }
}

@Suite struct TablesTests {
    private let one = UInt256(1).hash
    private let two = UInt256(2).hash

    @Test("keys are the bytes that the format says")
    func keys() {
        #expect(Tables.key(0x0102_0304_0506_0708) == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(Tables.key(one) == one.bytes)
        #expect(Tables.key(one, [0]) == one.bytes + [0])
        #expect(Tables.key(one, two) == one.bytes + two.bytes)
        #expect(Tables.key(5, before: [9, 9]) == [0, 0, 0, 0, 0, 0, 0, 5, 9, 9])
        #expect(Tables.number(Tables.key(5, before: [9, 9])) == 5)
        #expect(Tables.number([0, 0, 0, 0, 0, 0, 1]) == nil)
        #expect(Tables.Meta.allCases.map(\.key) == (0..<8).map { [$0] })
    }

    @Test("each table has its own number, below the limit of the disk")
    func numbers() {
        let all = [
            Tables.meta, Tables.accounts, Tables.storage, Tables.codes, Tables.accountNodes,
            Tables.storageNodes, Tables.headers, Tables.bodies, Tables.receipts, Tables.numbers,
            Tables.transactions, Tables.accountHistory, Tables.storageHistory,
            Tables.certificates,
        ]
        #expect(all.map(\.number) == Array(0..<14))
    }

    @Test("the order of keys is the order of numbers")
    func order() {
        let numbers: [UInt64] = [0, 1, 255, 256, 65_535, 1 << 32, .max]
        let keys = numbers.map { Tables.key($0) }
        #expect(keys.sorted { $0.lexicographicallyPrecedes($1) } == keys)
    }

    @Test(
        "entries with a prefix are found over any number of pages",
        arguments: [0, 1, 1023, 1024, 1025, 3000])
    func pages(count: Int) {
        let before = Entry(key: one.bytes, value: [1])
        let within = (0..<count).map { index in
            Entry(key: two.bytes + [UInt8(index >> 8), UInt8(index & 255)], value: [2])
        }
        let after = Entry(key: UInt256(3).hash.bytes, value: [3])
        let snapshot = OneTable(entries: [before] + within + [after])
        #expect(snapshot.entries(startingWith: two.bytes, in: Tables.storage) == within)
        #expect(snapshot.entries(startingWith: [0xff], in: Tables.storage).isEmpty)
        #expect(snapshot.entries(startingWith: [], in: Tables.storage).count == count + 2)
    }
}
