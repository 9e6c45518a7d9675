import Crypto
import Encoding
import Foundation
import Primitives
import Testing

private let keccak = SharedArchive(name: "08-crypto/keccak")
private let kzg = SharedArchive(name: "08-crypto/kzg")

@Suite(.enabled(if: keccak.isThere, keccak.notice))
struct KeccakVectorTests {
    @Test(
        "keccak-256 gives the Keccak team's hashes",
        arguments: [("ShortMsgKAT_256", 219), ("LongMsgKAT_256", 59)])
    func vectors(name: String, known: Int) throws {
        let file = try keccak.unpack().appending(path: "keccak/\(name).json")
        let items = try #require(try JSON(file: file).elements)
        #expect(items.count == known)
        for item in items {
            let bits = try #require(item["len_bits"]?.integer)
            try #require(bits.isMultiple(of: 8))
            let message = Array(try item.bytes("msg").prefix(bits / 8))
            #expect(keccak256(message).bytes == (try item.bytes("digest")), "\(bits) bits")
        }
    }
}

/// Only the check of one evaluation is ours to do: blobs themselves never reach execution.
@Suite(.enabled(if: kzg.isThere, kzg.notice))
struct KZGVectorTests {
    @Test("the check of a blob's evaluation answers as c-kzg does")
    func vectors() throws {
        let start = try kzg.unpack().appending(path: "kzg/verify_kzg_proof/kzg-mainnet")
        let folders = try FileManager.default.contentsOfDirectory(atPath: start.path).sorted()
        #expect(folders.count == 107)
        for folder in folders {
            let file = start.appending(path: "\(folder)/data.yaml")
            let fields = fields(try String(contentsOf: file, encoding: .utf8))
            func bytes(_ name: String) throws -> [UInt8] {
                try Hex.decode(try #require(fields[name], "\(folder) has no \(name)"))
            }
            let (z, y) = (try bytes("z"), try bytes("y"))
            let (commitment, proof) = (try bytes("commitment"), try bytes("proof"))
            let valid = try? KZG.verify(commitment: commitment, z: z, y: y, proof: proof)
            #expect((valid.map { "\($0)" } ?? "null") == fields["output"], "\(folder)")
        }
    }

    /// The `key: value` lines of a file, without quotes.
    private func fields(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":").map { $0.filter { !" '".contains($0) } }
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        return fields
    }
}
