public import Fixtures
import Ledger

/// Runs files of fixtures, as many at once as there are processors.
public enum FixtureRun {
    /// What came of one file.
    public struct FileResult: Sendable {
        /// The file.
        public let path: String
        /// The cases' results, or what is wrong with the file.
        public let results: Result<[CaseResult], any Error>
    }

    /// The greatest file of fixtures that is read; the official ones have up to 200 MB.
    private static let fileLimit = 1 << 30

    /// Runs the cases of JSON-RPC at or below a path, one after another on one chain.
    ///
    /// Without blocks the chain is as its genesis. `isShallow` leaves folders within the folder out.
    public static func exchanges(
        in folder: String, chain: String?, genesis: String, isShallow: Bool = false,
        _ filter: CaseFilter = CaseFilter()
    ) throws -> [CaseResult] {
        var desk = try RPCDesk(
            genesis: try Files.read(genesis, limit: fileLimit),
            blocks: try chain.map { try Files.read($0, limit: fileLimit) } ?? [])
        let kinds = [".io", ".json"]
        let paths = try kinds.flatMap { try Files.paths(at: folder, ending: $0) }
        return paths.compactMap { path in
            guard !isShallow || !path.dropFirst(folder.count + 1).contains("/") else { return nil }
            let name = path.split(separator: "/").suffix(2).joined(separator: "/")
            guard filter.admits(name: name) else { return nil }
            do {
                let bytes = try Files.read(path, limit: fileLimit)
                if path.hasSuffix(".json"), let query = try GraphExchange(bytes) {
                    return query.run(name, on: &desk)
                }
                let exchange: RPCExchange? =
                    path.hasSuffix(".json")
                    ? try RPCExchange(besu: bytes)
                    : try RPCExchange(io: String(decoding: bytes, as: UTF8.self))
                return exchange?.run(name, on: &desk)
            } catch {
                return CaseResult(name: name, error: "\(error)")
            }
        }
    }

    /// Runs the files at or below paths; of a path's own files those that begin with `prefix`.
    ///
    /// An archive's files lie in a folder of the archive's name, which the prefix does not tell.
    public static func files(
        at paths: [String], of kind: FixtureKind, below prefix: String = "",
        _ filter: CaseFilter = CaseFilter()
    ) throws -> [FileResult] {
        let files = try paths.flatMap { path in
            let name = path.split(separator: "/").last ?? ""
            return try Files.paths(at: path, ending: kind.ending).filter {
                prefix.isEmpty || $0.hasPrefix("\(path)/\(name)/\(prefix)")
            }
        }
        return FixtureQueue(files, of: kind, filter) { path in
            try Files.read(path, limit: fileLimit)
        }.run().sorted { $0.path < $1.path }
    }
}
