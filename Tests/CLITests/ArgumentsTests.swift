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
        #expect(throws: UsageError.unreadable("nodes", "many")) {
            _ = try arguments.value("nodes", as: Int.self)
        }
        #expect(throws: UsageError.unexpectedValue("json")) { _ = try arguments.flag("json") }
        #expect(throws: UsageError.missingValue("dir")) {
            _ = try arguments.value("dir", as: String.self)
        }
    }
}
