import Encoding
import Primitives
import RPC
import Testing

/// The `trace_` space.
@Suite struct ParityTests {
    private static let other = "0x00000000000000000000000000000000000000ee"
    private static let payment = "{\"from\":\"\(Desk.rich)\",\"to\":\"\(other)\",\"value\":\"0x5\"}"

    @Test("frames are told where they are asked for")
    func frames() throws {
        var desk = try Desk()
        let result = try #require(
            try desk.call("trace_call", Self.payment + ",[\"trace\"]")["result"])
        let frame = try #require(result["trace"]?[0])
        #expect(frame["type"] == "call")
        #expect(frame["action"]?["value"] == "0x5")
        #expect(frame["result"] == ["gasUsed": "0x0", "output": "0x"])
        #expect(result["vmTrace"] == .null)
        #expect(result["stateDiff"] == .null)
        let unknown = try desk.call("trace_call", Self.payment + ",[\"code\"]")
        #expect(unknown["error"]?["code"] == -32602)
        #expect(try desk.call("trace_block", "\"0x0\"")["result"] == [])
        #expect(try desk.call("trace_filter", "{\"fromBlock\":\"0x0\"}")["result"] == [])
        let hash = "\"0x" + String(repeating: "1", count: 64) + "\""
        #expect(try desk.call("trace_transaction", hash)["result"] == .null)
        let replay = try desk.call("trace_replayBlockTransactions", hash + ",[\"trace\"]")
        #expect(replay["error"]?["code"] == -32602)
    }

    @Test("instructions are told with what they left behind, those within a creation, too")
    func instructions() throws {
        var desk = try Desk()
        // Stores 0x2a in memory and in slot one, then creates a contract of no code with it.
        let code = "602a5f52602a600155" + "60205f5ff000"
        let result = try #require(
            try desk.call(
                "trace_call",
                "{\"from\":\"\(Desk.rich)\",\"data\":\"0x\(code)\"},[\"vmTrace\"]")["result"])
        #expect(result["trace"] == [])
        let trace = try #require(result["vmTrace"])
        #expect(trace["code"] == .string("0x" + code))
        let rows = try #require(trace["ops"]?.elements)
        #expect(rows.map { $0["pc"] } == [0, 2, 3, 4, 6, 8, 9, 11, 12, 13, 14])
        #expect(rows[0]["ex"]?["push"] == ["0x2a"])
        #expect(rows[0]["cost"] == 3)
        let word = "0x" + String(repeating: "0", count: 62) + "2a"
        #expect(rows[2]["ex"]?["mem"] == ["off": 0, "data": .string(word)])
        #expect(rows[5]["ex"]?["store"] == ["key": "0x1", "val": "0x2a"])
        #expect(rows[9]["sub"]?["code"] == .string(word))
        #expect(rows[9]["sub"]?["ops"]?.elements?.count == 1)
        #expect(rows[10]["sub"] == .null)
    }

    @Test("an instruction that cannot be paid has no effect, and one that is none is not told")
    func failures() throws {
        var desk = try Desk()
        func rows(_ code: String) throws -> [JSON] {
            let call = "{\"data\":\"0x\(code)\",\"gas\":\"0xd000\"},[\"vmTrace\"]"
            return try desk.call("trace_call", call)["result"]?["vmTrace"]?["ops"]?.elements ?? []
        }
        #expect(try rows("5f0c").count == 1)
        let poor = try rows("63ffffffff5100")
        #expect(poor.count == 2)
        #expect(poor.last?["ex"] == .null)
    }

    @Test("what changed is told field by field, and later calls see it")
    func differences() throws {
        var desk = try Desk()
        let calls = "[[\(Self.payment),[\"stateDiff\"]],[\(Self.payment),[\"stateDiff\"]]]"
        let reports = try #require(try desk.call("trace_callMany", calls)["result"]?.elements)
        #expect(reports[0]["stateDiff"]?[Self.other]?["balance"] == ["+": "0x5"])
        #expect(reports[0]["stateDiff"]?[Self.other]?["code"] == ["+": "0x"])
        let second = try #require(reports[1]["stateDiff"]?[Self.other])
        #expect(second["balance"] == ["*": ["from": "0x5", "to": "0xa"]])
        #expect(second["nonce"] == "=")
        let nonce = reports[1]["stateDiff"]?["\(Desk.rich)"]?["nonce"]
        #expect(nonce == ["*": ["from": "0x8", "to": "0x9"]])
        #expect(try desk.call("trace_callMany", "[[{}]]")["error"]?["code"] == -32602)
    }

    @Test("bytes that are no signed transaction cannot be traced")
    func raw() throws {
        var desk = try Desk()
        let refused = try desk.call("trace_rawTransaction", "\"0xc0\",[\"trace\"]")
        #expect(refused["error"]?["code"] == -32000)
    }
}
