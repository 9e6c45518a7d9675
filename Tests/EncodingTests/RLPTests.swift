import Encoding
import Foundation
import Primitives
import Testing

/// The official RLPTests, from the share beside the repository.
enum RLPVectors {
    static let archive = "../shared/conformance/ethereum/03-ethereum-tests/small.tar.zst"

    static var isThere: Bool { FileManager.default.fileExists(atPath: archive) }

    static func load(_ name: String) throws -> [JSON.Member] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/tar")
        process.arguments = ["--zstd", "-xOf", archive, "small/RLPTests/\(name).json"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        return try #require(try JSON(decoding: bytes).members)
    }

    /// The value that a test describes; `nil` for numbers too great for the product.
    static func value(_ json: JSON) throws -> RLP.Value? {
        if let elements = json.elements {
            let values = try elements.map { try value($0) }
            return values.contains { $0 == nil } ? nil : .list(values.compactMap { $0 })
        }
        if let integer = json.integer { return .number(UInt64(integer)) }
        let text = try #require(json.text)
        guard text.hasPrefix("#") else { return .bytes(Array(text.utf8)) }
        return UInt256(String(text.dropFirst())).map { .number($0) }
    }
}

@Suite struct RLPTests {
    private static let why: Comment = "the share with the official RLPTests is missing"

    @Test("the official values are written and read exactly", .enabled(if: RLPVectors.isThere, why))
    func values() throws {
        let cases = try RLPVectors.load("rlptest")
        #expect(cases.count == 27)
        var tooGreat: [String] = []
        for item in cases {
            let expected = try Hex.decode(try #require(item.value["out"]?.text))
            let read = try RLP.decode(expected)
            #expect(RLP.encode(read) == expected, "\(item.name)")
            guard let value = try RLPVectors.value(try #require(item.value["in"])) else {
                tooGreat.append(item.name)
                continue
            }
            #expect(RLP.encode(value) == expected, "\(item.name)")
            #expect(read == value, "\(item.name)")
        }
        // A number of more than 256 bits is nothing that the product writes.
        #expect(tooGreat.allSatisfy { $0.hasPrefix("bigint") })
    }

    @Test("the official invalid encodings are refused", .enabled(if: RLPVectors.isThere, why))
    func invalid() throws {
        let cases = try RLPVectors.load("invalidRLPTest")
        #expect(cases.count == 23)
        for item in cases {
            let bytes = try Hex.decode(try #require(item.value["out"]?.text))
            #expect(throws: RLP.Failure.self, "\(item.name)") { try RLP.decode(bytes) }
        }
        for item in try RLPVectors.load("RandomRLPTests/example") {
            let bytes = try Hex.decode(try #require(item.value["out"]?.text))
            let isValid = item.value["in"]?.text == "VALID"
            #expect(((try? RLP.decode(bytes)) != nil) == isValid, "\(item.name)")
        }
    }

    @Test("items found in bytes are the values that decoding finds", arguments: 0..<100)
    func items(seed: UInt64) throws {
        var random = Random(seed: seed)
        let value = RLPTests.random(depth: 4, &random)
        let bytes = RLP.encode(value)
        #expect(try RLP.decode(bytes) == value)
        #expect(try RLPTests.gather(bytes, 0..<bytes.count) == [value])
        for cut in bytes.indices {
            #expect(throws: RLP.Failure.self) { try RLP.decode(Array(bytes[..<cut])) }
        }
        #expect(throws: RLP.Failure.trailing(at: bytes.count)) { try RLP.decode(bytes + [0]) }
    }

    @Test("the writer writes what the tree of values writes")
    func writer() {
        var random = Random(seed: 3)
        for shift in 0..<256 {
            let number = (UInt256.one << shift) | UInt256(UInt64(random.next() >> 60))
            var writer = RLP.Writer()
            writer.list { list in
                list.append(number)
                list.append(number.w0)
                list.append(number.hash)
                list.append(Array(number.bytes.suffix(shift % 33)))
            }
            let value = RLP.Value.list([
                .number(number), .number(number.w0), .hash(number.hash),
                .bytes(Array(number.bytes.suffix(shift % 33))),
            ])
            #expect(writer.bytes == RLP.encode(value))
        }
    }

    private static func random(depth: Int, _ random: inout Random) -> RLP.Value {
        if depth > 0, Bool.random(using: &random) {
            let count = Int.random(in: 0...5, using: &random)
            return .list((0..<count).map { _ in RLPTests.random(depth: depth - 1, &random) })
        }
        let count = [0, 1, 2, 55, 56, 300].randomElement(using: &random) ?? 0
        return .bytes((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
    }

    private static func gather(_ bytes: [UInt8], _ range: Range<Int>) throws -> [RLP.Value] {
        try RLP.items(in: bytes, range).map { item in
            item.isList
                ? .list(try gather(bytes, item.payload)) : .bytes(Array(bytes[item.payload]))
        }
    }
}
