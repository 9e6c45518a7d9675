import Glibc
import Linux
import Machine
import Primitives
import Simulation
import Testing

/// What every disk must be; run by the real one and the virtual one.
@Suite struct DiskRoleTests {
    enum Kind: CaseIterable {
        case database
        case virtual
    }

    /// A disk and how to write to it.
    final class Subject {
        let disk: any Disk
        let commit: ([Write]) throws -> Void
        private let directory = ScratchDirectory()

        init(_ kind: Kind) throws {
            switch kind {
            case .database:
                let database = try Database(directory: directory.path)
                disk = database
                commit = { try database.commit([$0]) }
            case .virtual:
                let virtual = VirtualDisk()
                disk = virtual
                commit = {
                    virtual.commit($0, for: Ticket(1))
                    virtual.syncAll()
                }
            }
        }
    }

    @Test(
        "a snapshot shows what was committed before it and nothing after", arguments: Kind.allCases)
    func isolation(kind: Kind) throws {
        let subject = try Subject(kind)
        try subject.commit([Write(Table(0), [1], [1])])
        let before = subject.disk.snapshot()
        try subject.commit([Write(Table(0), [1], [2]), Write(Table(0), [2], [])])
        #expect(before.value([1], in: Table(0)) == [1])
        #expect(before.value([2], in: Table(0)) == nil)
        #expect(before.last(in: Table(0)) == Entry(key: [1], value: [1]))
        #expect(subject.disk.snapshot().value([1], in: Table(0)) == [2])
        #expect(subject.disk.snapshot().value([2], in: Table(0)) == [])
    }

    @Test("tables do not see each other", arguments: Kind.allCases)
    func tables(kind: Kind) throws {
        let subject = try Subject(kind)
        try subject.commit([Write(Table(0), [1], [0]), Write(Table(31), [1], [31])])
        let snapshot = subject.disk.snapshot()
        #expect(snapshot.value([1], in: Table(0)) == [0])
        #expect(snapshot.value([1], in: Table(31)) == [31])
        #expect(snapshot.last(in: Table(5)) == nil)
        #expect(snapshot.entries(from: [], in: Table(5), limit: 9).isEmpty)
    }

    @Test("later writes of a batch win", arguments: Kind.allCases)
    func later(kind: Kind) throws {
        let subject = try Subject(kind)
        let (table, key) = (Table(2), [UInt8](repeating: 9, count: 500))
        try subject.commit([Write(table, key, [1]), Write(table, key, nil), Write(table, key, [3])])
        #expect(subject.disk.snapshot().value(key, in: table) == [3])
        try subject.commit([Write(table, key, [4]), Write(table, key, nil)])
        #expect(subject.disk.snapshot().value(key, in: table) == nil)
    }

    @Test("it reads as a sorted dictionary would, whatever is written", arguments: Kind.allCases)
    func model(kind: Kind) throws {
        let subject = try Subject(kind)
        var chance = Random(seed: 7)
        var model: [[UInt8]: [UInt8]] = [:]
        let table = Table(1)
        for _ in 0..<20 {
            var batch: [Write] = []
            for _ in 0..<200 {
                let key = (0...Int(chance.next() % 3)).map { _ in UInt8(chance.next() & 15) }
                let size = Int(chance.next() % 3000)
                let isGone = chance.next() % 3 == 0
                let value = isGone ? nil : [UInt8](repeating: UInt8(size & 255), count: size)
                model[key] = value
                batch.append(Write(table, key, value))
            }
            try subject.commit(batch)
            let sorted = model.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            let snapshot = subject.disk.snapshot()
            #expect(
                snapshot.entries(from: [], in: table, limit: 9999).map(\.key) == sorted.map(\.key))
            #expect(snapshot.last(in: table)?.key == sorted.last?.key)
            let start = [UInt8(chance.next() & 15), 3]
            let tail = sorted.drop { $0.key.lexicographicallyPrecedes(start) }.prefix(7)
            let found = snapshot.entries(from: start, in: table, limit: 7)
            #expect(found == tail.map { Entry(key: $0.key, value: $0.value) })
        }
    }

    @Test("a snapshot may be read from many threads at once")
    func threads() throws {
        let directory = ScratchDirectory()
        let database = try Database(directory: directory.path)
        let writes = (0..<200).map { Write(Table(1), [UInt8($0)], [UInt8($0)]) }
        try database.commit([writes])
        let snapshot = database.snapshot()
        let threads = try (0..<4).map { _ in
            try NativeThread {
                for round in 0..<20_000 {
                    let byte = UInt8(round % 200)
                    precondition(snapshot.value([byte], in: Table(1)) == [byte])
                }
            }
        }
        for round in 0..<50 { try database.commit([[Write(Table(1), [UInt8(round)], nil)]]) }
        for thread in threads { thread.join() }
        #expect(database.snapshot().value([10], in: Table(1)) == nil)
    }

    @Test("what was read of a large file is no memory of the process after the next commit")
    func pages() throws {
        let directory = ScratchDirectory()
        let database = try Database(directory: directory.path, mappedLimit: 1 << 20)
        let value = [UInt8](repeating: 7, count: 1 << 20)
        let keys = (0..<64 as Range<UInt8>).map { [$0] }
        try database.commit([keys.map { Write(Table(1), $0, value) }])
        let snapshot = database.snapshot()
        #expect(keys.allSatisfy { snapshot.value($0, in: Table(1)) == value })
        let before = try mappedBytes()
        try database.commit([[Write(Table(2), [1], [1])]])
        #expect(try mappedBytes() < before - (48 << 20))
        #expect(keys.allSatisfy { snapshot.value($0, in: Table(1)) == value })
    }

    /// How many bytes of files the process has mapped and looked at.
    private func mappedBytes() throws -> Int {
        let file = try #require(fopen("/proc/self/statm", "r"))
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 200)
        _ = try #require(fgets(&line, 200, file))
        let words = String(decoding: line.map(UInt8.init(bitPattern:)), as: UTF8.self)
            .split(separator: " ")
        return try #require(Int(words[2])) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

@Suite struct DamageTests {
    @Test("a database that was cut short is refused with its name")
    func short() throws {
        let directory = ScratchDirectory()
        do {
            let database = try Database(directory: directory.path)
            let value = [UInt8](repeating: 1, count: 100_000)
            try database.commit([[Write(Table(0), [1], value)]])
        }
        truncate(directory.path + "/database/data.mdb", 20_000)
        #expect {
            _ = try Database(directory: directory.path)
        } throws: { error in
            guard case .damaged = error as? LinuxFailure else { return false }
            return true
        }
    }

    @Test("a byte that the disk turned over ends the process before anything is built on it")
    func rotten() async {
        await #expect(processExitsWith: .exitCode(1)) {
            let directory = ScratchDirectory()
            let value = [UInt8]("a balance that nobody may change".utf8)
            do {
                let database = try Database(directory: directory.path)
                try database.commit([[Write(Table(0), [1], value)]])
            }
            let file = try #require(fopen(directory.path + "/database/data.mdb", "r+"))
            var bytes: [UInt8] = []
            for byte in sequence(state: file, next: { fgetc($0) }).prefix(while: { $0 >= 0 }) {
                bytes.append(UInt8(byte))
            }
            let place = try #require(
                bytes.indices.first { bytes[$0...].starts(with: value) })
            fseek(file, place, SEEK_SET)
            fputc(Int32(value[0] ^ 1), file)
            fclose(file)
            let database = try Database(directory: directory.path)
            _ = database.snapshot().value([1], in: Table(0))
            // To get here is the failure: the process ends with another code.
            exit(0)
        }
    }

    @Test("a file that is no database is refused with its name")
    func foreign() throws {
        let directory = ScratchDirectory()
        mkdir(directory.path + "/database", 0o700)
        let file = try #require(fopen(directory.path + "/database/data.mdb", "w"))
        for _ in 0..<100_000 { fputs("no database", file) }
        fclose(file)
        #expect {
            _ = try Database(directory: directory.path)
        } throws: { error in
            guard case .damaged = error as? LinuxFailure else { return false }
            return true
        }
    }

    @Test("the log keeps its order over appends and replacements, and drops a half-made one")
    func journal() throws {
        let directory = ScratchDirectory()
        do {
            var journal = try JournalFile(directory: directory.path)
            try journal.append([[1], [2, 3]])
            try journal.replace(with: [7])
            try journal.append([[8]])
        }
        let half = try #require(fopen(directory.path + "/log.new", "w"))
        fputs("half", half)
        fclose(half)
        let journal = try JournalFile(directory: directory.path)
        #expect(try journal.contents() == [7, 8])
    }
}
