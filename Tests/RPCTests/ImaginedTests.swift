import Encoding
import Primitives
import RPC
import Testing

@Suite struct ImaginedTests {
    private static let rich = "0x000000000000000000000000000000000000aaaa"
    private static let poor = "0x000000000000000000000000000000000000bbbb"

    private func imagine(_ body: String) throws -> JSON {
        var desk = try Desk()
        return try desk.call("eth_simulateV1", "{\(body)},\"latest\"")
    }

    @Test("blocks follow each other, and each sees what those before it left")
    func blocks() throws {
        let payment = #"{"from":"\#(Self.rich)","to":"\#(Self.poor)","value":"0x5"}"#
        let onward = #"{"from":"\#(Self.poor)","to":"\#(Self.rich)","value":"0x5"}"#
        let result = try #require(
            try imagine(
                #""blockStateCalls":[{"calls":[\#(payment)]},{"calls":[\#(onward)]}]"#)[
                    "result"]?.elements)
        #expect(result.map { $0["number"] } == ["0x1", "0x2"])
        #expect(result[1]["parentHash"] == result[0]["hash"])
        #expect(result.allSatisfy { $0["calls"]?[0]?["status"] == "0x1" })
        #expect(result[0]["stateRoot"] != result[1]["stateRoot"])
    }

    @Test("payments of wei show as logs if asked for")
    func transfers() throws {
        let payment = #"{"from":"\#(Self.rich)","to":"\#(Self.poor)","value":"0x5"}"#
        let shown = try imagine(
            #""blockStateCalls":[{"calls":[\#(payment)]}],"traceTransfers":true"#)["result"]?[0]
        let log = try #require(shown?["calls"]?[0]?["logs"]?[0])
        #expect(log["address"] == .string("0x" + String(repeating: "e", count: 40)))
        #expect(log["blockHash"] == shown?["hash"])
        let hidden = try imagine(#""blockStateCalls":[{"calls":[\#(payment)]}]"#)["result"]?[0]
        #expect(hidden?["calls"]?[0]?["logs"] == [])
        // The block is the same: no such log stands in a receipt.
        #expect(hidden?["hash"] == shown?["hash"])
    }

    @Test("gaps between numbers are filled, and numbers and times must rise")
    func order() throws {
        let gap = try imagine(#""blockStateCalls":[{"blockOverrides":{"number":"0x3"}}]"#)
        #expect(gap["result"]?.elements?.count == 3)
        let back = #"{"blockOverrides":{"number":"0x1"}}"#
        #expect(
            try imagine(#""blockStateCalls":[\#(back),\#(back)]"#)["error"]?["code"] == -38020)
        #expect(
            try imagine(
                #""blockStateCalls":[{"blockOverrides":{"time":"0x0"}}]"#)["error"]?["code"]
                == -38021)
        #expect(
            try imagine(
                #""blockStateCalls":[{"blockOverrides":{"number":"0xffff"}}]"#)["error"]?["code"]
                == -38026)
    }

    @Test("what cannot be executed says why by code")
    func refusals() throws {
        let payment = #"{"from":"\#(Self.poor)","to":"\#(Self.rich)","value":"0x5"}"#
        let body = #""blockStateCalls":[{"calls":[\#(payment)]}]"#
        #expect(try imagine(body)["error"]?["code"] == -38014)
        let strict = #""blockStateCalls":[{"calls":[{"nonce":"0x9"}]}],"validation":true"#
        #expect(try imagine(strict)["error"]?["code"] == -38011)
        let small = #""blockStateCalls":[{"calls":[{"gas":"0x1"}]}]"#
        #expect(try imagine(small)["error"]?["code"] == -38013)
    }

    @Test("the rules' own calls cost what they may and no more")
    func limits() throws {
        // The contract that keeps the hashes of blocks is made to run forever.
        let history = "0x0000f90827f1c53a10cb7a02335b175320002935"
        let block = #"{"stateOverrides":{"\#(history)":{"code":"0x5b5f56"}}}"#
        let blocks = Array(repeating: block, count: 5).joined(separator: ",")
        #expect(try imagine(#""blockStateCalls":[\#(blocks)]"#)["error"]?["code"] == -38026)
    }
}
