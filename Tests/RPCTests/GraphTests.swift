import Encoding
import Ledger
import Machine
import Primitives
import RPC
import Testing

/// GraphQL (EIP-1767) on the chain that JSON-RPC's tests use.
@Suite struct GraphTests {
    /// Asks a query, and gives the response with its status.
    private func ask(
        _ query: String, variables: JSON = .null, mayChange: Bool = true
    ) throws -> (status: UInt16, json: JSON) {
        var desk = try Desk()
        let body: JSON = ["query": .string(query), "variables": variables]
        desk.handle(.queried(Ticket(1), headers: [], body.encoded(), mayChange: mayChange))
        for (ticket, call) in desk.asked {
            guard case .query(let query) = call else { continue }
            let reply = ReadCall.query(query).answer(on: desk.chain.view)
            desk.handle(.answered(ticket, [reply]))
        }
        let response = try #require(desk.replies[Ticket(1)])
        return (response.status, try JSON(decoding: response.body))
    }

    private func data(_ query: String, variables: JSON = .null) throws -> JSON {
        let answer = try ask(query, variables: variables)
        #expect(answer.status == 200, "\(answer.json)")
        return try #require(answer.json["data"])
    }

    @Test("fields are told by their names or aliases, as JSON-RPC tells them")
    func fields() throws {
        let data = try data(
            "{ block { number mine: hash account(address: \"\(Desk.rich)\") { transactionCount } } chainID }"
        )
        #expect(data["chainID"] == "0x539")
        #expect(data["block"]?["number"] == "0x0")
        #expect(data["block"]?["mine"] != nil)
        #expect(data["block"]?["hash"] == nil)
        #expect(data["block"]?["account"]?["transactionCount"] == "0x7")
    }

    @Test("variables, fragments and conditions are what the language says they are")
    func language() throws {
        let query = """
            query Named($number: Long = 0, $address: Address!, $no: Boolean = false) {
              block(number: $number) { ...place, ... on Block { gasUsed } parent @skip(if: true) { hash }
                account(address: $address) @include(if: true) { address balance @include(if: $no) } }
            }
            fragment place on Block { number __typename } # a remark
            """
        let data = try data(query, variables: ["address": .string("\(Desk.rich)")])
        #expect(
            data["block"] == [
                "number": "0x0", "__typename": "Block", "gasUsed": "0x0",
                "account": ["address": .string("\(Desk.rich)")],
            ])
        #expect(try ask(query).status == 400)
    }

    @Test(
        "what is no query is refused, and where",
        arguments: [
            "", "{", "{ block", "{ block { number }", "{ nothing }", "{ block }",
            "{ chainID { x } }",
            "{ block { account { balance } } }", "{ block(nothing: 1) { number } }", "{ ...gone }",
            "{ ...a } fragment a on Query { ...a }", "{ chainID @other }",
            "{ chainID ... on Block }",
            "query a { chainID } query b { chainID }", "{ \u{0} }",
            "{ block(number: 0x) { number } }",
            "{ block(hash: \"0x12\") { number } }", "{ block(number: \"12\") { number } }",
            "mutation { block { number } }", "{ block(number: 1, hash: \"\") { number } }",
            "{ a: chainID a: gasPrice }", "subscription { block { number } }",
        ])
    func refusals(query: String) throws {
        let answer = try ask(query)
        #expect(answer.status == 400, "\(answer.json)")
        #expect(answer.json["errors"]?[0]?["message"]?.text?.isEmpty == false)
    }

    @Test("what may be missing is null beside the error, and the rest is told")
    func partial() throws {
        let answer = try ask("{ chainID block(number: 99) { number } }")
        #expect(answer.status == 400)
        #expect(answer.json["data"] == ["chainID": "0x539", "block": .null])
        #expect(answer.json["errors"]?[0]?["path"] == ["block"])
        #expect(answer.json["errors"]?[0]?["locations"] == [["line": 1, "column": 11]])
        #expect(
            try data("{ transaction(hash: \"\(Hash32.zero)\") { hash } }") == ["transaction": .null]
        )
    }

    @Test("a query that asks for too much is refused, however it is nested")
    func limits() throws {
        let deep =
            String(repeating: "parent { ", count: 40) + "number"
            + String(repeating: " }", count: 40)
        #expect(try ask("{ block { \(deep) } }").status == 400)
        // Each fragment names the next one twice: in all 2^20 fields.
        let bomb = (0..<20).map { "fragment f\($0) on Query { ...f\($0 + 1) ...f\($0 + 1) }" }
        let query = "{ ...f0 } \(bomb.joined()) fragment f20 on Query { chainID }"
        #expect(try ask(query).status == 400)
        let wide = (0..<2_000).map { "a\($0): chainID" }.joined(separator: " ")
        #expect(try ask("{ \(wide) }").status == 400)
        #expect(try ask("{ chainID #\(String(repeating: "x", count: 70_000))\n }").status == 400)
    }

    @Test("calls and estimates run code, with the gas of one call for the whole query")
    func calls() throws {
        let call = "data: {to: \"\(Desk.contract)\"}"
        let data = try data(
            "{ block { call(\(call)) { status data } estimateGas(data: {to: \"\(Desk.rich)\"}) } }")
        #expect(data["block"]?["call"]?["status"] != nil)
        #expect(data["block"]?["estimateGas"] == "0x5208")
    }

    @Test("the schema tells of itself as clients ask it to")
    func introspection() throws {
        let query = """
            query IntrospectionQuery { __schema { queryType { name } mutationType { name }
              subscriptionType { name } types { ...FullType } directives { name locations args { ...InputValue } } } }
            fragment FullType on __Type { kind name description fields(includeDeprecated: true) {
              name args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
              inputFields { ...InputValue } interfaces { ...TypeRef }
              enumValues(includeDeprecated: true) { name } possibleTypes { ...TypeRef } }
            fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
            fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }
            """
        let schema = try #require(try data(query)["__schema"])
        #expect(schema["queryType"] == ["name": "Query"])
        let types = try #require(schema["types"]?.elements)
        let block = try #require(types.first { $0["name"] == "Block" })
        let field = try #require(block["fields"]?.elements?.first { $0["name"] == "transactions" })
        #expect(field["type"]?["kind"] == "LIST")
        #expect(field["type"]?["ofType"]?["kind"] == "NON_NULL")
        #expect(field["type"]?["ofType"]?["ofType"]?["name"] == "Transaction")
        let names = Set(types.compactMap { $0["name"]?.text })
        #expect(names.isSuperset(of: ["Query", "Long", "CallData", "__Type"]))
        let one = try data("{ __type(name: \"Withdrawal\") { kind fields { name } } }")
        #expect(one["__type"]?["fields"]?.elements?.count == 4)
    }

    @Test("a mutation sends transactions in their order, and never by GET")
    func mutations() throws {
        var desk = try Desk()
        let query =
            "mutation { one: sendRawTransaction(data: \"0x01\") sendRawTransaction(data: \"0x02\") }"
        let body = JSON.object([.init("query", .string(query))]).encoded()
        desk.handle(.queried(Ticket(1), headers: [], body, mayChange: true))
        #expect(desk.submitted.map(\.1) == [[1], [2]])
        desk.handle(.answered(desk.submitted[0].0, [Reply("0xaa")]))
        desk.handle(.answered(desk.submitted[1].0, [Reply("0xbb")]))
        let response = try #require(desk.replies[Ticket(1)])
        #expect(response.status == 200)
        let expected: JSON = ["data": ["one": "0xaa", "sendRawTransaction": "0xbb"]]
        #expect(try JSON(decoding: response.body) == expected)
        #expect(try ask(query, mayChange: false).status == 400)
    }

    @Test("a transaction that the pool refuses is an error with its code")
    func refused() throws {
        var desk = try Desk()
        let query = "mutation { sendRawTransaction(data: \"0x01\") }"
        let body = JSON.object([.init("query", .string(query))]).encoded()
        desk.handle(.queried(Ticket(1), headers: [], body, mayChange: true))
        desk.handle(.answered(desk.submitted[0].0, [Reply(RPCError.server("nonce too low"))]))
        let response = try #require(desk.replies[Ticket(1)])
        #expect(response.status == 400)
        let json = try JSON(decoding: response.body)
        #expect(json["errors"]?[0]?["extensions"]?["errorCode"] == -32000)
        #expect(json["data"] == .null)
    }

    @Test("a query comes in at its own path, by POST or in the target")
    func door() throws {
        func judge(_ method: String, _ target: String) -> HTTPFace.Verdict {
            HTTPFace.judge(
                HTTPRequest(method: method, target: target, headers: [], body: [1]), .init())
        }
        #expect(judge("POST", "/graphql") == .query([1], mayChange: true, headers: []))
        #expect(judge("POST", "/") == .call([1], headers: []))
        #expect(judge("GET", "/graphql") == .page(path: "/graphql"))
        guard
            case .query(let body, mayChange: false, _) = judge(
                "GET", "/graphql?query=%7B+chainID%20%7D&variables={}&x#y")
        else {
            Issue.record("a query in the target is none")
            return
        }
        #expect(try JSON(decoding: body) == ["query": "{ chainID }", "variables": "{}"])
    }
}
