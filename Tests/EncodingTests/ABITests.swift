import Encoding
import Primitives
import Testing

@Suite struct ABITests {
    private func bytes(_ words: String) throws -> [UInt8] {
        try Hex.decode(words.filter { !$0.isWhitespace })
    }

    private func word(_ tail: String) -> String {
        String(repeating: "0", count: 64 - tail.count) + tail
    }

    @Test("the specification's example of dynamic arguments is laid out to the byte")
    func specificationExample() throws {
        // f(uint256,uint32[],bytes10,bytes) with (0x123, [0x456, 0x789], "1234567890", "Hello, world!").
        let values: [ABI.Value] = [
            .uint(0x123), .array([.uint(0x456), .uint(0x789)]),
            .fixedBytes(Array("1234567890".utf8)), .bytes(Array("Hello, world!".utf8)),
        ]
        let expected = try bytes(
            [
                word("123"), word("80"),
                "3132333435363738393000000000000000000000000000000000000000000000", word("e0"),
                word("2"), word("456"), word("789"), word("d"),
                "48656c6c6f2c20776f726c642100000000000000000000000000000000000000",
            ].joined())
        #expect(ABI.encode(values) == expected)
        let kinds = try ["uint256", "uint32[]", "bytes10", "bytes"].map { try ABI.Kind($0) }
        #expect(try ABI.decode(expected, as: kinds) == values)
    }

    @Test("the specification's example of nested dynamic arrays is laid out to the byte")
    func nestedExample() throws {
        // g(uint256[][],string[]) with ([[1, 2], [3]], ["one", "two", "three"]).
        let values: [ABI.Value] = [
            .array([.array([.uint(1), .uint(2)]), .array([.uint(3)])]),
            .array([.string("one"), .string("two"), .string("three")]),
        ]
        let expected = try bytes(
            [
                word("40"), word("140"), word("2"), word("40"), word("a0"), word("2"), word("1"),
                word("2"), word("1"), word("3"), word("3"), word("60"), word("a0"), word("e0"),
                word("3"), "6f6e650000000000000000000000000000000000000000000000000000000000",
                word("3"), "74776f0000000000000000000000000000000000000000000000000000000000",
                word("5"), "7468726565000000000000000000000000000000000000000000000000000000",
            ].joined())
        #expect(ABI.encode(values) == expected)
        let kinds = try ["uint256[][]", "string[]"].map { try ABI.Kind($0) }
        #expect(try ABI.decode(expected, as: kinds) == values)
    }

    @Test("tuples and arrays of fixed count are laid out in place when they are static")
    func staticTuples() throws {
        let kinds = try [ABI.Kind("(address,bool)[2]"), ABI.Kind("(int8,string)")]
        let address = [UInt8](repeating: 0xaa, count: 20)
        let values: [ABI.Value] = [
            .tuple([
                .tuple([.address(address), .bool(true)]),
                .tuple([.address(address), .bool(false)]),
            ]),
            .tuple([.int(UInt256.max), .string("é")]),
        ]
        let encoded = ABI.encode(values)
        #expect(encoded.count == 5 * 32 + 4 * 32)
        #expect(try ABI.decode(encoded, as: kinds) == values)
    }

    @Test(
        "a word that does not fit its kind is refused",
        arguments: [
            ("uint8", "100"), ("bool", "2"), ("address", "1" + String(repeating: "0", count: 40)),
            ("bytes4", "1"), ("int8", "80"), ("uint248", String(repeating: "f", count: 64)),
        ])
    func refusesUnfitting(name: String, tail: String) throws {
        let kind = try ABI.Kind(name)
        #expect(throws: ABI.Failure.unfitting(kind, at: 0)) {
            try ABI.decode(bytes(word(tail)), as: [kind])
        }
    }

    @Test("offsets and counts beyond the bytes are refused")
    func refusesHostileOffsets() throws {
        let kinds = [ABI.Kind.array(.uint(256), count: nil)]
        let huge = String(repeating: "f", count: 64)
        for words in [huge, word("20") + huge, word("21"), word("40"), word("20") + word("2")] {
            #expect(throws: ABI.Failure.self) { try ABI.decode(bytes(words), as: kinds) }
        }
        #expect(throws: ABI.Failure.self) { try ABI.decode([], as: [.bytes]) }
        #expect(throws: ABI.Failure.self) {
            try ABI.decode(bytes(word("20") + word("1") + "ff"), as: [.bytes])
        }
    }

    @Test("offsets that point at the same bytes cannot make a small input large")
    func refusesAliases() throws {
        // Each level is an array of sixteen offsets that all lead to the next level.
        var words = word("20")
        for level in 0..<8 {
            words += word("10")
            for _ in 0..<16 { words += level == 7 ? word("1") : word("200") }
        }
        let kind = try ABI.Kind("uint256[][][][][][][][]")
        #expect(throws: ABI.Failure.self) { try ABI.decode(bytes(words), as: [kind]) }
    }

    @Test(
        "names of kinds are read and written",
        arguments: [
            "uint256", "int8", "address", "bool", "bytes1", "bytes32", "bytes", "string",
            "uint256[]", "bytes32[3][]", "(address,uint256[2])[]", "((bool,string),bytes)",
        ])
    func readsNames(name: String) throws {
        #expect(try ABI.Kind(name).name == name)
    }

    @Test(
        "what names no kind is refused",
        arguments: [
            "", "uint7", "uint0", "uint264", "int-8", "bytes33", "bytes0", "uint256[", "uint256]",
            "uint256[0]", "uint256[-1]", "()", "(uint256", "(uint256,)", "float", "uint256 ",
            "uint256[99999999999999999999]", String(repeating: "(", count: 100_000),
            "uint256" + String(repeating: "[]", count: 20),
            "uint8[9999999][9999999][9999999][9999999]", "string[9223372036854775807][]",
        ])
    func refusesNames(name: String) {
        #expect(throws: ABI.Failure.self) { try ABI.Kind(name) }
    }

    @Test("an interface as compilers write it gives signatures")
    func readsInterface() throws {
        let json = try JSON(
            decoding: Array(
                """
                [{"type":"function","name":"swap","inputs":[{"name":"a","type":"uint256"},
                {"name":"path","type":"tuple[2][]","components":[{"name":"x","type":"address"},
                {"name":"y","type":"bytes"}]}],"outputs":[{"name":"","type":"uint256[]"}]},
                {"type":"event","name":"E","inputs":[{"name":"i","type":"uint256","indexed":true}]},
                {"type":"receive"},{"type":"constructor","inputs":[]}]
                """.utf8))
        let entries = try ABI.interface(json)
        #expect(
            entries.map(\.signature) == ["swap(uint256,(address,bytes)[2][])", "E(uint256)", "()"])
        #expect(entries[1].inputs[0].isIndexed)
    }
}
