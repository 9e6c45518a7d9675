import Apps
import Machine
import Testing

/// Who may kill, restart and cut off the nodes of a local network.
@Suite struct ControlDoorTests {
    private let door = ControlDoor(
        token: "a1b2",
        consoles: [Endpoint(host: "127.0.0.1", port: 8545), Endpoint(host: "10.0.0.7", port: 8546)])

    private func judge(
        _ target: String = "/nodes/1/kill", method: String = "POST",
        fields changes: [String: String?] = [:]
    ) -> ControlDoor.Verdict {
        var fields: [String: String?] = ["host": "127.0.0.1:4000", "authorization": "Bearer a1b2"]
        fields.merge(changes) { $1 }
        let headers = fields.sorted { $0.key < $1.key }.compactMap { name, value in
            value.map { HTTPRequest.Header(name, $0) }
        }
        return door.judge(
            HTTPRequest(method: method, target: target, headers: headers, body: []))
    }

    private func status(_ verdict: ControlDoor.Verdict) -> UInt16? {
        guard case .respond(let response) = verdict else { return nil }
        return response.status
    }

    @Test("who knows the token may do each act on each node")
    func acts() {
        for act in ControlDoor.Act.allCases {
            for index in 0..<2 {
                #expect(
                    judge("/nodes/\(index)/\(act.rawValue)") == .act(act, on: index, headers: []))
            }
        }
    }

    @Test("who does not know the token, and a page of another site, may do nothing")
    func strangers() {
        #expect(status(judge(fields: ["authorization": nil])) == 401)
        #expect(status(judge(fields: ["authorization": "Bearer a1b"])) == 401)
        #expect(status(judge(fields: ["authorization": "a1b2"])) == 401)
        #expect(status(judge(fields: ["host": nil])) == 403)
        #expect(status(judge(fields: ["host": "shop.example:4000"])) == 403)
        #expect(status(judge(fields: ["origin": "http://shop.example"])) == 403)
        #expect(status(judge(fields: ["origin": "null"])) == 403)
        #expect(status(judge(fields: ["origin": "http://127.0.0.1:9999"])) == 403)
        #expect(status(judge(method: "OPTIONS", fields: ["origin": "http://shop.example"])) == 403)
    }

    @Test("a console may ask before, and call, by each of its names")
    func consoles() throws {
        for origin in [
            "http://127.0.0.1:8545", "http://localhost:8546", "http://10.0.0.7:8546",
        ] {
            #expect(status(judge(method: "OPTIONS", fields: ["origin": origin])) == 204)
            guard case .act(.kill, on: 1, let headers) = judge(fields: ["origin": origin]) else {
                Issue.record("\(origin) was refused")
                continue
            }
            #expect(headers.contains(.init("access-control-allow-origin", origin)))
        }
    }

    @Test(
        "what names no node or no act is refused",
        arguments: [
            "/", "", "/nodes", "/nodes/1", "/nodes/1/", "/nodes/2/kill", "/nodes/-1/kill",
            "/nodes/1/explode", "/nodes/1/kill/", "//nodes/1/kill", "nodes/1/kill",
            "/nodes/99999999999999999999/kill", "/nodes/1/kill?x",
        ])
    func targets(target: String) {
        #expect(status(judge(target)) == 404)
    }

    @Test("only POST does something", arguments: ["GET", "HEAD", "PUT", "DELETE", "post", ""])
    func methods(method: String) {
        #expect(status(judge(method: method)) == 405)
    }
}
