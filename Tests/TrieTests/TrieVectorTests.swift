import Crypto
import Encoding
import Foundation
import Primitives
import Testing
import Trie

/// The official TrieTests, from the share beside the repository.
enum TrieVectors {
    static let archive = "../shared/conformance/ethereum/03-ethereum-tests/small.tar.zst"

    static var isThere: Bool { FileManager.default.fileExists(atPath: archive) }

    static func load(_ name: String) throws -> JSON {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/tar")
        process.arguments = ["--zstd", "-xOf", archive, "small/TrieTests/\(name).json"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        return try JSON(decoding: bytes)
    }

    static func bytes(_ text: String) throws -> [UInt8] {
        text.hasPrefix("0x") ? try Hex.decode(text) : Array(text.utf8)
    }
}

@Suite struct TrieVectorTests {
    @Test(
        "the official trie tests give their roots",
        .enabled(if: TrieVectors.isThere, "the share with the official TrieTests is missing"),
        arguments: [
            ("trietest", false, 3), ("trieanyorder", false, 6),
            ("trietest_secureTrie", true, 3), ("trieanyorder_secureTrie", true, 6),
            ("hex_encoded_securetrie_test", true, 3),
        ])
    func vectors(name: String, isSecure: Bool, count: Int) throws {
        let cases = try #require(try TrieVectors.load(name).members)
        #expect(cases.count == count)
        for item in cases {
            let text = try #require(item.value["root"]?.text)
            let root = try #require(Hash32(try Hex.decode(text)))
            var changes: [(key: [UInt8], value: [UInt8]?)] = []
            for entry in item.value["in"]?.elements ?? [] {
                changes.append(
                    (
                        try TrieVectors.bytes(try #require(entry[0]?.text)),
                        try entry[1]?.text.map { try TrieVectors.bytes($0) }
                    ))
            }
            for member in item.value["in"]?.members ?? [] {
                changes.append(
                    (
                        try TrieVectors.bytes(member.name),
                        try member.value.text.map { try TrieVectors.bytes($0) }
                    ))
            }
            if isSecure { changes = changes.map { (keccak256($0.key).bytes, $0.value) } }
            // As one batch, one by one, and one by one from the end where the order is free.
            var batch = Twin()
            try batch.apply(changes)
            #expect(batch.root == root, "\(name) \(item.name) as a batch")
            #expect(batch.expectedRoot == root, "\(name) \(item.name) whole")
            var single = Twin()
            let isOrdered = item.value["in"]?.members == nil
            for change in isOrdered ? changes : changes.reversed() { try single.apply([change]) }
            #expect(single.root == root, "\(name) \(item.name) one by one")
        }
    }
}
