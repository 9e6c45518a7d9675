import Foundation
import Testing

/// Checks what the compiler cannot: that the code keeps to the rules of the house.
@Suite struct TidyTests {
    private static let sources = SourceFile.all(under: "Sources")

    @Test("the sources are found")
    func found() {
        #expect(Self.sources.count > 100)
    }

    @Test("a target imports only what the manifest gives it, and only from floors below its own")
    func floors() throws {
        let manifest = try Manifest()
        for file in Self.sources {
            let allowed = try #require(manifest.dependencies[file.target], "\(file.path)")
            for name in file.imports where !allowed.contains(name) {
                let given = Manifest.toolchain.contains(name) && !file.isLogic
                #expect(given, "\(file.path) imports \(name)")
            }
        }
        for (target, floor) in Manifest.floors {
            for name in manifest.dependencies[target] ?? [] {
                guard let other = Manifest.floors[name] else { continue }
                #expect(other < floor, "\(target) on floor \(floor) imports \(name) on \(other)")
            }
        }
    }

    @Test("protocol logic brings no time, chance, task or text of its own")
    func purity() {
        let banned = [
            "ContinuousClock", "SuspendingClock", "Date(", "SystemRandomNumberGenerator",
            ".randomElement()", ".shuffled()", "Task {", "Task.", "async ", "print(",
            "import Foundation", "import Glibc", "import Dispatch", "Mutex(", "Thread",
        ]
        for file in Self.sources where file.isLogic {
            for (number, line) in file.code {
                for word in banned where line.contains(word) {
                    Issue.record("\(file.path):\(number): \(word)")
                }
                if line.contains(".random(in:"), !line.contains("using:") {
                    Issue.record("\(file.path):\(number): chance without a source")
                }
            }
        }
    }

    @Test("nothing is left half done, and nothing is hidden")
    func leftovers() {
        let banned = ["TODO", "FIXME", "XXX", "fatalError(", "try!", "as!"]
        for file in Self.sources {
            for (number, line) in file.code {
                for word in banned where line.contains(word) {
                    Issue.record("\(file.path):\(number): \(word)")
                }
                if line.contains("@unchecked Sendable"), file.isLogic, !file.wrapsC {
                    Issue.record("\(file.path):\(number): @unchecked Sendable")
                }
            }
        }
    }

    @Test("no file has grown into a monster")
    func lengths() {
        for file in Self.sources {
            #expect(file.lines.count <= 1_000, "\(file.path)")
        }
    }
}

/// The targets of the manifest and what each may import.
private struct Manifest {
    static let toolchain: Set = ["Synchronization", "Glibc", "Foundation", "Dispatch"]
    static let floors: [String: Int] = [
        "Primitives": 0, "Encoding": 1, "Crypto": 1, "Machine": 1, "Identifiers": 2, "EVM": 3,
        "Trie": 3, "Store": 3, "Ledger": 4, "Consensus": 4, "Network": 4, "RPC": 5, "Index": 5,
        "Apps": 5,
        "Node": 6, "Linux": 6, "Simulation": 6, "Scenarios": 7, "Fixtures": 7, "Fuzzing": 8,
        "CLI": 8, "martlet": 9,
    ]
    var dependencies: [String: Set<String>] = [:]

    init() throws {
        let text = try String(contentsOfFile: "Package.swift", encoding: .utf8)
        let target = /arget\(\s*name: "(\w+)"(?:,\s*dependencies: \[([^\]]*)\])?/
        for match in text.matches(of: target) {
            let names = (match.output.2 ?? "").matches(of: /"(\w+)"/).map { String($0.output.1) }
            dependencies[String(match.output.1)] = Set(names)
        }
    }
}

/// A Swift file and what the checks ask of it.
private struct SourceFile {
    let path: String
    let lines: [Substring]

    /// Drivers, real and virtual, and the commands; everything else is logic.
    private static let edge: Set = ["Linux", "Simulation", "CLI", "martlet"]
    /// Targets that wrap C libraries which only compute.
    private static let foreign: Set = ["Crypto", "EVM", "Apps"]

    static func all(under root: String) -> [SourceFile] {
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            guard let text = try? String(contentsOfFile: "\(root)/\(name)", encoding: .utf8)
            else { return nil }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return SourceFile(path: "\(root)/\(name)", lines: lines)
        }
    }

    var target: String { String(path.split(separator: "/")[1]) }
    var isLogic: Bool { !Self.edge.contains(target) }
    var wrapsC: Bool { Self.foreign.contains(target) }

    var code: [(Int, Substring)] {
        lines.enumerated().map { ($0 + 1, $1) }
            .filter { !$1.drop { $0 == " " }.hasPrefix("//") }
    }

    var imports: [String] {
        code.compactMap { $1.firstMatch(of: /^(?:\w+ )?import (?:\w+ )?(\w+)/) }
            .map { String($0.output.1) }
    }
}
