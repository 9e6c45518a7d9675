import Encoding
import Ledger
import Machine
import Primitives
import RPC
import Testing

@Suite struct WatchTests {
    private func genesis(_ desk: Desk) throws -> Overlay {
        try #require(desk.chain.overlay(desk.chain.headHash))
    }

    @Test("a block filter tells each block once")
    func polls() throws {
        var desk = try Desk()
        let id = try #require(try desk.call("eth_newBlockFilter")["result"]?.encoded())
        let name = String(decoding: id, as: UTF8.self)
        #expect(try desk.call("eth_getFilterChanges", name)["result"] == [])
        let block = try genesis(desk)
        desk.handle(.finalized(block))
        desk.handle(.finalized(block))
        let hash = JSON.string(block.hash.description)
        #expect(try desk.call("eth_getFilterChanges", name)["result"] == [hash, hash])
        #expect(try desk.call("eth_getFilterChanges", name)["result"] == [])
        #expect(try desk.call("eth_uninstallFilter", name)["result"] == true)
        #expect(try desk.call("eth_uninstallFilter", name)["result"] == false)
        #expect(
            try desk.call("eth_getFilterChanges", name)["error"]
                == ["code": -32000, "message": "filter not found"])
    }

    @Test("a filter that nobody asks for five minutes is gone, one that is asked stays")
    func expires() throws {
        var desk = try Desk()
        let first = try #require(try desk.call("eth_newBlockFilter")["result"]?.text)
        let second = try #require(try desk.call("eth_newFilter", "{}")["result"]?.text)
        desk.now = desk.now.advanced(by: .seconds(200))
        #expect(try desk.call("eth_getFilterLogs", "\"\(second)\"")["result"] == [])
        #expect(desk.dispatcher.deadline == Instant.start.advanced(by: .seconds(300)))
        desk.now = desk.now.advanced(by: .seconds(100))
        var outbox = Outbox<Dispatcher.Output>()
        desk.dispatcher.wake(at: desk.now, into: &outbox)
        #expect(try desk.call("eth_getFilterChanges", "\"\(first)\"")["error"] != nil)
        #expect(try desk.call("eth_getFilterChanges", "\"\(second)\"")["result"] == [])
    }

    @Test("filters have a limit")
    func limitsFilters() throws {
        var desk = try Desk()
        for _ in 0..<RPCLimits.filters {
            #expect(try desk.call("eth_newBlockFilter")["result"] != nil)
        }
        #expect(try desk.call("eth_newBlockFilter")["error"]?["code"] == -32005)
    }

    @Test("a filter that overflows is dropped rather than left with holes")
    func overflows() throws {
        var desk = try Desk()
        let id = try #require(try desk.call("eth_newBlockFilter")["result"]?.text)
        let block = try genesis(desk)
        for _ in 0..<RPCLimits.filterEntries { desk.handle(.finalized(block)) }
        desk.handle(.finalized(block))
        #expect(try desk.call("eth_getFilterChanges", "\"\(id)\"")["error"] != nil)
    }

    @Test("a subscription is pushed to its WebSocket until it ends")
    func pushes() throws {
        var desk = try Desk()
        let (mine, other) = (Session(1), Session(2))
        desk.tell(mine, "eth_subscribe", #""newHeads""#)
        desk.tell(other, "eth_subscribe", #""newHeads""#)
        let id = try #require(desk.sent[0].1["result"])
        let block = try genesis(desk)
        desk.sent = []
        desk.handle(.finalized(block))
        let push = try #require(desk.sent.first { $0.0 == mine }?.1)
        #expect(push["method"] == "eth_subscription")
        #expect(push["id"] == nil)
        #expect(push["params"]?["subscription"] == id)
        #expect(push["params"]?["result"]?["hash"] == .string(block.hash.description))
        #expect(desk.sent.count == 2)

        desk.sent = []
        desk.tell(other, "eth_unsubscribe", "\"\(id.text ?? "")\"")
        #expect(desk.sent[0].1["error"]?["message"] == "subscription not found")
        desk.tell(mine, "eth_unsubscribe", "\"\(id.text ?? "")\"")
        #expect(desk.sent[1].1["result"] == true)
        desk.sent = []
        desk.handle(.disconnected(other))
        desk.handle(.finalized(block))
        #expect(desk.sent.isEmpty)
    }

    @Test("subscriptions need a WebSocket, a known topic, and have a limit")
    func refusesSubscriptions() throws {
        var desk = try Desk()
        #expect(try desk.call("eth_subscribe", #""newHeads""#)["error"]?["code"] == -32001)
        desk.tell(Session(1), "eth_subscribe", #""weather""#)
        #expect(desk.sent[0].1["error"]?["code"] == -32601)
        for _ in 0..<RPCLimits.subscriptionsPerSession {
            desk.tell(Session(1), "eth_subscribe", #""logs",{}"#)
        }
        desk.sent = []
        desk.tell(Session(1), "eth_subscribe", #""newHeads""#)
        #expect(desk.sent[0].1["error"]?["code"] == -32005)
    }
}
