import Encoding
import Primitives
import Testing

@Suite struct VarintTests {
    @Test("numbers come back as they went, in their shortest form")
    func roundTrip() throws {
        var random = Random(seed: 1)
        for shift in 0..<63 as Range<UInt64> {
            let power: UInt64 = 1 << shift
            for value in [power, power - 1, random.next() & (power - 1)] {
                let bytes = Varint.encode(value)
                #expect(bytes.count == Varint.size(value))
                var cursor = 0
                #expect(try Varint.decode(bytes, at: &cursor) == value)
                #expect(cursor == bytes.count)
            }
        }
    }

    @Test("a number written too long, cut off or beyond 63 bits is refused")
    func hostile() {
        func decode(_ bytes: [UInt8], limit: Int = 9) -> Varint.Failure? {
            var cursor = 0
            do {
                _ = try Varint.decode(bytes, at: &cursor, limit: limit)
                return nil
            } catch {
                #expect(cursor == 0 || error == .notCanonical(at: 0))
                return error
            }
        }
        #expect(decode([]) == .truncated(at: 0))
        #expect(decode([0x80]) == .truncated(at: 1))
        #expect(decode([0x80, 0x00]) == .notCanonical(at: 0))
        #expect(decode([0xff, 0x80, 0x00]) == .notCanonical(at: 0))
        #expect(decode([UInt8](repeating: 0xff, count: 9) + [0x01]) == .tooLong(at: 0))
        #expect(decode([UInt8](repeating: 0xff, count: 10), limit: 10) == .tooLong(at: 0))
        #expect(decode([UInt8](repeating: 0xff, count: 9) + [0x02], limit: 10) == .tooLong(at: 0))
        #expect(decode([UInt8](repeating: 0xff, count: 9) + [0x01], limit: 10) == nil)
    }
}
