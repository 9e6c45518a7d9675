import Crypto
import Identifiers
import Machine
import Network
import Primitives
import Testing

@Suite struct ConnectionTests {
    private func side(_ index: Int, isDialer: Bool) throws -> Connection {
        Connection(
            isDialer: isDialer,
            identity: try #require(
                Noise.Identity(Village.secret(index), fixed: noise(32, seed: UInt64(index)))),
            ephemeral: try #require(X25519.SecretKey(noise(32, seed: 90 + UInt64(index)))),
            expected: nil, protocols: ["/a"], at: .second)
    }

    private func flush(_ connection: inout Connection, at now: Instant = .second) -> [UInt8] {
        var box = Outbox<Connection.Output>()
        var bytes: [UInt8] = []
        while let more = connection.flush(at: now, into: &box) {
            bytes += more
            connection.handle(.drained, at: now, into: &box)
        }
        return bytes
    }

    /// Two sides with a stream of `/a`, opened by the first.
    private func pair() throws -> (left: Connection, right: Connection, stream: UInt32) {
        var left = try side(0, isDialer: true)
        var right = try side(1, isDialer: false)
        _ = left.step(.opened)
        _ = right.step(.opened)
        for _ in 0..<10 {
            _ = right.step(.received(flush(&left)))
            _ = left.step(.received(flush(&right)))
        }
        #expect(left.peer == Village.secret(1).peer && right.peer == Village.secret(0).peer)
        var box = Outbox<Connection.Output>()
        let stream = left.open(["/a"], at: .second, into: &box)
        let id = try #require(stream)
        _ = right.step(.received(flush(&left)))
        _ = left.step(.received(flush(&right)))
        return (left, right, id)
    }

    @Test("a peer that gives no room for fifteen seconds is cut")
    func starved() throws {
        var (left, _, id) = try pair()
        _ = left.step(.write(id, noise(1_000_000)))
        _ = flush(&left)
        let late = Instant.second.later(15_000)
        #expect(left.deadline == late)
        #expect(left.woken(at: late.later(-1)).isEmpty)
        #expect(left.woken(at: late) == [.failed(.stalled)])
    }

    @Test("a peer that is slow, and never comes to the end, is kept")
    func slow() throws {
        var (left, right, id) = try pair()
        var now = Instant.second
        _ = left.step(.write(id, noise(2_000_000)), at: now)
        for _ in 0..<20 {
            // More is said each time than the peer takes in.
            now = now.later(5_000)
            _ = left.step(.write(id, noise(300_000)), at: now)
            _ = right.step(.received(flush(&left, at: now)), at: now)
            _ = left.step(.received(flush(&right, at: now)), at: now)
            #expect(left.woken(at: now).isEmpty)
        }
        #expect(left.isOpen && left.backlog > 1_000_000)
    }

    @Test("what waits for a peer is bounded by sixteen mebibytes")
    func bounded() throws {
        var (left, _, id) = try pair()
        var failed = false
        for _ in 0..<40 where !failed {
            _ = left.step(.write(id, noise(1_000_000)))
            var box = Outbox<Connection.Output>()
            _ = left.flush(at: .second, into: &box)
            failed = box.drain().contains(.failed(.stalled))
        }
        #expect(failed && left.backlog < 19_000_000)
    }

    @Test("an agreement that does not come ends the stream, not the connection")
    func negotiation() throws {
        var (left, _, _) = try pair()
        var box = Outbox<Connection.Output>()
        let stream = left.open(["/b"], at: .second, into: &box)
        let id = try #require(stream)
        #expect(left.woken(at: Instant.second.later(10_000)) == [.unsupported(id)])
        #expect(left.isOpen)
    }

    @Test("random bytes in place of a frame end the connection")
    func random() throws {
        for seed in 0..<50 as Range<UInt64> {
            var (left, _, _) = try pair()
            let outputs = left.step(.received([0, 100] + noise(100, seed: seed)))
            #expect(outputs == [.failed(.noise(.decryption))])
            #expect(left.step(.received(noise(100))).isEmpty)
        }
    }
}
