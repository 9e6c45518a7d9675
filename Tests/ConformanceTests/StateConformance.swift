import CLI
import EVM
import Foundation
import Testing

private let archive = SharedArchive(name: "01-eest-v5.4.0/state_tests")

/// The execution of transactions against the official state tests, every fork of them.
@Suite(.enabled(if: archive.isThere, archive.notice))
struct StateConformance {
    /// How many cases the archive holds, by fork.
    private static let known = [
        "Frontier": 111, "Homestead": 121, "Byzantium": 186, "ConstantinopleFix": 194,
        "Istanbul": 299, "Berlin": 476, "London": 469, "Paris": 511, "Shanghai": 634,
        "Cancun": 7417, "Prague": 8063, "Osaka": 8088,
    ]

    @Test(
        "every case ends in the expected state and logs, or is refused as it must be",
        arguments: [Engine.plain, .decoded])
    func cases(engine: Engine) throws {
        let folder = try archive.unpack().appending(path: "state_tests")
        var counts: [String: Int] = [:]
        for file in try StateTests.run(paths: [folder.path], engine: engine) {
            for result in try file.results.get() {
                counts[result.fork, default: 0] += 1
                if let error = result.error {
                    Issue.record("\(result.fork) \(result.name): \(error)")
                }
            }
        }
        #expect(counts == Self.known)
    }
}
