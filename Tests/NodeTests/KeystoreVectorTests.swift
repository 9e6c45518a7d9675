import Crypto
import Encoding
import Foundation
import Node
import Testing

private let archive = "../shared/conformance/ethereum/03-ethereum-tests/small.tar.zst"

@Suite(
    .enabled(
        if: FileManager.default.fileExists(atPath: archive), "the share is missing: no \(archive)"))
struct KeystoreVectorTests {
    @Test("the official KeyStoreTests open with their passwords")
    func vectors() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/tar")
        process.arguments = ["--zstd", "-xOf", archive, "small/KeyStoreTests/basic_tests.json"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        let cases = try #require(try JSON(decoding: bytes).members)
        #expect(cases.count == 4)
        for item in cases {
            let file = try #require(item.value["json"])
            let store = try Keystore(decoding: file.encoded())
            let key = try store.open(password: try #require(item.value["password"]?.text))
            #expect(Hex.encode(key.bytes, prefix: false) == item.value["priv"]?.text)
            #expect(try Keystore(decoding: store.encoded) == store, "\(item.name)")
        }
    }
}
