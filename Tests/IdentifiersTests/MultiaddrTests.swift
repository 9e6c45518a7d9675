import Encoding
import Foundation
import Identifiers
import Machine
import Testing

@Suite struct MultiaddrTests {
    static let peer = "QmcW3oMdSqoEcjbyd51auqC23vhKX6BqfcZcY2HJ3sKAZR"

    @Test("the table has every protocol of multiformats but garlic")
    func table() throws {
        let path = "../shared/conformance/p2p/multiformats/protocols.csv"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            Issue.record("no table at \(path)")
            return
        }
        var count = 0
        for line in text.split(separator: "\n").dropFirst() {
            let parts = line.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            let code = try #require(UInt64(parts[0]))
            let name = String(parts[2].split(separator: " ")[0])
            guard !name.hasPrefix("garlic") else { continue }
            let row = try #require(Multiaddr.Transport(name: name), "\(name)")
            #expect(row.code == code)
            #expect(row == Multiaddr.Transport(code: code))
            let expected: Multiaddr.Transport.Size =
                switch parts[1] {
                case "V": .variable
                case "0": .none
                default: .fixed((try #require(Int(parts[1])) + 7) / 8)
                }
            #expect(row.size == expected, "\(name)")
            count += 1
        }
        #expect(count == 39)
    }

    @Test(
        "addresses come back as they went",
        arguments: [
            "/ip4/127.0.0.1/tcp/4001", "/ip6/::1/tcp/1",
            "/ip6/2001:db8::ff00:42:8329/udp/9/quic-v1",
            "/ip4/1.2.3.4/tcp/80/p2p/\(peer)", "/dns4/example.com/tcp/443/wss",
            "/ip4/1.2.3.4/udp/1/quic-v1/webtransport/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g",
            "/ip4/1.2.3.4/tcp/1/p2p/\(peer)/p2p-circuit/p2p/\(peer)", "/unix/run/a.sock",
            "/ip4/10.0.0.0/ipcidr/8", "/ip4/1.1.1.1/tcp/80/http/http-path/a%2Fb%20c",
            "/onion3/vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:1234",
            "/onion/timaq4ygg2iegci7:1234", "/memory/7", "/ip6zone/eth0/ip6/fe80::1",
            "/ip4/127.0.0.1/tcp/9090/tls/sni/example.com/ws", "/dnsaddr/bootstrap.libp2p.io",
            "/ip6/::/tcp/0", "/ip6/1::/tcp/0", "/ip6/0:1::/tcp/0", "/ip6/1:0:0:2::3/tcp/0",
        ])
    func roundTrip(_ text: String) throws {
        let address = try Multiaddr(text)
        let again = try Multiaddr(decoding: address.encoded)
        #expect(again == address)
        if !text.hasPrefix("/ip6/0:1") { #expect(address.description == text) }
        #expect(try Multiaddr(address.description) == address)
    }

    @Test(
        "text that is no address is refused",
        arguments: [
            "", "/", "ip4/1.2.3.4", "/ip4", "/ip4/1.2.3", "/ip4/1.2.3.4.5", "/ip4/01.2.3.4/tcp/1",
            "/ip4/256.1.1.1", "/tcp/65536", "/tcp/-1", "/tcp/+1", "/tcp/", "/ip6/::1::2",
            "/ip6/1:2:3:4:5:6:7", "/ip6/1:2:3:4:5:6:7:8:9", "/ip6/:::", "/ip6/12345::",
            "/ip6/1:2:3:4:5:6:7::8", "/p2p/notapeer", "/nothing/1", "/ip4/1.2.3.4//tcp/1",
            "/dns4/", "/certhash/x", "/onion/a:1", "/ip4/1.2.3.4/garlic64/a", "/unix/",
        ])
    func badText(_ text: String) {
        #expect(throws: Multiaddr.Failure.self) { try Multiaddr(text) }
    }

    @Test("bytes that are no address are refused")
    func badBytes() {
        let nested = [UInt8](repeating: 0, count: 50).flatMap { _ in Varint.encode(290) }
        for bytes in [
            [], [4, 1, 2, 3], [6, 1], [0x80], [0x84, 0x00, 1, 2, 3, 4], [35, 1], nested,
            [53, 0], [53, 200, 1], [53, 3, 0x61, 0x2f, 0x62], [53, 2, 0xff, 0xfe],
            Varint.encode(421) + [2, 0, 0],
            Varint.encode(400) + [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
            [4, 1, 2, 3, 4] + Varint.encode(446) + [1, 1],
        ] as [[UInt8]] {
            #expect(throws: Multiaddr.Failure.self) { try Multiaddr(decoding: bytes) }
        }
        let long = (0..<600).flatMap { _ in [6, 0, 1] as [UInt8] }
        #expect(throws: Multiaddr.Failure.tooLong) { try Multiaddr(decoding: long) }
    }

    @Test("the endpoint and the peer of an address are found")
    func parts() throws {
        let address = try Multiaddr("/ip4/1.2.3.4/tcp/80/p2p/\(Self.peer)")
        #expect(address.endpoint == Endpoint(host: "1.2.3.4", port: 80))
        #expect(address.peer?.description == Self.peer)
        #expect(try Multiaddr("/ip6/::1/tcp/5").endpoint == Endpoint(host: "::1", port: 5))
        #expect(try Multiaddr("/dns4/a.b/tcp/5").endpoint == nil)
        #expect(try Multiaddr("/ip4/1.2.3.4/tcp/5/ws").endpoint == nil)
        #expect(try Multiaddr("/ip4/1.2.3.4/udp/5").endpoint == nil)
        #expect(try Multiaddr("/ip4/1.2.3.4/tcp/5/p2p/\(Self.peer)/p2p-circuit").endpoint == nil)
        #expect(Multiaddr(Endpoint(host: "::1", port: 5))?.description == "/ip6/::1/tcp/5")
        #expect(Multiaddr(Endpoint(host: "name", port: 5)) == nil)
        #expect(try Multiaddr("/ip4/1.2.3.4/tcp/80").naming(try PeerID(Self.peer)) == address)
    }
}
