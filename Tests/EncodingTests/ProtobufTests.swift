import Encoding
import Primitives
import Testing

@Suite struct ProtobufTests {
    @Test("fields come back as they went")
    func roundTrip() throws {
        var writer = Protobuf.Writer()
        writer.append(1, .max)
        writer.append(2, [1, 2, 3])
        writer.append(536_870_911, "text")
        var reader = Protobuf.Reader(writer.bytes)
        let fields = try [reader.next(), reader.next(), reader.next(), reader.next()]
        let first = try #require(fields[0])
        #expect(try first.integer() == .max)
        let second = try #require(fields[1])
        #expect(try reader.copy(second) == [1, 2, 3])
        let third = try #require(fields[2])
        #expect(third.number == 536_870_911)
        #expect(try reader.text(third) == "text")
        #expect(fields[3] == nil)
        #expect(throws: Protobuf.Failure.kind(field: 1)) { try first.range() }
        #expect(throws: Protobuf.Failure.kind(field: 2)) { try second.integer() }
    }

    @Test(
        "bytes that are no message are refused",
        arguments: [
            [0x00], [0x03], [0x0c], [0x0a, 0x02, 0x01], [0x0d, 0x00], [0x09, 1, 2, 3], [0x08],
            [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            [0x80, 0x80, 0x80, 0x80, 0x10, 0x00],
        ] as [[UInt8]])
    func hostile(_ bytes: [UInt8]) {
        #expect(throws: Protobuf.Failure.self) {
            var reader = Protobuf.Reader(bytes)
            while try reader.next() != nil {}
        }
    }

    @Test("random bytes are read or refused, and nothing else happens")
    func noise() {
        var random = Random(seed: 3)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0..<24, using: &random)
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            var reader = Protobuf.Reader(bytes)
            do {
                while let field = try reader.next() { _ = try? reader.copy(field) }
            } catch {
                continue
            }
        }
    }
}
