import Machine
import Node
import Testing

@Suite struct ConfigurationTests {
    @Test("what is written is read back")
    func roundTrip() throws {
        var configuration = Configuration()
        configuration.peers = ["/ip4/127.0.0.1/tcp/1/p2p/a", "/ip4/127.0.0.1/tcp/2/p2p/b"]
        configuration.rpc = Endpoint(host: "::1", port: 9)
        configuration.development = true
        #expect(try Configuration(decoding: configuration.encoded) == configuration)
    }

    @Test("every key has a text")
    func keys() {
        for key in Configuration.keys { #expect(Configuration().text(of: key) != nil) }
    }

    @Test(
        "a wrong line is named",
        arguments: [
            ("genesis", ConfigurationError.line(1)), ("# x\nodd = 1", .unknown("odd")),
            ("data = a\ndata = b", .repeated("data")),
            ("rpc = 80", .value(key: "rpc", found: "80", expected: "ADDRESS:PORT")),
            ("rpc = a:70000", .value(key: "rpc", found: "a:70000", expected: "ADDRESS:PORT")),
            (
                "log = loud",
                .value(
                    key: "log", found: "loud", expected: "debug, info, warn or error")
            ),
        ])
    func wrong(text: String, error: ConfigurationError) {
        #expect(throws: error) { try Configuration(decoding: text) }
    }
}
