import Encoding
import Foundation
import Testing

/// An archive of official vectors from the share beside the repository, unpacked once.
struct SharedArchive: Sendable {
    /// Where the vectors of Ethereum lie.
    static let root = "../shared/conformance/ethereum"

    /// The archive's path below the root, without its ending.
    let name: String

    private var path: String { "\(Self.root)/\(name).tar.zst" }

    /// Whether the archive is there.
    var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    /// What a skipped test says.
    var notice: Comment { "the share is missing: no \(path)" }

    /// Unpacks the archive below `.build/vectors`, unless that was done, and says where.
    ///
    /// Tests that run side by side may both unpack it: each does so in a folder of its own, and
    /// the first gives it the name.
    func unpack() throws -> URL {
        let files = FileManager.default
        let folder = URL(fileURLWithPath: ".build/vectors/\(name)")
        let mark = folder.appending(path: ".unpacked")
        if files.fileExists(atPath: mark.path) { return folder }
        let part = URL(fileURLWithPath: ".build/vectors/\(UUID())")
        try files.createDirectory(at: part, withIntermediateDirectories: true)
        defer { try? files.removeItem(at: part) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/tar")
        process.arguments = ["--zstd", "-xf", path, "-C", part.path]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "tar could not unpack \(path)")
        try Data().write(to: part.appending(path: ".unpacked"))
        try files.createDirectory(
            at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
        do {
            try files.moveItem(at: part, to: folder)
        } catch {
            // Another was faster, or else what is there was left half done.
            guard !files.fileExists(atPath: mark.path) else { return folder }
            try files.removeItem(at: folder)
            try files.moveItem(at: part, to: folder)
        }
        return folder
    }

    /// The JSON files below a folder of the archive, in the order of their names.
    func files(under folder: String) throws -> [URL] {
        let start = try unpack().appending(path: folder)
        let all = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
        return (all?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "json" }
            .sorted { $0.path < $1.path }
    }
}

extension JSON {
    /// Reads a file.
    init(file: URL) throws {
        try self.init(decoding: [UInt8](try Data(contentsOf: file)))
    }

    /// The bytes in a member's hexadecimal text, with or without `0x`.
    func bytes(_ name: String) throws -> [UInt8] {
        try Hex.decode(try #require(self[name]?.text, "no text in \(name)"))
    }
}
