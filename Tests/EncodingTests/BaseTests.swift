import Encoding
import Foundation
import Primitives
import Testing

/// The vectors of multibase, for the bases that are used here.
@Suite struct BaseTests {
    static let folder = "../shared/conformance/p2p/multiformats"

    /// The rows of a file: the name of the base, the text.
    static func rows(_ file: String) throws -> (first: String, rows: [(String, String)]) {
        let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        var lines = text.split(separator: "\n").map { line in
            let parts = line.split(separator: ",", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            return (parts[0], String(parts[1].dropFirst().dropLast()))
        }
        let first = lines.removeFirst().1
        return (first, lines)
    }

    @Test(
        "the vectors of multibase come out both ways",
        arguments: [
            ("basic.csv", "yes mani !"), ("leading_zero.csv", "\0yes mani !"),
            ("two_leading_zeros.csv", "\0\0yes mani !"),
        ])
    func vectors(_ file: String, _ plain: String) throws {
        guard FileManager.default.fileExists(atPath: Self.folder) else {
            Issue.record("no multiformats vectors at \(Self.folder)")
            return
        }
        let bytes = Array(plain.utf8)
        var count = 0
        for (name, text) in try Self.rows(file).rows {
            let body = text.dropFirst()
            switch name {
            case "base32":
                #expect(Base32.encode(bytes) == body)
                #expect(try Base32.decode(body) == bytes)
            case "base32upper": #expect(try Base32.decode(body) == bytes)
            case "base58btc":
                #expect(Base58.encode(bytes) == body)
                #expect(try Base58.decode(body) == bytes)
            case "base64url":
                #expect(Base64URL.encode(bytes) == body)
                #expect(Base64URL.decode(body) == bytes)
            case "base16":
                #expect(Hex.encode(bytes, prefix: false) == body)
                #expect(try Hex.decode(body) == bytes)
            default: continue
            }
            count += 1
        }
        #expect(count == 5)
    }

    @Test("base 58 of any bytes comes back as it went")
    func base58() throws {
        var random = Random(seed: 5)
        for _ in 0..<500 {
            let count = Int.random(in: 0..<50, using: &random)
            let zeros = Int.random(in: 0..<4, using: &random)
            let bytes =
                [UInt8](repeating: 0, count: zeros)
                + (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(try Base58.decode(Base58.encode(bytes)) == bytes)
            #expect(try Base32.decode(Base32.encode(bytes)) == bytes)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }

    @Test("text that is not in its one form is refused")
    func hostile() {
        #expect(throws: Base58.Failure.character(at: 1)) { try Base58.decode("10") }
        #expect(throws: Base58.Failure.character(at: 0)) { try Base58.decode("l") }
        #expect(throws: Base58.Failure.tooLong(found: 4_000, limit: 512)) {
            try Base58.decode(String(repeating: "z", count: 4_000))
        }
        #expect(throws: Base32.Failure.count(1)) { try Base32.decode("a") }
        #expect(throws: Base32.Failure.notCanonical) { try Base32.decode("ab") }
        #expect(throws: Base32.Failure.character(at: 1)) { try Base32.decode("a1") }
        #expect(Base64URL.decode("A") == nil)
        #expect(Base64URL.decode("AB") == nil)
        #expect(Base64URL.decode("A+==") == nil)
    }
}
