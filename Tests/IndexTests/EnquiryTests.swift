import Encoding
import Index
import Machine
import Testing

@Suite struct EnquiryTests {
    private func failure(_ target: String, _ method: String = "GET") -> APIFailure.Code? {
        do throws(APIFailure) {
            _ = try Enquiry(HTTPRequest(method: method, target: target, headers: [], body: []))
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "what can be understood is taken",
        arguments: [
            "/api/status", "/api/blocks?limit=1", "/api/blocks/latest", "/api/blocks/12",
            "/api/addresses/0x00000000000000000000000000000000000000ff/transactions?cursor=12",
            "/api/search?q=gold%20coin", "/api/openapi.json?",
        ])
    func taken(_ target: String) {
        #expect(failure(target) == nil)
    }

    @Test(
        "what cannot is refused with a word",
        arguments: [
            ("/api", .missing), ("/api/", .missing), ("/api/nothing", .missing),
            ("/api/blocks/1/2/3", .missing), ("/api/blocks//transactions", .missing),
            ("/api/blocks/-1", .invalid), ("/api/blocks/0x12", .invalid),
            ("/api/blocks?limit=0", .invalid), ("/api/blocks?limit=101", .invalid),
            ("/api/blocks?limit=", .invalid), ("/api/blocks?limit=1&limit=2", .invalid),
            ("/api/blocks?block=1", .invalid), ("/api/blocks?colour=red", .invalid),
            ("/api/addresses/0x12", .invalid), ("/api/addresses/%zz", .invalid),
            ("/api/addresses/%ff", .invalid), ("/api/search", .invalid),
            ("/api/search?q=", .invalid), ("/api/blocks?cursor=x", .invalid),
            ("/api/blocks?cursor=0x1", .invalid), ("/api/blocks?cursor=-", .invalid),
        ] as [(String, APIFailure.Code)])
    func refused(_ target: String, _ code: APIFailure.Code) {
        #expect(failure(target) == code)
    }

    @Test("a cursor of another list is refused, and so is what changes nothing")
    func cursors() throws {
        let chain = try IndexedChain()
        chain.follow()
        #expect(try chain.get("/api/transactions?cursor=0x00").status == 400)
        #expect(try chain.get("/api/tokens?cursor=1-1").status == 400)
        #expect(try chain.get("/api/blocks", method: "POST").status == 405)
        #expect(try chain.get("/api/transactions?cursor=9223372036854775807").status == 200)
    }

    @Test("the description names every path, and every reference in it leads somewhere")
    func document() throws {
        let document = try IndexedChain().get("/api/openapi.json").body
        let schemas = document["components"]?["schemas"]?.members?.map(\.name) ?? []
        var references: [String] = []
        func walk(_ json: JSON) {
            for member in json.members ?? [] {
                if member.name == "$ref", let text = member.value.text { references.append(text) }
                walk(member.value)
            }
            for element in json.elements ?? [] { walk(element) }
        }
        walk(document)
        #expect(document["paths"]?.members?.count == 20)
        #expect(!references.isEmpty)
        for reference in references {
            #expect(schemas.contains { "#/components/schemas/\($0)" == reference }, "\(reference)")
        }
    }
}
