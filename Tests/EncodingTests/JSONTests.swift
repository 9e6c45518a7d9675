import Encoding
import Testing

@Suite struct JSONTests {
    private func decode(_ text: String) throws(JSON.Failure) -> JSON {
        try JSON(decoding: Array(text.utf8))
    }

    @Test("a document is read with its order, its exact numbers and its duplicates")
    func readsDocument() throws {
        let value = try decode(
            #" {"b": [1, -0.5e+10, 123456789012345678901234567890], "a": {}, "b": null} "#)
        #expect(
            value
                == .object([
                    .init(
                        "b", [1, .number("-0.5e+10"), .number("123456789012345678901234567890")]),
                    .init("a", [:]), .init("b", .null),
                ]))
        #expect(value["b"] == .null)
        #expect(value["c"] == nil)
    }

    @Test(
        "escapes are resolved, surrogate pairs among them",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (#""\u0041\u00e9\u20ac""#, "Aé€"),
            (#""\ud83d\ude00 and plain text after it""#, "😀 and plain text after it"),
            (#""sixteen plain bytes, then \u0000""#, "sixteen plain bytes, then \u{0}"),
            ("\"ü😀\"", "ü😀"),
        ])
    func resolvesEscapes(text: String, expected: String) throws {
        #expect(try decode(text) == .string(expected))
    }

    @Test(
        "what RFC 8259 does not know is refused",
        arguments: [
            "", " ", "tru", "nul1", "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x10", "NaN",
            "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
            "{a:1}", "{1:1}", "{'a':1}", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
            "\"\\ud800\"", "\"\\ud800\\n\"", "\"\\ud800\\ud800\"", "\"\\udc00\"", "\"\n\"",
            "\"1234567\u{1f}\"", "1 1", "[]]", "// x\n1", "\u{feff}1", "[1]\u{0}",
        ])
    func refuses(text: String) {
        #expect(throws: JSON.Failure.self) { try decode(text) }
    }

    @Test("a failure says where it is")
    func saysWhere() {
        #expect(throws: JSON.Failure.unexpected(0x7d, at: 5)) { try decode(#"{"a":}"#) }
        #expect(throws: JSON.Failure.truncated(at: 3)) { try decode("[1,") }
        #expect(throws: JSON.Failure.trailing(at: 3)) { try decode("{} x") }
        #expect(throws: JSON.Failure.escape(at: 2)) { try decode(#""a\q""#) }
    }

    @Test("a string that is not UTF-8 is refused")
    func refusesOtherEncodings() {
        for bytes: [UInt8] in [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0x80]] {
            #expect(throws: JSON.Failure.notUTF8(at: 1)) {
                try JSON(decoding: [0x22] + bytes + [0x22])
            }
        }
    }

    @Test("depth and size have limits")
    func keepsLimits() throws {
        let nest = { (count: Int) in
            Array(
                (String(repeating: "[", count: count) + String(repeating: "]", count: count)).utf8)
        }
        #expect(throws: Never.self) { try JSON(decoding: nest(64)) }
        #expect(throws: JSON.Failure.tooDeep(at: 64, limit: 64)) { try JSON(decoding: nest(65)) }
        #expect(throws: JSON.Failure.tooDeep(at: 64, limit: 64)) {
            try JSON(decoding: nest(1_000_000))
        }
        #expect(throws: JSON.Failure.tooLarge(found: 128, limit: 100)) {
            try JSON(decoding: nest(64), size: 100)
        }
    }

    @Test("duplicates are refused on demand, among few members and among many")
    func refusesDuplicates() {
        for count in [1, 15, 16, 17, 100] {
            let members = (0..<count).map { "\"m\($0)\":\($0)" }.joined(separator: ",")
            let bytes = { (more: String) in Array("{\(members)\(more)}".utf8) }
            #expect(throws: Never.self) { try JSON(decoding: bytes(""), duplicates: .refuse) }
            #expect(throws: JSON.Failure.duplicate("m0", at: members.utf8.count + 2)) {
                try JSON(decoding: bytes(#","m0":1"#), duplicates: .refuse)
            }
        }
    }

    @Test("what is written is read as the same value", arguments: JSON.Style.all)
    func writesAndReads(style: JSON.Style) throws {
        let value: JSON = [
            "z": ["a", "\u{0}\u{1f}\"\\\n\u{7f}ü😀", .null, true, false, -12, .number("1.50")],
            "a": [:], "empty": [],
        ]
        let read = try JSON(decoding: value.encoded(style))
        #expect(
            read == (style == .canonical ? try JSON(decoding: read.encoded(.canonical)) : value))
    }

    @Test("the three styles are laid out as they say")
    func laysOut() {
        let value: JSON = ["b": [1, []], "a": ["x": "\u{1}"]]
        let text = { (style: JSON.Style) in String(decoding: value.encoded(style), as: UTF8.self) }
        #expect(text(.compact) == #"{"b":[1,[]],"a":{"x":"\u0001"}}"#)
        #expect(text(.canonical) == #"{"a":{"x":"\u0001"},"b":[1,[]]}"#)
        #expect(
            text(.pretty) == """
                {
                  "b": [
                    1,
                    []
                  ],
                  "a": {
                    "x": "\\u0001"
                  }
                }
                """)
    }

    @Test("every prefix of a document is refused, and no changed byte traps")
    func survivesDamage() throws {
        let text = Array(
            #"{"key":[1.5e3,"\ud83d\ude00 ü",true,null,{"a":[]}],"long key":"0x00"}"#.utf8)
        for count in 0..<text.count {
            #expect(throws: JSON.Failure.self) { try JSON(decoding: Array(text[..<count])) }
        }
        for index in text.indices {
            for byte in UInt8.min...UInt8.max {
                var damaged = text
                damaged[index] = byte
                guard let value = try? JSON(decoding: damaged) else { continue }
                #expect(try JSON(decoding: value.encoded()) == value)
            }
        }
    }
}

extension JSON.Style {
    static let all: [JSON.Style] = [.compact, .canonical, .pretty]
}
