import Encoding
import Identifiers
import Machine
import Network
import Primitives
import Testing

@Suite struct IdentifyTests {
    private let peer = Village.secret(1).peer

    @Test("what a peer tells of itself comes back as it went")
    func roundTrip() throws {
        var message = Identify()
        message.key = Village.secret(1).key
        message.family = "martlet/1"
        message.agent = "martlet/0.1"
        message.addresses = [try #require(Village.address(1)), try Multiaddr("/dns4/a.b/tcp/1")]
        message.observed = try Multiaddr("/ip4/1.2.3.4/tcp/5")
        message.protocols = ["/a", "/b"]
        #expect(try Identify(decoding: message.encoded, from: peer) == message)
    }

    @Test("a great message is refused, and of many addresses and protocols a few are kept")
    func limits() throws {
        #expect(throws: Identify.Failure.tooLong) {
            try Identify(decoding: [UInt8](repeating: 0, count: 4_194_304), from: peer)
        }
        var writer = Protobuf.Writer()
        for _ in 0..<400 { writer.append(2, try Multiaddr("/ip4/1.2.3.4/tcp/5").encoded) }
        for number in 0..<400 { writer.append(3, "/\(number)") }
        let message = try Identify(decoding: writer.bytes, from: peer)
        #expect(message.addresses.count == 16 && message.protocols.count == 128)
    }

    @Test("another's key is refused, an unknown kind of address left out")
    func hostile() throws {
        var writer = Protobuf.Writer()
        writer.append(1, Village.secret(2).key.encoded)
        #expect(throws: Identify.Failure.key) { try Identify(decoding: writer.bytes, from: peer) }
        #expect(throws: Identify.Failure.malformed) {
            try Identify(decoding: [0x0a, 9], from: peer)
        }
        var other = Protobuf.Writer()
        other.append(2, [0xff, 0x7f, 1])
        #expect(try Identify(decoding: other.bytes, from: peer).addresses.isEmpty)
        for seed in 0..<1_000 as Range<UInt64> {
            _ = try? Identify(decoding: noise(50, seed: seed), from: peer)
        }
    }
}

@Suite struct PingTests {
    @Test("a peer that answers is asked again after five seconds")
    func answered() {
        var ping = Ping(seed: 1)
        guard case .send(let bytes) = ping.step(.opened).first else { return }
        #expect(bytes.count == 32)
        let now = Instant.second.later(20)
        #expect(ping.step(.received(Array(bytes.prefix(10))), at: now).isEmpty)
        let outputs = ping.step(.received(Array(bytes.dropFirst(10))), at: now)
        #expect(outputs == [.answered(.milliseconds(20))])
        #expect(ping.deadline == now.later(5_000))
        #expect(ping.woken(at: now.later(5_000)).count == 1)
    }

    @Test("a peer that is silent, answers with other bytes or unasked has failed")
    func failed() {
        var silent = Ping(seed: 1)
        _ = silent.step(.opened)
        #expect(silent.woken(at: Instant.second.later(9_999)).isEmpty)
        #expect(silent.woken(at: Instant.second.later(10_000)) == [.failed])
        var wrong = Ping(seed: 1)
        _ = wrong.step(.opened)
        #expect(wrong.step(.received(noise(32))) == [.failed])
        var unasked = Ping(seed: 1)
        #expect(unasked.step(.received([1])) == [.failed])
        var tooMuch = Ping(seed: 1)
        _ = tooMuch.step(.opened)
        #expect(tooMuch.step(.received(noise(33))) == [.failed])
    }
}

@Suite struct RequestsTests {
    private let peer = Village.secret(1).peer
    private let key = StreamKey(Link(1), 1)

    private func framed(_ bytes: [UInt8]) -> [UInt8] { Varint.encode(UInt64(bytes.count)) + bytes }

    @Test("a response comes once, and nothing may follow it")
    func response() {
        var requests = Requests()
        #expect(
            requests.step(.asked(Ticket(1), peer, [1, 2], on: key)) == [
                .write(key, [2, 1, 2]), .finish(key),
            ])
        #expect(requests.step(.received(key, [3, 7])).isEmpty)
        #expect(
            requests.step(.received(key, [8, 9])) == [.responded(Ticket(1), .success([7, 8, 9]))])
        #expect(requests.step(.received(key, [8])).first == .report(peer, .malformed))
        #expect(requests.deadline == nil)
    }

    @Test("each way of having no response is told once")
    func failures() {
        for (input, failure) in [
            (.ended(key, .refused), .refused), (.ended(key, .unsupported), .unsupported),
            (.finished(key), .malformed), (.received(key, [0x80, 0x00]), .malformed),
            (.received(key, Varint.encode(16_777_217)), .malformed),
        ] as [(Requests.Input, Requests.Failure)] {
            var requests = Requests()
            _ = requests.step(.asked(Ticket(1), peer, [], on: key))
            let outputs = requests.step(input) + requests.step(.ended(key, .disconnected))
            let answers = outputs.filter { if case .responded = $0 { true } else { false } }
            #expect(answers == [.responded(Ticket(1), .failure(failure))])
        }
        var late = Requests()
        _ = late.step(.asked(Ticket(1), peer, [], on: key))
        #expect(late.woken(at: Instant.second.later(9_999)).isEmpty)
        let outputs = late.woken(at: Instant.second.later(10_000))
        #expect(outputs.contains(.responded(Ticket(1), .failure(.timeout))))
        #expect(late.deadline == nil)
    }

    @Test("a request is told whole, and answered or refused")
    func request() {
        var requests = Requests()
        _ = requests.step(.opened(key, peer, "/a"))
        #expect(requests.step(.received(key, [2, 5])).isEmpty)
        #expect(
            requests.step(.received(key, [6])) == [.requested(RequestID(1), peer, "/a", [5, 6])])
        #expect(requests.step(.finished(key)).isEmpty)
        #expect(
            requests.step(.answered(RequestID(1), [9])) == [.write(key, [1, 9]), .finish(key)])
        #expect(requests.step(.answered(RequestID(1), [9])).isEmpty)
        _ = requests.step(.opened(key, peer, "/a"))
        _ = requests.step(.received(key, [0]))
        #expect(requests.step(.answered(RequestID(2), nil)) == [.reset(key)])
    }

    @Test("a request that is too long, cut off or followed by more is refused")
    func hostile() {
        for bytes in [Varint.encode(1_048_577), [0x81, 0x00], [0, 1, 1]] as [[UInt8]] {
            var requests = Requests()
            _ = requests.step(.opened(key, peer, "/a"))
            var outputs = requests.step(.received(key, bytes))
            outputs += requests.step(.received(key, [1]))
            #expect(outputs.contains(.report(peer, .malformed)) && outputs.contains(.reset(key)))
        }
        var cut = Requests()
        _ = cut.step(.opened(key, peer, "/a"))
        _ = cut.step(.received(key, [5, 1]))
        #expect(cut.step(.finished(key)) == [.reset(key)])
        var slow = Requests()
        _ = slow.step(.opened(key, peer, "/a"))
        #expect(slow.woken(at: Instant.second.later(30_000)) == [.reset(key)])
    }

    @Test("a peer may have 64 requests open, all together 512")
    func crowd() {
        var requests = Requests()
        for number in 0..<64 as Range<UInt32> {
            #expect(requests.step(.opened(StreamKey(Link(1), number), peer, "/a")).isEmpty)
        }
        #expect(
            requests.step(.opened(StreamKey(Link(1), 64), peer, "/a")) == [
                .report(peer, .flood), .reset(StreamKey(Link(1), 64)),
            ])
        var open = 64
        for number in 0..<1_000 {
            let other = Village.secret(2 + number % 20).peer
            let key = StreamKey(Link(2), UInt32(number))
            if requests.step(.opened(key, other, "/a")).isEmpty { open += 1 }
        }
        #expect(open == 512)
    }
}

@Suite struct DirectTests {
    private let peer = Village.secret(1).peer

    @Test("the oldest is dropped when the queue is full or has waited too long")
    func drop() {
        var direct = Direct()
        for number in 0..<2_000 {
            let bytes = [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
            #expect(direct.step(.send(peer, bytes, hasRoom: false)).isEmpty)
        }
        #expect(direct.dropped == 2_000 - 1_024)
        guard case .write(_, let bytes) = direct.step(.ready(peer)).first else {
            Issue.record("nothing was kept")
            return
        }
        #expect(bytes.count == 3 * 1_024)
        #expect(Array(bytes.prefix(3)) == [2, UInt8(976 >> 8), UInt8(976 & 255)])
        _ = direct.step(.send(peer, [1], hasRoom: false))
        _ = direct.woken(at: Instant.second.later(10_000))
        #expect(direct.step(.ready(peer), at: Instant.second.later(10_000)).isEmpty)
        #expect(!direct.isWaiting(for: peer))
    }

    @Test("a queue has at most eight mebibytes, and 256 peers have one")
    func bounds() {
        var direct = Direct()
        for _ in 0..<20 {
            _ = direct.step(.send(peer, [UInt8](repeating: 0, count: 1_000_000), hasRoom: false))
        }
        #expect(direct.dropped == 12)
        for index in 2..<300 {
            _ = direct.step(.send(Village.secret(index % 250).peer, [], hasRoom: false))
        }
        _ = direct.step(.send(peer, [UInt8](repeating: 0, count: 4_194_305), hasRoom: false))
        #expect(direct.dropped == 12)
    }

    @Test("messages go out in order, those that waited first")
    func order() {
        var direct = Direct()
        #expect(direct.step(.send(peer, [1], hasRoom: true)) == [.write(peer, [1, 1])])
        _ = direct.step(.send(peer, [2], hasRoom: false))
        #expect(direct.step(.send(peer, [3], hasRoom: true)).isEmpty)
        #expect(direct.step(.ready(peer)) == [.write(peer, [1, 2, 1, 3])])
    }
}
