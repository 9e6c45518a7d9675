import Encoding
import Foundation
import Identifiers
import Index
import Ledger
import Linux
import Machine
import Primitives
import Testing

extension IndexedChain {
    /// The answer of the API to a path: the status and the body.
    func get(_ target: String, method: String = "GET") throws -> (status: UInt16, body: JSON) {
        let request = HTTPRequest(method: method, target: target, headers: [], body: [])
        let standing = Enquiry.Standing(
            isKept: true, point: indexer.point, failure: indexer.failure)
        let response: HTTPResponse
        do throws(APIFailure) {
            let enquiry = try Enquiry(request)
            let statements = try enquiry.statements(standing)
            let found = statements.isEmpty ? nil : keeper.carryOut(statements, isChange: false)
            response = enquiry.response(found, chain.view, standing)
        } catch {
            response = error.response
        }
        return (response.status, try JSON(decoding: response.body))
    }

    /// Every entry of a list, page by page.
    func all(_ path: String, limit: Int) throws -> [JSON] {
        var items: [JSON] = []
        var next: String?
        repeat {
            let cursor = next.map { "&cursor=\($0)" } ?? ""
            let separator = path.contains("?") ? "&" : "?"
            let page = try get("\(path)\(separator)limit=\(limit)\(cursor)").body
            items += page["items"]?.elements ?? []
            next = page["next"]?.text
        } while next != nil
        return items
    }

    /// What each holder has by the index.
    func balances() throws -> [String: String] {
        let items = try all("/api/tokens/\(Self.token)/holders", limit: 2)
        return Dictionary(
            items.map { ($0["holder"]?.text ?? "", $0["amount"]?.text ?? "") },
            uniquingKeysWith: { "\($0) twice \($1)" })
    }
}

@Suite struct IndexingTests {
    private let a = IndexedChain.address(0)
    private let b = IndexedChain.address(1)
    private let c = IndexedChain.address(2)

    @Test("transactions are found by whoever sent or got them, page by page, newest first")
    func transactions() throws {
        let chain = try IndexedChain()
        for value in 1...7 {
            try chain.add([chain.send(0, to: b, value: UInt256(UInt64(value)))])
        }
        try chain.add([chain.send(1, to: c, value: 9), chain.send(2, to: nil, data: [0x00])])
        for limit in [1, 2, 3, 100] {
            let sent = try chain.all("/api/addresses/\(a)/transactions", limit: limit)
            #expect(sent.map { $0["value"]?.text } == (1...7).reversed().map { "\($0)" })
            let all = try chain.all("/api/transactions", limit: limit)
            #expect(all.count == 9)
        }
        #expect(try chain.all("/api/addresses/\(b)/transactions", limit: 5).count == 8)
        let made = try chain.all("/api/contracts", limit: 5)
        #expect(made.map { $0["creator"]?.text } == ["\(c)"])
        let contract = try #require(made.first?["address"]?.text)
        let account = try chain.get("/api/addresses/\(contract)").body
        #expect(account["creator"]?.text == "\(c)")
        #expect(account["creation"] == made.first?["transaction"])
    }

    @Test("balances are what transfers add up to, and holders come by wealth")
    func balances() throws {
        let chain = try IndexedChain()
        let great = UInt256.one << 200
        try chain.add([
            chain.move(great, from: .zero, to: a), chain.move(great >> 1, from: a, to: b),
        ])
        try chain.add([chain.move(5, from: b, to: c), chain.move(5, from: c, to: .zero)])
        #expect(
            try chain.balances() == [
                "\(a)": "\(great >> 1)", "\(b)": "\((great >> 1) &- 5)",
            ])
        let held = try chain.all("/api/addresses/\(b)/tokens", limit: 1)
        #expect(held.map { $0["amount"]?.text } == ["\((great >> 1) &- 5)"])
        let token = try chain.get("/api/tokens/\(IndexedChain.token)").body
        #expect(token["holders"]?.integer == 2)
        #expect(token["standard"]?.text == "ERC-20")
    }

    @Test("a token that moves what nobody has makes nobody rich")
    func minus() throws {
        let chain = try IndexedChain()
        try chain.add([chain.move(7, from: a, to: b)])
        #expect(try chain.balances() == ["\(b)": "7"])
    }

    @Test("events are found by contract, by topics and by blocks")
    func events() throws {
        let chain = try IndexedChain()
        for amount in 1...3 {
            try chain.add([chain.move(UInt256(UInt64(amount)), from: a, to: b)])
        }
        try chain.add([chain.move(4, from: b, to: c)])
        func count(_ filter: String) throws -> Int {
            try chain.all("/api/events?\(filter)", limit: 2).count
        }
        let (from, to) = (a.word.hash, c.word.hash)
        #expect(try count("contract=\(IndexedChain.token)") == 4)
        #expect(try count("topic0=\(IndexedChain.transfer)&topic1=\(from)") == 3)
        #expect(try count("topic0=\(IndexedChain.transfer)&topic2=\(to)") == 1)
        #expect(try count("contract=\(IndexedChain.token)&topic1=\(from)&topic2=\(to)") == 0)
        #expect(try count("contract=\(a)") == 0)
        #expect(try count("from=2&to=3") == 2)
        #expect(try count("contract=\(IndexedChain.token)&from=2&to=3") == 2)
        #expect(try count("from=9") == 0)
    }

    @Test("an index of a chain that parted from this one becomes what a new one would be")
    func forked() throws {
        let (chain, other) = (try IndexedChain(), try IndexedChain())
        for one in [chain, other] {
            try one.add([one.move(10, from: .zero, to: a), one.send(1, to: c, value: 1)])
        }
        #expect(chain.chain.headHash == other.chain.headHash)
        try chain.add([chain.move(3, from: a, to: b)])
        try chain.add([chain.move(2, from: b, to: c), chain.send(2, to: nil)])
        try other.add([other.move(4, from: a, to: c)], seconds: 9)
        func everything() throws -> [[JSON]] {
            try [
                "transactions", "contracts", "events", "tokens", "addresses/\(a)/transfers",
                "addresses/\(b)/transfers", "addresses/\(b)/tokens", "addresses/\(c)/tokens",
                "events?contract=\(IndexedChain.token)", "addresses/\(a)/transactions",
                "tokens/\(IndexedChain.token)/holders",
            ].map { try other.all("/api/\($0)", limit: 10) }
        }
        let expected = try everything()
        try chain.restart { path in
            try other.restart { mine in
                try FileManager.default.removeItem(atPath: mine)
                try FileManager.default.copyItem(atPath: path, toPath: mine)
            }
        }
        #expect(other.events.contains { if case .wentBack = $0 { true } else { false } })
        #expect(try everything() == expected)
    }

    @Test("an index that is gone or of another version is made again")
    func gone() throws {
        let chain = try IndexedChain()
        try chain.add([chain.move(10, from: .zero, to: a)])
        let expected = try chain.balances()
        try chain.restart { try FileManager.default.removeItem(atPath: $0) }
        #expect(chain.events == [.opened(nil)])
        #expect(try chain.balances() == expected)
        try chain.restart { path in
            try FileManager.default.removeItem(atPath: path)
            let old = IndexKeeper(path: path, schema: "CREATE TABLE other(x)")
            #expect(old.carryOut([], isChange: true) == .rows([]))
        }
        #expect(chain.events.first == .lost("it is of another version"))
        #expect(try chain.balances() == expected)
    }

    @Test("a byte that is turned over in the file is noticed, and the index made again")
    func flipped() throws {
        let chain = try IndexedChain()
        for amount in 1...5 {
            try chain.add([chain.move(UInt256(UInt64(amount)), from: .zero, to: a)])
        }
        let path = "/api/addresses/\(a)/transfers"
        let expected = try chain.all(path, limit: 100)
        #expect(expected.count == 5)
        try chain.restart()
        let size = try #require(
            try FileManager.default.attributesOfItem(atPath: chain.path)[.size] as? Int)
        var noticed = 0
        for place in stride(from: 1_021, to: size, by: 4_096) {
            try chain.restart { path in
                let file = try #require(FileHandle(forUpdatingAtPath: path))
                try file.seek(toOffset: UInt64(place))
                let byte = try #require(try file.read(upToCount: 1)?.first)
                try file.seek(toOffset: UInt64(place))
                try file.write(contentsOf: [byte ^ 0x10])
                try file.close()
            }
            // Who opens the file meets the page, or who asks.
            let isLost = chain.events.contains { if case .lost = $0 { true } else { false } }
            if try isLost || chain.get(path).status == 503 { noticed += 1 }
            try chain.restart()
            #expect(try chain.all(path, limit: 100) == expected, "byte \(place)")
        }
        #expect(noticed > 0)
    }

    @Test("a question that would take too long is given up")
    func patience() throws {
        let chain = try IndexedChain()
        chain.follow()
        let endless = Statement(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n")
        #expect(chain.keeper.carryOut([endless], isChange: false) == .tooLong)
    }

    @Test("of a change that fails nothing is done")
    func whole() throws {
        let chain = try IndexedChain()
        chain.follow()
        let count = Statement("SELECT count(*) FROM blocks")
        let change = [
            Statement("INSERT INTO blocks VALUES(?, ?, ?)", .integer(99), .bytes([1]), .integer(0)),
            Statement("INSERT INTO blocks VALUES(?, ?, ?)", .integer(99), .null, .integer(0)),
        ]
        guard case .failed = chain.keeper.carryOut(change, isChange: true) else {
            Issue.record("it did not fail")
            return
        }
        #expect(chain.keeper.carryOut([count], isChange: false) == .rows([[[.integer(1)]]]))
    }
}
