import CLI
import Testing

@Suite struct ArgumentsTests {
    @Test("options, flags and words are told apart")
    func sorts() throws {
        var arguments = try Arguments(["--nodes=7", "shop", "--json"])
        #expect(try arguments.value("nodes", as: Int.self) == 7)
        #expect(try arguments.flag("json"))
        #expect(try arguments.positional("app") == "shop")
        try arguments.finish()
    }

    @Test("an unknown option names the nearest known one")
    func nearest() throws {
        var arguments = try Arguments(["--node=7"])
        _ = try arguments.value("nodes", as: Int.self)
        do {
            try arguments.finish()
            Issue.record("the unknown option passed")
        } catch {
            #expect("\(error)" == "unknown: --node (did you mean --nodes?)")
        }
    }

    @Test(
        "a wrong word is refused",
        arguments: [
            (["-x"], UsageError.malformed("-x")), (["--a=1", "--a=2"], .repeated("a")),
        ])
    func refused(words: [String], error: UsageError) {
        #expect(throws: error) { _ = try Arguments(words) }
    }

    @Test("a value of the wrong type is refused, and so is a flag with a value")
    func types() throws {
        var arguments = try Arguments(["--nodes=many", "--json=yes", "--dir"])
        #expect(throws: UsageError.unusable("nodes", "many", "expected a whole number")) {
            _ = try arguments.value("nodes", as: Int.self)
        }
        #expect(throws: UsageError.unexpectedValue("json")) { _ = try arguments.flag("json") }
        #expect(throws: UsageError.missingValue("dir")) {
            _ = try arguments.value("dir", as: String.self)
        }
    }

    @Test("a number beyond its bounds is refused, and an empty value where it means nothing")
    func bounds() throws {
        var arguments = try Arguments(["--nodes=129", "--dir=", "--token="])
        #expect(throws: UsageError.unusable("nodes", "129", "expected 1 to 128")) {
            _ = try arguments.value("nodes", in: 1...128)
        }
        #expect(throws: UsageError.missingValue("dir")) {
            _ = try arguments.value("dir", as: String.self)
        }
        #expect(try arguments.value("token", as: String.self, orEmpty: true) == "")
    }

    @Test("a list has commas between, and nothing empty")
    func lists() throws {
        var arguments = try Arguments(["--few=1,2", "--bad=1,,2"])
        #expect(try arguments.values("few", as: Int.self) == [1, 2])
        #expect(try arguments.values("none", as: Int.self) == [])
        #expect(
            throws: UsageError.unusable(
                "bad", "1,,2", "expected a whole number, or several with commas")
        ) {
            _ = try arguments.values("bad", as: Int.self)
        }
    }
}
