import CLI
import Crypto
import Foundation
import Node
import Testing

@Suite struct KeyTests {
    /// A folder of its own for each test, removed at its end.
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/key-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func write(_ text: String, _ path: String) throws -> String {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test("an imported key opens with its password and is readable by its owner alone")
    func importing() throws {
        try withFolder { folder in
            let password = try write("owl\n", folder + "/password")
            let source = try write("0x" + String(repeating: "46", count: 32), folder + "/key")
            let words = [
                "key", "import", source, "--dir=\(folder)/keys", "--password-file=\(password)",
                "--light",
            ]
            #expect(Main.run(words) == 0)
            #expect(Main.run(words) == 1, "a key is in a folder once only")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/keys")
            let name = try #require(names.first)
            #expect(names.count == 1)
            #expect(name.hasPrefix("UTC--"))
            #expect(name.hasSuffix("--9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f"))
            let path = "\(folder)/keys/\(name)"
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let store = try Keystore(
                decoding: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
            #expect(try store.open(password: "owl").bytes == [UInt8](repeating: 0x46, count: 32))
            let again = [
                "key", "import", path, "--dir=\(folder)/other", "--password-file=\(password)",
                "--source-password-file=\(password)", "--light",
            ]
            #expect(Main.run(again) == 0)
            #expect(Main.run(["key", "list", "--dir=\(folder)/other", "--json"]) == 0)
        }
    }

    @Test("two created keys are not the same")
    func creating() throws {
        try withFolder { folder in
            let password = try write("owl", folder + "/password")
            for _ in 0..<2 {
                let words = [
                    "key", "create", "--dir=\(folder)/keys", "--password-file=\(password)",
                    "--light",
                ]
                #expect(Main.run(words) == 0)
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/keys")
            #expect(Set(names.map { $0.suffix(40) }).count == 2)
        }
    }

    @Test("what is no key and what is no command is refused")
    func refusals() throws {
        try withFolder { folder in
            let zero = try write(String(repeating: "0", count: 64), folder + "/zero")
            #expect(Main.run(["key", "import", zero, "--password-file=\(zero)"]) == 1)
            #expect(Main.run(["key", "import", folder + "/none"]) == 1)
            #expect(Main.run(["key", "frob"]) == 2)
            #expect(Main.run(["key"]) == 2)
            #expect(Main.run(["key", "list", "--light"]) == 2)
        }
    }
}
