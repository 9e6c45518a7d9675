import Crypto
import Encoding
import Identifiers
import Machine
import Network
import Primitives
import Testing

/// What a peer does that has proved a name and then breaks the rules, stream by stream.
@Suite struct InsiderTests {
    /// A swarm, and a connection to it that the test plays by hand.
    private struct Siege {
        static let link = Link(1)

        var swarm: Swarm
        var peer: Connection
        var told: [Swarm.Output] = []
        var heard: [Connection.Output] = []
        var now = Instant.second
        var isClosed = false

        init(host: String = "127.0.0.1") throws {
            var configuration = Swarm.Configuration(secret: Village.secret(0))
            configuration.protocols = ["/test/1"]
            swarm = try #require(
                Swarm(configuration, entropy: noise(32), seed: 1, at: now))
            peer = Connection(
                isDialer: true,
                identity: try #require(
                    Noise.Identity(Village.secret(1), fixed: noise(32, seed: 2))),
                ephemeral: try #require(X25519.SecretKey(noise(32, seed: 3))),
                expected: nil, protocols: Gossip.Version.protocols + [Identify.name], at: now)
            tell(.subscribe("t"))
            tell(.opened(Siege.link, nil, from: Endpoint(host: host, port: 4)))
            act(.opened)
        }

        var isConnected: Bool { swarm.isConnected(Village.secret(1).peer) }

        var offences: [Swarm.Offence] {
            told.compactMap { if case .report(_, let offence) = $0 { offence } else { nil } }
        }

        var dials: [Endpoint] {
            told.compactMap { if case .dial(_, let endpoint) = $0 { endpoint } else { nil } }
        }

        /// Gives the swarm an input, and lets both talk until neither says anything.
        mutating func tell(_ input: Swarm.Input) {
            var box = Outbox<Swarm.Output>()
            swarm.handle(input, at: now, into: &box)
            for output in box.drain() {
                switch output {
                case .write(Siege.link, let bytes):
                    act(.received(bytes))
                    tell(.drained(Siege.link))
                case .close(Siege.link): isClosed = true
                default: told.append(output)
                }
            }
        }

        /// Lets the peer act.
        mutating func act(_ input: Connection.Input) {
            var box = Outbox<Connection.Output>()
            peer.handle(input, at: now, into: &box)
            flush(&box)
        }

        /// Opens a stream; what is written follows the proposal at once.
        mutating func open(_ name: String) throws -> UInt32 {
            var box = Outbox<Connection.Output>()
            let id = peer.open([name], at: now, into: &box)
            flush(&box)
            return try #require(id)
        }

        mutating func wait(milliseconds: Int) {
            now = now.later(milliseconds)
            var box = Outbox<Swarm.Output>()
            swarm.wake(at: now, into: &box)
            for output in box.drain() {
                if case .write(Siege.link, let bytes) = output { act(.received(bytes)) }
                told.append(output)
            }
        }

        private mutating func flush(_ box: inout Outbox<Connection.Output>) {
            heard += box.drain()
            while !isClosed, let bytes = peer.flush(at: now, into: &box) {
                var inner = Outbox<Connection.Output>()
                peer.handle(.drained, at: now, into: &inner)
                tell(.received(Siege.link, bytes))
            }
            heard += box.drain()
        }
    }

    private func framed(_ bytes: [UInt8]) -> [UInt8] { Varint.encode(UInt64(bytes.count)) + bytes }

    @Test("a peer that keeps to the rules is let in and charged nothing")
    func honest() throws {
        var siege = try Siege()
        #expect(siege.isConnected)
        let id = try siege.open("/ipfs/ping/1.0.0")
        siege.act(.write(id, noise(32)))
        #expect(siege.heard.contains(.received(id, noise(32))))
        #expect(siege.offences.isEmpty)
    }

    @Test("garbage as gossip graylists, then bans")
    func garbage() throws {
        var siege = try Siege()
        let id = try siege.open("/meshsub/1.2.0")
        for seed in 0..<10 as Range<UInt64> {
            siege.act(.write(id, framed([0x0f] + noise(30, seed: seed))))
        }
        #expect(siege.offences.count == 2)
        #expect(siege.isConnected)
        // What it does elsewhere counts too.
        for _ in 0..<2 {
            let other = try siege.open("/martlet/direct/1")
            siege.act(.write(other, Varint.encode(4_194_305)))
        }
        #expect(!siege.isConnected && siege.isClosed)
    }

    @Test("a message over four mebibytes ends the stream before it is taken in")
    func great() throws {
        for name in ["/meshsub/1.2.0", "/martlet/direct/1"] {
            var siege = try Siege()
            let id = try siege.open(name)
            siege.act(.write(id, Varint.encode(4_194_305)))
            #expect(siege.offences.count == 1)
            #expect(siege.heard.last == .reset(id))
        }
    }

    @Test("more than four streams of a protocol are refused, and held against the peer")
    func streams() throws {
        var siege = try Siege()
        for _ in 0..<8 { _ = try siege.open("/meshsub/1.2.0") }
        #expect(siege.offences == [.streams, .streams, .streams, .streams])
        #expect(siege.heard.filter { if case .reset = $0 { true } else { false } }.count == 4)
    }

    @Test("a flood of pushes, of pings or of streams is stopped")
    func floods() throws {
        var pushes = try Siege()
        for _ in 0..<40 where !pushes.isClosed {
            let id = try pushes.open(Identify.push)
            pushes.act(.write(id, framed(Identify().encoded)))
            pushes.act(.finish(id))
        }
        #expect(pushes.isClosed && pushes.offences.allSatisfy { $0 == .streams })
        var pings = try Siege()
        let id = try pings.open("/ipfs/ping/1.0.0")
        for _ in 0..<300 { pings.act(.write(id, noise(32))) }
        #expect(pings.offences == [.streams])
        #expect(pings.heard.last == .reset(id))
        var many = try Siege()
        for _ in 0..<600 where !many.isClosed {
            guard let id = try? many.open("/test/1") else { break }
            many.act(.reset(id))
        }
        #expect(many.isClosed)
        #expect(many.offences.last == .connection(.yamux(.flood)))
    }

    @Test("identify over its limit, or with another's key, is held against the peer")
    func identify() throws {
        for (bytes, failure) in [
            (Varint.encode(8_193), .tooLong),
            (framed(Array(Protobufs.key(Village.secret(2).key))), .key),
            (framed([0x0a, 0x7f]), .malformed),
        ] as [([UInt8], Identify.Failure)] {
            var siege = try Siege()
            let id = try siege.open(Identify.push)
            siege.act(.write(id, bytes))
            #expect(siege.offences == [.identify(failure)])
        }
    }

    @Test(
        "a peer from far away cannot make us dial what is near",
        arguments: [("8.8.8.8", 1), ("192.168.1.1", 2), ("127.0.0.1", 3)])
    func addresses(_ host: String, _ count: Int) throws {
        var siege = try Siege(host: host)
        var message = Identify()
        message.addresses = [
            try Multiaddr("/ip4/127.0.0.1/tcp/22"), try Multiaddr("/ip4/10.0.0.1/tcp/22"),
            try Multiaddr("/ip4/9.9.9.9/tcp/22"),
        ]
        let id = try siege.open(Identify.push)
        siege.act(.write(id, framed(message.encoded)))
        siege.tell(.closed(Siege.link))
        // The addresses are tried one after the other, those that may not be are not there.
        for _ in 0..<20 {
            siege.wait(milliseconds: 3_000)
            for case .dial(let ticket, _) in siege.told { siege.tell(.refused(ticket)) }
        }
        #expect(Set(siege.dials).count == count)
        #expect(siege.dials.contains(Endpoint(host: "9.9.9.9", port: 22)))
        #expect(siege.dials.contains(Endpoint(host: "127.0.0.1", port: 22)) == (count == 3))
    }
}

/// Messages that tests make by hand.
enum Protobufs {
    static func key(_ key: PeerKey) -> [UInt8] {
        var writer = Protobuf.Writer()
        writer.append(1, key.encoded)
        return writer.bytes
    }
}
