import Machine
import RPC
import Testing

@Suite struct HTTPFaceTests {
    private func request(
        _ method: String, target: String = "/", host: String? = "127.0.0.1:8545",
        origin: String? = nil, isHandshake: Bool = false
    ) -> HTTPRequest {
        var headers: [HTTPRequest.Header] = []
        if let host { headers.append(.init("host", host)) }
        if let origin { headers.append(.init("origin", origin)) }
        return HTTPRequest(
            method: method, target: target, headers: headers, body: [1], isHandshake: isHandshake)
    }

    private func status(_ verdict: HTTPFace.Verdict) -> UInt16? {
        if case .respond(let response) = verdict { response.status } else { nil }
    }

    @Test(
        "hosts of our own are taken",
        arguments: [
            nil, "localhost", "localhost:8545", "LOCALHOST", "node.localhost", "127.0.0.1",
            "[::1]:8545", "192.168.0.7:80", "node.example:1",
        ])
    func takesHosts(host: String?) {
        let policy = HTTPFace.Policy(hosts: ["node.example"])
        #expect(
            HTTPFace.judge(request("POST", host: host), policy) == .call([1], headers: []))
    }

    @Test(
        "names that others may point at us are refused",
        arguments: [
            "evil.example", "evil.example:8545", "localhost.evil.example", "1.2.3", "1.2.3.4.5",
        ])
    func refusesHosts(host: String) {
        #expect(status(HTTPFace.judge(request("POST", host: host), .init())) == 403)
    }

    @Test("pages of strangers may not call, those of the node and of allowed origins may")
    func checksOrigins() {
        let policy = HTTPFace.Policy(origins: ["https://app.example"])
        #expect(
            status(HTTPFace.judge(request("POST", origin: "https://evil.example"), policy)) == 403)
        #expect(status(HTTPFace.judge(request("POST", origin: "null"), policy)) == 403)
        // No browser names a page so: it is the name of a tool.
        #expect(status(HTTPFace.judge(request("POST", origin: "Titanoboa"), policy)) == nil)
        for origin in ["http://127.0.0.1:8545", "https://app.example"] {
            guard
                case .call(_, let headers) = HTTPFace.judge(request("POST", origin: origin), policy)
            else {
                Issue.record("\(origin) was refused")
                continue
            }
            #expect(headers.contains(.init("access-control-allow-origin", origin)))
        }
        let open = HTTPFace.Policy(origins: ["*"])
        #expect(
            HTTPFace.judge(request("POST", origin: "https://any.example"), open)
                == .call([1], headers: [.init("access-control-allow-origin", "*")]))
    }

    @Test("a WebSocket opens for the node's own pages and for programs, not for strangers")
    func judgesHandshakes() {
        let policy = HTTPFace.Policy(origins: ["https://app.example"], hosts: ["node.example"])
        func answer(host: String? = "127.0.0.1:8545", origin: String? = nil) -> UInt16? {
            let request = request(
                "GET", target: "/ws", host: host, origin: origin, isHandshake: true)
            return status(HTTPFace.judge(request, policy))
        }
        #expect(answer() == 101)
        #expect(answer(host: nil) == 101)
        #expect(answer(origin: "http://127.0.0.1:8545") == 101)
        #expect(answer(origin: "https://app.example") == 101)
        #expect(answer(host: "node.example", origin: "https://node.example") == 101)
        #expect(answer(origin: "https://evil.example") == 403)
        #expect(answer(origin: "http://127.0.0.1:3000") == 403)
        #expect(answer(origin: "null") == 403)
        #expect(answer(host: "evil.example", origin: "http://evil.example") == 403)
    }

    @Test("a preflight is answered, pages are told by path, other methods are refused")
    func routes() {
        #expect(status(HTTPFace.judge(request("OPTIONS"), .init())) == 204)
        #expect(
            HTTPFace.judge(request("GET", target: "/app.js?v=1#x"), .init())
                == .page(path: "/app.js"))
        #expect(HTTPFace.judge(request("HEAD"), .init()) == .page(path: "/"))
        #expect(status(HTTPFace.judge(request("DELETE"), .init())) == 405)
    }
}
