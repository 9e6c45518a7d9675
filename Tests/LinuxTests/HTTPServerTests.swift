import Linux
import Machine
import Testing

@Suite struct HTTPServerTests {
    @Test("a body and the method reach the node, and the answer comes back")
    func echo() throws {
        let directory = ScratchDirectory()
        let echo = try RunningEcho(in: directory.path)
        let client = echo.client
        for size in [0, 1, 1000, 1_000_000, 8 << 20] {
            let body = [UInt8](repeating: 7, count: size)
            let response = try client.post("/some/path?query=1", body)
            #expect(response.status == 200)
            #expect(response.body == body)
        }
        let options = try client.request(method: "OPTIONS", path: "/")
        #expect(options.headers.contains { $0.name == "x-method" && $0.value == "OPTIONS" })
        #expect(try client.request(method: "HEAD", path: "/").status == 200)
        #expect(try echo.stop() == 0)
    }

    enum Refused: String, CaseIterable {
        case garbage = "no http at all\r\n\r\n"
        case version = "GET / HTTP/9.9\r\n\r\n"
        case length = "POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n"
        case oversized = "POST / HTTP/1.1\r\ncontent-length: 8388609\r\n\r\n"
        case overflow = "POST / HTTP/1.1\r\ncontent-length: 99999999999999999999\r\n\r\n"
        case chunk = "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"
        case header = "GET / HTTP/1.1\r\nx: "

        var status: String {
            switch self {
            case .oversized: "413"
            case .header: "431"
            default: "400"
            }
        }
    }

    @Test("what is no HTTP, or too much of it, is refused with its status")
    func refused() throws {
        let directory = ScratchDirectory()
        let echo = try RunningEcho(in: directory.path)
        for refused in Refused.allCases {
            let socket = try #require(RawSocket(port: echo.port))
            let rest = refused == .header ? String(repeating: "y", count: 20_000) : ""
            socket.send(refused.rawValue + rest)
            #expect(socket.receiveAll().hasPrefix("HTTP/1.1 \(refused.status) "), "\(refused)")
        }
        #expect(try echo.stop() == 0)
    }

    @Test("pipelined requests are answered in order")
    func pipelined() throws {
        let directory = ScratchDirectory()
        let echo = try RunningEcho(in: directory.path)
        let socket = try #require(RawSocket(port: echo.port))
        var requests = ""
        for number in 100..<200 {
            requests += "POST / HTTP/1.1\r\ncontent-length: 3\r\n\r\n\(number)"
        }
        socket.send(requests + "POST / HTTP/1.0\r\ncontent-length: 3\r\n\r\nend")
        let bodies = socket.receiveAll().split(separator: "\r\n\r\n").dropFirst()
        let numbers = bodies.map { String($0.prefix(3)) }
        #expect(numbers == (100..<200).map { "\($0)" } + ["end"])
        #expect(try echo.stop() == 0)
    }

    @Test("a client that asks first is told to go on")
    func expectation() throws {
        let directory = ScratchDirectory()
        let echo = try RunningEcho(in: directory.path)
        let socket = try #require(RawSocket(port: echo.port))
        socket.send(
            "POST / HTTP/1.1\r\nexpect: 100-continue\r\nconnection: close\r\n"
                + "content-length: 2\r\n\r\n")
        #expect(socket.receive(25) == text("HTTP/1.1 100 Continue\r\n\r\n"))
        socket.send("hi")
        #expect(socket.receiveAll().hasSuffix("\r\n\r\nhi"))
        #expect(try echo.stop() == 0)
    }

    @Test("a chunked body is whole when the node sees it")
    func chunked() throws {
        let directory = ScratchDirectory()
        let echo = try RunningEcho(in: directory.path)
        let socket = try #require(RawSocket(port: echo.port))
        socket.send(
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
                + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        #expect(socket.receiveAll().hasSuffix("\r\n\r\nabcde"))
        #expect(try echo.stop() == 0)
    }

    @Test("a WebSocket opens by RFC 6455, and echoes")
    func webSocket() throws {
        let directory = ScratchDirectory()
        let echo = try RunningEcho(in: directory.path)
        let socket = try #require(RawSocket(port: echo.port))
        socket.send(handshake("/ws"))
        let head = socket.receiveHead()
        #expect(head.hasPrefix("HTTP/1.1 101 "))
        // The key and its answer are those of RFC 6455, section 1.3.
        #expect(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
        // A masked text frame with the mask 0: "hello"; the answer is not masked.
        socket.send([0x81, 0x85, 0, 0, 0, 0] + text("hello"))
        #expect(socket.receive(7) == [0x81, 0x05] + text("hello"))
        // A frame that says it is longer than any message may be ends the connection.
        socket.send([0x81, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(socket.receive(1000).count < 1000)
        #expect(try echo.stop() == 0)
    }

    @Test("a WebSocket that the node refuses gets the node's answer, and the connection goes on")
    func refusedWebSocket() throws {
        let directory = ScratchDirectory()
        let echo = try RunningEcho(in: directory.path)
        let socket = try #require(RawSocket(port: echo.port))
        socket.send(handshake("/closed"))
        let head = socket.receiveHead()
        #expect(head.hasPrefix("HTTP/1.1 403 "))
        #expect(head.contains("Content-Length: 3\r\n"))
        #expect(socket.receive(3) == text("no\n"))
        // A frame is no request: none of it reaches the node.
        socket.send([0x81, 0x85, 0, 0, 0, 0] + text("hello"))
        #expect(socket.receiveAll().hasPrefix("HTTP/1.1 400 "))
        #expect(try echo.stop() == 0)
    }

    @Test("handshakes that are none, are cut short or bring a body open nothing and harm nothing")
    func oddHandshakes() throws {
        let directory = ScratchDirectory()
        let echo = try RunningEcho(in: directory.path)
        let answers = [
            handshake("/ws", "sec-websocket-version: 12"): "HTTP/1.1 426 ",
            handshake("/ws", "sec-websocket-version: 13", key: ""): "HTTP/1.1 400 ",
            handshake("/ws", "x: \(String(repeating: "y", count: 20_000))"): "HTTP/1.1 431 ",
            handshake("/ws", "content-length: 8388609"): "HTTP/1.1 413 ",
            handshake("/closed", "content-length: 4") + "body": "HTTP/1.1 403 ",
        ]
        for (request, answer) in answers {
            let socket = try #require(RawSocket(port: echo.port))
            socket.send(request)
            let head = socket.receiveHead()
            #expect(head.hasPrefix(answer), "\(head)")
        }
        // Callers that leave while the node makes up its mind.
        for _ in 0..<50 { RawSocket(port: echo.port)?.send(handshake("/ws")) }
        #expect(try echo.client.get("/").status == 200)
        #expect(try echo.stop() == 0)
    }

    /// A request for a WebSocket; the key is that of RFC 6455, section 1.3.
    private func handshake(
        _ path: String, _ field: String = "sec-websocket-version: 13",
        key: String = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    ) -> String {
        "GET \(path) HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
            + "\(field)\r\n\(key)\r\n"
    }

    @Test("a client opens its connection again when the server has gone and come back")
    func reconnect() throws {
        let directory = ScratchDirectory()
        let client = HTTPClient(host: "127.0.0.1", port: 1, timeout: .seconds(1))
        #expect(throws: HTTPClientFailure.self) { try client.get("/") }
        let echo = try RunningEcho(in: directory.path)
        let kept = echo.client
        #expect(try kept.get("/").status == 200)
        #expect(try echo.stop() == 0)
        #expect(throws: HTTPClientFailure.self) { try kept.get("/") }
    }
}
