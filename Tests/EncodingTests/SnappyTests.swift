import Encoding
import Testing

@Suite struct SnappyTests {
    /// Nine bytes: three as they are, and a copy of six that reaches into itself.
    private static let packed: [UInt8] = [9, 8, 0x61, 0x62, 0x63, 9, 3]

    @Test("a literal and a copy that reaches into itself are unpacked")
    func copies() throws {
        let text = Array("abcabcabc".utf8)
        #expect(try Snappy.decode(Self.packed, limit: 9) == text)
        // The same copy with its distance in two bytes, and in four.
        #expect(try Snappy.decode([9, 8, 0x61, 0x62, 0x63, 22, 3, 0], limit: 9) == text)
        #expect(try Snappy.decode([9, 8, 0x61, 0x62, 0x63, 23, 3, 0, 0, 0], limit: 9) == text)
        // A literal whose length stands after the tag.
        let long = [UInt8](repeating: 7, count: 100)
        #expect(try Snappy.decode([100, 240, 99] + long, limit: 100) == long)
        #expect(try Snappy.decode([0], limit: 0) == [])
    }

    @Test(
        "what is too long, cut off or copied from nowhere is refused",
        arguments: [
            ([9], .length(found: 0, expected: 9)), ([], .truncated(at: 0)),
            ([10], .tooLong(limit: 9)), ([9, 8, 0x61], .truncated(at: 3)),
            ([9, 8, 0x61, 0x62, 0x63, 9], .truncated(at: 6)),
            ([9, 8, 0x61, 0x62, 0x63, 9, 0], .offset(at: 5)),
            ([9, 8, 0x61, 0x62, 0x63, 9, 4], .offset(at: 5)),
            ([8, 8, 0x61, 0x62, 0x63, 9, 3], .tooLong(limit: 8)),
            ([2, 8, 0x61, 0x62, 0x63], .tooLong(limit: 2)),
            ([9, 252, 0xff, 0xff, 0xff, 0xff], .tooLong(limit: 9)),
        ] as [([UInt8], Snappy.Failure)])
    func refusals(bytes: [UInt8], failure: Snappy.Failure) {
        #expect(throws: failure) { try Snappy.decode(bytes, limit: 9) }
    }

    @Test("chunks are joined, and one whose sum is wrong is refused")
    func frames() throws {
        let name: [UInt8] = [0xff, 6, 0, 0] + Array("sNaPpY".utf8)
        // The sum of `abcabcabc`, turned and moved.
        let sum = CRC32C.checksum(Array("abcabcabc".utf8))
        let masked = (sum >> 15 | sum << 17) &+ 0xa282_ead8
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: masked >> (8 * $0)) }
        let packed = [0, 11, 0, 0] + bytes + Self.packed
        let plain = [1, 13, 0, 0] + bytes + Array("abcabcabc".utf8)
        let padding: [UInt8] = [0xfe, 1, 0, 0, 0]
        let found = try Snappy.decodeFrames(name + packed + padding + name + plain, limit: 18)
        #expect(String(decoding: found, as: UTF8.self) == "abcabcabcabcabcabc")
        func refuse(_ stream: [UInt8], _ failure: Snappy.Failure, limit: Int = 99) {
            #expect(throws: failure) { try Snappy.decodeFrames(stream, limit: limit) }
        }
        var wrong = packed
        wrong[4] ^= 1
        refuse(name + wrong, .checksum(at: 10))
        refuse(packed, .chunk(0, at: 0))
        refuse(padding, .chunk(0xfe, at: 0))
        refuse(name + [2, 0, 0, 0], .chunk(2, at: 10))
        refuse([0xff, 6, 0, 0] + Array("snappy".utf8), .chunk(0xff, at: 0))
        refuse(name + packed.dropLast(), .truncated(at: 24))
        refuse(name + plain, .tooLong(limit: 8), limit: 8)
        refuse([], .truncated(at: 0))
    }

    @Test("the checksum is that of RFC 3720")
    func checksums() {
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xe306_9283)
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
        #expect(CRC32C.checksum([UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
    }
}
