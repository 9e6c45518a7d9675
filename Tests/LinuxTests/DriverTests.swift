import Glibc
import Linux
import Machine
import Testing

@Suite struct DriverTests {
    @Test("what was appended, replaced and committed is there after a restart")
    func restart() throws {
        let directory = ScratchDirectory()
        let first = try RunningEcho(in: directory.path)
        let client = first.client
        #expect(try client.post("/append", text("lost")).body == text("kept"))
        #expect(try client.post("/replace", text("one")).body == text("kept"))
        #expect(try client.post("/append", text("two")).body == text("kept"))
        #expect(try client.post("/commit", text("value")).body == text("kept"))
        #expect(try first.stop() == 0)

        let second = try RunningEcho(in: directory.path)
        #expect(try second.client.get("/log").body == text("onetwo"))
        #expect(try second.client.get("/read").body == text("value"))
        #expect(try second.stop() == 0)
    }

    @Test("a job runs on a worker and its answer comes back")
    func job() throws {
        let directory = ScratchDirectory()
        let echo = try RunningEcho(in: directory.path)
        #expect(try echo.client.get("/job").body == text("42"))
        #expect(try echo.stop() == 0)
    }

    @Test("a second process is refused the directory of the first")
    func lock() throws {
        let directory = ScratchDirectory()
        let first = try RunningEcho(in: directory.path)
        let second = try RunningEcho(in: directory.path)
        #expect(second.join() == 1)
        #expect(try first.stop() == 0)
    }

    @Test("bytes of a link come back in order, however many")
    func link() throws {
        let directory = ScratchDirectory()
        let port = freePort()
        let echo = try RunningEcho(
            in: directory.path, links: Endpoint(host: "127.0.0.1", port: port))
        let socket = try #require(RawSocket(port: port))
        var sent: [UInt8] = []
        for round in 0..<64 { sent += [UInt8](repeating: UInt8(round), count: 10_000) }
        socket.send(sent)
        #expect(socket.receive(sent.count) == sent)
        socket.send("bye!")
        #expect(socket.receiveAll() == "bye!")
        #expect(try echo.stop() == 0)
    }

    @Test("a port that is taken ends the node with code 1")
    func taken() throws {
        let directories = [ScratchDirectory(), ScratchDirectory()]
        let endpoint = Endpoint(host: "127.0.0.1", port: freePort())
        let first = try RunningEcho(in: directories[0].path, links: endpoint)
        #expect(try first.client.get("/").status == 200)
        let second = try RunningEcho(in: directories[1].path, links: endpoint)
        #expect(second.join() == 1)
        #expect(try first.stop() == 0)
    }
}

@Suite struct FullDiskTests {
    @Test("a full disk ends the node with code 1, and nothing was said to be kept")
    func full() throws {
        let directory = ScratchDirectory()
        // Every write to this device fails with ENOSPC.
        symlink("/dev/full", directory.path + "/log")
        let echo = try RunningEcho(in: directory.path)
        let client = HTTPClient(host: "127.0.0.1", port: echo.port, timeout: .milliseconds(500))
        #expect(throws: HTTPClientFailure.self) { try client.post("/append", text("lost")) }
        #expect(echo.join() == 1)
    }
}
