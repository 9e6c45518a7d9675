import Foundation
import Fuzzing
import Testing

/// Every door with the bytes that fuzzing began with, and with those that it found.
@Suite struct CorpusTests {
    private static let root = "Fuzz/Corpus"

    @Test(
        "a door takes in its seeds and its corpus without a trap",
        arguments: FuzzTarget.all.map(\.name))
    func corpus(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let seeds = target.seeds()
        #expect(!seeds.isEmpty)
        for seed in seeds { target.run(seed) }
        for seed in seeds {
            for count in 0..<min(seed.count, 128) { target.run(Array(seed.prefix(count))) }
        }
        let folder = "\(Self.root)/\(name)"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for file in files.sorted() {
            target.run([UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))))
        }
    }

    @Test("every folder of the corpus belongs to a door")
    func folders() throws {
        let names = Set(FuzzTarget.all.map(\.name))
        #expect(names.count == FuzzTarget.all.count)
        for folder in try FileManager.default.contentsOfDirectory(atPath: Self.root) {
            #expect(names.contains(folder), "\(folder)")
        }
    }
}
