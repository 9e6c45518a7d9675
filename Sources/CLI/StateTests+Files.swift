import Dispatch
public import EVM
import Encoding
import Synchronization

extension StateTests {
    /// The greatest file of fixtures that is read; the official ones have up to 200 MB.
    private static let fileLimit = 1 << 30

    /// What came of one file.
    public struct FileResult: Sendable {
        /// The file.
        public let path: String
        /// The cases' results, or what is wrong with the file.
        public let results: Swift.Result<[Result], any Error>
    }

    /// Runs the files at or below paths, as many at once as there are processors.
    public static func run(
        paths: [String], named wanted: @Sendable (String) -> Bool = { _ in true },
        fork filter: @Sendable (String) -> Bool = { _ in true }, engine: Engine = .tiered
    ) throws -> [FileResult] {
        let files = try paths.flatMap { try Files.paths(at: $0, ending: ".json") }
        let found = Mutex<[FileResult]>([])
        DispatchQueue.concurrentPerform(iterations: files.count) { index in
            let path = files[index]
            let results = Swift.Result<[Result], any Error> {
                let json = try JSON(decoding: try Files.read(path, limit: fileLimit))
                return try run(json, named: wanted, fork: filter, engine: engine)
            }
            found.withLock { $0.append(FileResult(path: path, results: results)) }
        }
        return found.withLock { $0.sorted { $0.path < $1.path } }
    }
}
