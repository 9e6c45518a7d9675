import Encoding
import Machine
import Primitives
import RPC
import Testing

@Suite struct RequestTests {
    @Test("a request is answered with its own identifier, of whatever kind")
    func echoesIdentifiers() throws {
        var desk = try Desk()
        for id in ["1", "\"a\\\"b\"", "null", "1.5", "-3", "123456789012345678901234567890"] {
            let reply = try desk.ask(#"{"jsonrpc":"2.0","id":\#(id),"method":"eth_chainId"}"#)
            #expect(
                reply
                    == .object([
                        .init("jsonrpc", "2.0"), .init("id", try JSON(decoding: Array(id.utf8))),
                        .init("result", "0x539"),
                    ]))
        }
    }

    @Test(
        "what is no request is refused with the standard's codes",
        arguments: [
            ("{", -32700), ("", -32700), ("nonsense", -32700), ("{}{}", -32700),
            ("[1,2", -32700), ("\"eth_chainId\"", -32600), ("1", -32600), ("null", -32600),
            ("{}", -32600), ("[]", -32600), (#"{"jsonrpc":"2.0"}"#, -32600),
            (#"{"jsonrpc":"1.0","id":1,"method":"eth_chainId"}"#, -32600),
            (#"{"id":1,"method":"eth_chainId"}"#, -32600),
            (#"{"jsonrpc":2.0,"id":1,"method":"eth_chainId"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":""}"#, -32600),
            (#"{"jsonrpc":"2.0","id":{},"method":"eth_chainId"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":[1],"method":"eth_chainId"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":true,"method":"eth_chainId"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":"eth_nothing"}"#, -32601),
            (#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{}}"#, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[1]}"#, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":[]}"#, -32602),
        ])
    func refusesMalformed(body: String, code: Int) throws {
        var desk = try Desk()
        let reply = try desk.ask(body)
        #expect(reply["error"]?["code"] == .integer(code), "\(body)")
        #expect(reply["result"] == nil)
        #expect(reply["jsonrpc"] == "2.0")
    }

    @Test("a notification is carried out and gets no answer")
    func staysSilent() throws {
        var desk = try Desk()
        let body = #"{"jsonrpc":"2.0","method":"eth_chainId"}"#
        #expect(try desk.post(body) == [])
        #expect(try desk.post("[\(body),\(body)]") == [])
        #expect(try desk.post(#"{"jsonrpc":"2.0","method":"eth_nothing"}"#) == [])
    }

    @Test("a batch is answered in its order, each call on its own")
    func answersBatches() throws {
        var desk = try Desk()
        let reply = try desk.ask(
            """
            [{"jsonrpc":"2.0","id":1,"method":"eth_chainId"},1,
            {"jsonrpc":"2.0","method":"eth_chainId"},
            {"jsonrpc":"2.0","id":"x","method":"eth_getBalance","params":["\(Desk.rich)"]},
            {"jsonrpc":"2.0","id":3,"method":"eth_blockNumber"},
            {"jsonrpc":"2.0","id":4,"method":"eth_getCode","params":["\(Desk.contract)"]}]
            """)
        let replies = try #require(reply.elements)
        #expect(replies.map { $0["id"] } == [1, .null, "x", 3, 4])
        #expect(
            replies.map { $0["result"]?.text } == ["0x539", nil, "0x2540be400", "0x5", "0x6000"])
        #expect(replies[1]["error"]?["code"] == -32600)
    }

    @Test("a batch's neighbouring reads are one reading, and transactions go out together")
    func groupsNeighbours() throws {
        var desk = try Desk()
        desk.answersReads = false
        let read =
            #"{"jsonrpc":"2.0","id":1,"method":"eth_getCode","params":["\#(Desk.contract)"]}"#
        let send = #"{"jsonrpc":"2.0","id":2,"method":"eth_sendRawTransaction","params":["0x01"]}"#
        #expect(try desk.post("[\(read),\(read),\(send),\(send),\(read)]") == nil)
        #expect(desk.readings.map(\.1.count) == [2])
        #expect(desk.submitted.isEmpty)
        desk.answerReads()
        #expect(desk.submitted.map(\.1) == [[1], [1]])
        desk.handle(.answered(desk.submitted[1].0, [Reply("second")]))
        #expect(desk.readings.isEmpty)
        desk.handle(.answered(desk.submitted[0].0, [Reply(RPCError.server("first"))]))
        #expect(desk.readings.map(\.1.count) == [1])
        desk.answerReads()
        let replies = try #require(try desk.reply(1)?.elements)
        #expect(replies.count == 5)
        #expect(replies[2]["error"]?["message"] == "first")
        #expect(replies[3]["result"] == "second")
    }

    @Test("slow readings hold up slow ones, and quick ones pass")
    func separatesLanes() throws {
        var desk = try Desk()
        desk.answersReads = false
        let slow =
            #"{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{"to":"\#(Desk.rich)"}]}"#
        #expect(try desk.post("[\(slow),\(slow)]") == nil)
        #expect(desk.readings.map(\.1.count) == [1])
        #expect(try desk.post(slow) == nil)
        #expect(desk.readings.count == 1)
        for _ in 0..<RPCLimits.quickCallsAtOnce + 2 { #expect(try desk.post(call) == nil) }
        #expect(desk.readings.count == 1 + RPCLimits.quickCallsAtOnce)
        while !desk.readings.isEmpty { desk.answerReads() }
        #expect(try desk.reply(1)?.elements?.count == 2)
        for number in 2...UInt64(RPCLimits.quickCallsAtOnce + 4) {
            #expect(try desk.reply(number)?["result"] != nil, "\(number)")
        }
    }

    @Test("a batch above the limit is refused whole")
    func limitsBatches() throws {
        var desk = try Desk()
        let one = #"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"#
        let batch = { (count: Int) in
            "[" + repeatElement(one, count: count).joined(separator: ",") + "]"
        }
        #expect(try desk.ask(batch(RPCLimits.batchCount)).elements?.count == RPCLimits.batchCount)
        let reply = try desk.ask(batch(RPCLimits.batchCount + 1))
        #expect(reply["error"]?["message"] == "batch too large")
    }

    @Test("replies that grow too long are cut to an error, and the batch stays whole")
    func limitsResponses() throws {
        var desk = try Desk()
        desk.answersReads = false
        let one = #"{"jsonrpc":"2.0","id":1,"method":"eth_getCode","params":["\#(Desk.contract)"]}"#
        _ = try desk.post("[\(one),\(one),\(one)]")
        let long = Reply(.string(String(repeating: "x", count: RPCLimits.responseSize / 2)))
        desk.handle(.answered(desk.readings[0].0, [long, long, Reply("short")]))
        let replies = try #require(try desk.reply(1)?.elements)
        #expect(replies[1]["error"]?["code"] == -32003)
        #expect(replies[2]["result"] == "short")
    }

    @Test("requests that wait have a limit, over all and for each WebSocket")
    func limitsOpenRequests() throws {
        var desk = try Desk()
        desk.answersReads = false
        let session = Session(1)
        for _ in 0..<RPCLimits.openRequestsPerSession {
            desk.tell(session, "eth_getBalance", "\"\(Desk.rich)\"")
        }
        #expect(desk.sent.isEmpty)
        desk.tell(session, "eth_getBalance", "\"\(Desk.rich)\"")
        #expect(desk.sent.count == 1)
        #expect(desk.sent[0].1["error"]?["code"] == -32005)
        for _ in RPCLimits.openRequestsPerSession..<RPCLimits.openRequests {
            #expect(try desk.post(call) == nil)
        }
        #expect(try desk.ask(call)["error"]?["code"] == -32005)
        while !desk.readings.isEmpty { desk.answerReads() }
        desk.answersReads = true
        #expect(try desk.ask(call)["result"] == "0x2540be400")
        desk.tell(session, "eth_getBalance", "\"\(Desk.rich)\"")
        #expect(desk.sent.last?.1["result"] == "0x2540be400")
    }

    private var call: String {
        #"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["\#(Desk.rich)"]}"#
    }

    @Test("every reply to a damaged request is a valid response, whatever byte is changed")
    func repliesAreValid() throws {
        var desk = try Desk()
        let body = Array(
            #"[{"jsonrpc":"2.0","id":1,"method":"eth_getStorageAt","params":["\#(Desk.contract)","0x1","latest"]}]"#
                .utf8)
        var random = Random(seed: 3)
        for index in body.indices {
            for _ in 0..<24 {
                var damaged = body
                damaged[index] = UInt8(truncatingIfNeeded: random.next())
                guard let bytes = try desk.post(damaged), !bytes.isEmpty else { continue }
                let reply = try JSON(decoding: bytes)
                for one in reply.elements ?? [reply] {
                    #expect(one["jsonrpc"] == "2.0")
                    #expect(one["id"] != nil)
                    #expect((one["result"] == nil) != (one["error"] == nil))
                }
            }
        }
    }
}
