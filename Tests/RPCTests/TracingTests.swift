import Encoding
import Primitives
import RPC
import Testing

@Suite struct TracingTests {
    private static let contract = "0x00000000000000000000000000000000000000dd"
    private static let other = "0x00000000000000000000000000000000000000ee"

    /// Traces a call of code that is laid over an address.
    private func trace(
        _ code: String, _ options: String = "", gas: String = "0xfffff", other: String = "00"
    ) throws -> JSON {
        var desk = try Desk()
        let separator = options.isEmpty ? "" : ","
        return try desk.call(
            "debug_traceCall",
            """
            {"to":"\(Self.contract)","gas":"\(gas)"},"latest",
            {"stateOverrides":{"\(Self.contract)":{"code":"0x\(code)"},
            "\(Self.other)":{"code":"0x\(other)"}}\(separator)\(options)}
            """)
    }

    @Test("each instruction is told with its cost and the stack before it")
    func steps() throws {
        let result = try #require(try trace("600260030100")["result"])
        let logs = try #require(result["structLogs"]?.elements)
        #expect(logs.map { $0["op"] } == ["PUSH1", "PUSH1", "ADD", "STOP"])
        #expect(logs.map { $0["gasCost"] } == [3, 3, 3, 0])
        #expect(logs.map { $0["pc"] } == [0, 2, 4, 5])
        #expect(logs.last?["stack"] == ["0x5"])
        #expect(result["failed"] == false)
        #expect(result["gas"] == 21009)
    }

    @Test("the instruction that fails says why, and a call costs what it hands on")
    func failures() throws {
        let failed = try #require(try trace("5f56")["result"]?["structLogs"]?.elements)
        #expect(failed.last?["error"] == "invalid jump destination")
        // CALL hands 0x1000 gas on, and pays 2,600 for a cold account.
        let call = "5f5f5f5f5f60ee611000f100"
        let logs = try #require(try trace(call)["result"]?["structLogs"]?.elements)
        let made = logs.first { $0["op"] == "CALL" }
        #expect(made?["gasCost"] == 6696)
        #expect(logs.contains { $0["depth"] == 2 && $0["op"] == "STOP" })
    }

    @Test("what a trace shows can be chosen")
    func options() throws {
        let code = "602a5f525f51600155600154500000"
        let shown = try #require(
            try trace(code, #""enableMemory":true,"disableStack":true"#)["result"]?["structLogs"]?
                .elements)
        #expect(shown.allSatisfy { $0["stack"] == nil })
        #expect(shown.contains { $0["memory"]?.elements?.count == 1 })
        let word = JSON.string("0x" + String(repeating: "0", count: 62) + "2a")
        #expect(
            shown.contains { $0["storage"]?.members?.map(\.value) == [word] })
        let few = try trace(code, #""limit":2"#)["result"]?["structLogs"]?.elements
        #expect(few?.count == 2)
    }

    @Test("calls are told one within the other, with why they failed")
    func calls() throws {
        let call = "5f5f5f5f600360ee611000f100"
        let reverting = "5f5ffd"
        let result = try #require(
            try trace("5f5f5f5f5f60ee611000f100", #""tracer":"callTracer""#, other: reverting)[
                "result"])
        #expect(result["type"] == "CALL")
        #expect(result["to"] == .string(Self.contract))
        let inner = try #require(result["calls"]?[0])
        #expect(inner["to"] == .string(Self.other))
        #expect(inner["error"] == "execution reverted")
        #expect(inner["gas"] == "0x1000")
        let poor = try trace(call, #""tracer":"callTracer""#)["result"]?["calls"]?[0]
        #expect(poor?["error"] == "insufficient balance for transfer")
        let flat = try #require(
            try trace("5f5f5f5f5f60ee611000f100", #""tracer":"flatCallTracer""#)["result"]?
                .elements)
        #expect(flat.map { $0["traceAddress"] } == [[], [0]])
        #expect(flat[0]["subtraces"] == 1)
    }

    @Test("the accounts that were touched are told, and what changed of them")
    func prestate() throws {
        let code = "602a60015500"
        let result = try #require(try trace(code, #""tracer":"prestateTracer""#)["result"])
        let slot = "0x" + String(repeating: "0", count: 63) + "1"
        let zero = JSON.string("0x" + String(repeating: "0", count: 64))
        #expect(result[Self.contract]?["storage"]?[slot] == zero)
        let diff = try #require(
            try trace(code, #""tracer":"prestateTracer","tracerConfig":{"diffMode":true}"#)[
                "result"])
        let word = JSON.string("0x" + String(repeating: "0", count: 62) + "2a")
        #expect(diff["post"]?[Self.contract]?["storage"]?[slot] == word)
        #expect(diff["pre"]?[Self.contract]?["storage"] == nil)
    }

    @Test("several tracers watch at once, and an unknown one is refused")
    func tracers() throws {
        let both = try trace(
            "00", #""tracer":"muxTracer","tracerConfig":{"4byteTracer":{},"noopTracer":{}}"#)
        #expect(both["result"] == ["4byteTracer": [:], "noopTracer": [:]])
        let scripted = try trace("00", #""tracer":"{ step: function() {} }""#)["error"]
        #expect(scripted?["message"]?.text?.contains("JavaScript") == true)
        #expect(try trace("00", #""tracer":"other""#)["error"]?["code"] == -32000)
    }

    @Test("what the rules for user operations look at is told frame by frame")
    func validation() throws {
        // Reads slot one, stores it, asks how much code there is, hashes a word, and calls.
        let code = "60015460015560ee3b5060205f20505f5f5f5f5f60ee5af100"
        let result = try #require(
            try trace(code, #""tracer":"erc7562Tracer""#, other: "00")["result"])
        let slot = "0x" + String(repeating: "0", count: 63) + "1"
        let zero = JSON.string("0x" + String(repeating: "0", count: 64))
        #expect(result["accessedSlots"]?["reads"] == .object([.init(slot, [zero])]))
        #expect(result["accessedSlots"]?["writes"] == .object([.init(slot, 1)]))
        #expect(result["contractSize"]?[Self.other]?["contractSize"] == 1)
        #expect(result["extCodeAccessInfo"] == [.string(Self.other)])
        #expect(result["keccak"] == [zero])
        // What only moves words about does not count, nor does gas that is asked for a call.
        #expect(
            result["usedOpcodes"] == [
                "0x0": 1, "0x20": 1, "0x3b": 1, "0x54": 1, "0x55": 1, "0xf1": 1,
            ])
        #expect(result["calls"]?[0]?["usedOpcodes"] == ["0x0": 1])
        #expect(result["outOfGas"] == false)
    }

    @Test("a trace that grows too long has no answer")
    func limits() throws {
        #expect(try trace("5b5f56", gas: "0x2dc6c0")["error"]?["code"] == -32003)
    }

    @Test("an access list names the slots that a call touches, and the accounts it asks about")
    func accessList() throws {
        var desk = try Desk()
        let code = "600154603b3100"
        let result = try #require(
            try desk.call(
                "eth_createAccessList",
                """
                {"to":"\(Self.contract)"},"latest",{"\(Self.contract)":{"code":"0x\(code)"}}
                """)["result"])
        let slot = JSON.string("0x" + String(repeating: "0", count: 63) + "1")
        #expect(
            result["accessList"] == [
                [
                    "address": .string("0x" + String(repeating: "0", count: 38) + "3b"),
                    "storageKeys": [],
                ],
                ["address": .string(Self.contract), "storageKeys": [slot]],
            ])
        #expect(result["error"] == nil)
    }

    @Test("calls within calls are told as deep as gas lets them go")
    func depth() throws {
        var desk = try Desk()
        let contract = Self.contract
        let body = """
            {"jsonrpc":"2.0","id":1,"method":"debug_traceCall","params":[
            {"to":"\(contract)","gas":"0x2faf080"},"latest",{"tracer":"callTracer",
            "stateOverrides":{"\(contract)":{"code":"0x5f5f5f5f5f305af100"}}}]}
            """
        // No reader of JSON takes so many levels: the text is counted.
        let text = String(decoding: try #require(try desk.post(body)), as: UTF8.self)
        #expect(text.split(separator: "\"calls\"").count > 300)
    }

    @Test("the accounts that a block changed are asked for in order, and never of genesis")
    func changedAccounts() throws {
        var desk = try Desk()
        func code(_ parameters: String) throws -> JSON? {
            try desk.call("debug_getModifiedAccountsByNumber", parameters)["error"]?["code"]
        }
        #expect(try code("\"0x0\"") == -32000)
        #expect(try code("\"0x0\",\"0x0\"") == -32000)
        #expect(try code("\"0x0\",\"0x99\"") == -32000)
        #expect(try code("") == -32602)
    }

    @Test("what is not in the chain cannot be traced, nor genesis")
    func unknown() throws {
        var desk = try Desk()
        let hash = "\"0x" + String(repeating: "1", count: 64) + "\""
        #expect(
            try desk.call("debug_traceTransaction", hash)["error"]?["message"]
                == "transaction not found")
        #expect(try desk.call("debug_traceBlockByHash", hash)["error"]?["code"] == -32000)
        #expect(
            try desk.call("debug_traceBlockByNumber", "\"0x0\"")["error"]?["message"]
                == "genesis is not traceable")
    }
}
