import Dispatch
import Encoding
import Foundation
import Synchronization
import Testing

private let archive = SharedArchive(name: "01-eest-v5.4.0/blockchain_tests")
private let olderArchive = SharedArchive(name: "03-ethereum-tests/BlockchainTests")

/// The ledger against the official blockchain tests: whole blocks, imported without consensus.
@Suite(.enabled(if: archive.isThere, archive.notice))
struct BlockchainConformance {
    /// How many cases the archive holds of the forks that are run, and how many blocks are refused.
    private static let known = [
        "Frontier": 92, "Homestead": 102, "Byzantium": 126, "ConstantinopleFix": 136,
        "Istanbul": 173, "Berlin": 226, "London": 219, "Paris": 265, "Shanghai": 392,
        "Cancun": 5208, "Prague": 5775, "Osaka": 5983,
        "CancunToPragueAtTime15k": 22, "OsakaToBPO1AtTime15k": 1, "PragueToOsakaAtTime15k": 5,
        "ShanghaiToCancunAtTime15k": 18,
    ]

    @Test("every block is imported or refused as it must be, and the chain ends where it must")
    func cases() throws {
        let files = try archive.files(under: "blockchain_tests")
        let counts = Self.run(files, networks: Set(Self.known.keys), keepingBranches: false)
        #expect(counts == Self.known)
    }

    @Test(
        "the older suite's chains with branches are imported, too",
        .enabled(if: olderArchive.isThere, olderArchive.notice))
    func branches() throws {
        let files = try olderArchive.files(under: "BlockchainTests")
        let counts = Self.run(files, networks: ["Cancun"], keepingBranches: true)
        #expect(counts == ["Cancun": 463])
    }

    /// Runs the cases of some networks, records those that fail, and counts all.
    private static func run(
        _ files: [URL], networks: Set<String>, keepingBranches: Bool
    ) -> [String: Int] {
        let counts = Mutex<[String: Int]>([:])
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: files.count) { index in
            do {
                for item in try JSON(file: files[index]).members ?? [] {
                    let fixture = try BlockchainFixture(item.value)
                    guard networks.contains(fixture.network) else { continue }
                    counts.withLock { $0[fixture.network, default: 0] += 1 }
                    do {
                        _ = try fixture.run(keepingBranches: keepingBranches)
                    } catch {
                        failures.withLock { $0.append("\(item.name): \(error)") }
                    }
                }
            } catch {
                failures.withLock { $0.append("\(files[index].path): \(error)") }
            }
        }
        for failure in failures.withLock({ $0.sorted() }).prefix(100) {
            Issue.record("\(failure)")
        }
        return counts.withLock { $0 }
    }
}
