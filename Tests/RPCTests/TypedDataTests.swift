import Encoding
import Foundation
import Primitives
import RPC
import Testing

/// Digests of typed messages (EIP-712): the vectors of ethers.
@Suite struct TypedDataTests {
    static let archive = "../shared/conformance/ethereum/08-crypto/ethers-testcases.tar.zst"

    @Test("111 typed messages have the digests that ethers finds")
    func vectors() throws {
        try #require(
            FileManager.default.fileExists(atPath: Self.archive),
            "the share is missing: no \(Self.archive)")
        let tar = Process()
        let pipe = Pipe()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/tar")
        tar.arguments = ["--zstd", "-xOf", Self.archive, "ethers/typed-data.json"]
        tar.standardOutput = pipe
        try tar.run()
        let bytes = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
        tar.waitUntilExit()
        var count = 0
        for vector in try #require(JSON(decoding: bytes).elements) {
            let message = JSON.object([
                .init("types", try #require(vector["types"])),
                .init("primaryType", try #require(vector["primaryType"])),
                .init("domain", try #require(vector["domain"])),
                .init("message", try #require(vector["data"])),
            ])
            let digest = TypedData.digest(of: message)
            #expect(
                digest?.description == vector["digest"]?.text,
                "\(vector["name"]?.text ?? "a vector without a name")")
            count += 1
        }
        #expect(count == 111)
    }

    @Test(
        "a value that its type does not hold has no digest",
        arguments: [
            ("uint8", "256"), ("int8", "128"), ("int8", "-129"), ("bytes4", "0x1234"),
            ("uint256[2]", "1"), ("Nothing", "1"), ("bool", "1"),
        ])
    func unfitting(type: String, value: String) throws {
        let text = """
            {"types":{"T":[{"name":"a","type":"\(type)"}]},"primaryType":"T","domain":{},
             "message":{"a":"\(value)"}}
            """
        #expect(TypedData.digest(of: try JSON(decoding: Array(text.utf8))) == nil)
    }
}
