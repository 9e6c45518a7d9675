import Encoding
import Foundation
import Ledger
import Machine
import Primitives
import RPC
import Testing

private let archive = "../shared/conformance/ethereum/05-execution-apis/execution-apis.tar.zst"

/// The official cases of JSON-RPC, for the methods that there are, on the official chain.
@Suite(
    .enabled(
        if: FileManager.default.fileExists(atPath: archive), "the share is missing: no \(archive)"))
struct ExecutionAPIsTests {
    /// Methods that are not offered.
    private static let absent: Set = [
        "eth_simulateV1", "eth_createAccessList", "eth_capabilities", "testing_buildBlockV1",
        "debug_traceBlockByHash", "debug_traceBlockByNumber", "debug_traceTransaction",
    ]
    /// Cases of offered methods that wait for a later change, with the reason.
    private static let waiting = [
        "eth_sendRawTransaction/send-blob-tx": "the pool takes no blobs",
        "txpool_content/get-content": "asked of the node",
        "txpool_contentFrom/get-content-from-address": "asked of the node",
    ]

    @Test("every case of the methods there are is answered as the network's clients do")
    func cases() throws {
        let folder = try unpack()
        var desk = try Self.desk(folder)
        var count = 0
        var failed: [String] = []
        for file in try files(folder) {
            let name = file.deletingPathExtension().pathComponents.suffix(2).joined(separator: "/")
            guard Self.waiting[name] == nil else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            count += 1
            if let difference = try run(text, &desk) { failed.append("\(name): \(difference)") }
        }
        #expect(failed == [])
        #expect(count == 97)
    }

    /// Plays a case; tells the first difference.
    private func run(_ text: String, _ desk: inout Desk) throws -> String? {
        let isShapeOnly = text.contains("speconly:")
        var reply = JSON.null
        for line in text.split(separator: "\n") {
            if line.hasPrefix(">> ") {
                reply = try answer(String(line.dropFirst(3)), &desk)
            } else if line.hasPrefix("<< ") {
                let expected = try JSON(decoding: Array(line.dropFirst(3).utf8))
                let same =
                    isShapeOnly
                    ? reply.shape == expected.shape
                    : reply.comparable.encoded(.canonical)
                        == expected.comparable.encoded(.canonical)
                if !same {
                    return "expected \(line.dropFirst(3).prefix(3000))\n   found "
                        + String(decoding: reply.encoded().prefix(3000), as: UTF8.self)
                }
            }
        }
        return nil
    }

    private func answer(_ body: String, _ desk: inout Desk) throws -> JSON {
        let number = desk.requests + 1
        if let bytes = try desk.post(body) { return try JSON(decoding: bytes) }
        for (ticket, call) in desk.asked {
            switch call {
            case .pooled: desk.handle(.missed(ticket))
            default: desk.handle(.answered(ticket, [Reply("0x0")]))
            }
        }
        for (ticket, bytes) in desk.submitted {
            desk.handle(.answered(ticket, [Self.submit(bytes, desk.chain)]))
        }
        desk.asked = []
        desk.submitted = []
        return try desk.reply(number) ?? .null
    }

    private static func submit(_ bytes: [UInt8], _ chain: Chain) -> Reply {
        guard let transaction = try? Transaction(decoding: bytes),
            let signed = SignedTransaction(transaction)
        else { return Reply(RPCError.server("malformed")) }
        return Reply(.string(signed.hash.description))
    }

    /// Takes in the official chain, every block of it executed.
    private static func desk(_ folder: URL) throws -> Desk {
        let genesis = try Genesis(
            decoding: [UInt8](Data(contentsOf: folder.appending(path: "genesis.json"))))
        var chain = try Chain.open(EmptyDisk(), genesis: genesis).chain
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: "chain.rlp")))
        var start = 0
        while start < bytes.count {
            let item = try RLP.item(in: bytes, at: start, end: bytes.count)
            let block = try Block(decoding: Array(bytes[item.whole]))
            start = item.whole.upperBound
            guard block.number > 0 else { continue }
            try chain.insert(try chain.view.validate(block))
            _ = try chain.finalize(block.hash)
        }
        var head = Head(chainID: genesis.rules.chainID, version: "Martlet/test")
        head.follow(chain.head, genesis.rules)
        return Desk(chain: chain, head: head)
    }

    private func files(_ folder: URL) throws -> [URL] {
        let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return (all?.allObjects as? [URL] ?? [])
            .filter { $0.pathExtension == "io" && !Self.absent.contains($0.method) }
            .sorted { $0.path < $1.path }
    }

    private func unpack() throws -> URL {
        let folder = URL(fileURLWithPath: ".build/vectors/05-execution-apis")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/tar")
        process.arguments = ["--zstd", "-xf", archive, "-C", folder.path]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "tar could not unpack \(archive)")
        return folder.appending(path: "execution-apis/tests")
    }
}

extension URL {
    /// The method that a case is about: its folder's name.
    fileprivate var method: String { deletingLastPathComponent().lastPathComponent }
}

extension JSON {
    /// The reply without an error's words, which the suite does not compare.
    fileprivate var comparable: JSON {
        guard let error = self["error"], let members else { return self }
        let words = (error.members ?? []).filter { $0.name != "message" }
        return .object(members.filter { $0.name != "error" } + [.init("error", .object(words))])
    }

    /// The kinds of the values and the names of the members, sorted.
    fileprivate var shape: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .number: "number"
        case .string: "string"
        case .array(let elements): "[\(elements.first?.shape ?? "")]"
        case .object(let members):
            "{" + members.map { "\($0.name):\($0.value.shape)" }.sorted().joined(separator: ",")
                + "}"
        }
    }
}
