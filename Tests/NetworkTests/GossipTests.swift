import Encoding
import Identifiers
import Machine
import Network
import Primitives
import Testing

@Suite struct GossipTests {
    private static let peers = (10..<40).map { Village.secret($0).peer }

    /// Gossip that takes part in `t`, with so many peers who do too.
    private func gossip(_ count: Int, signing: Signing = .none, isOutbound: Bool = true) -> Gossip {
        var gossip = Gossip(signing: signing, seed: 1)
        _ = gossip.step(.subscribe("t"))
        for peer in Self.peers.prefix(count) { join(&gossip, peer, isOutbound: isOutbound) }
        return gossip
    }

    private func join(_ gossip: inout Gossip, _ peer: PeerID, isOutbound: Bool = true) {
        _ = gossip.step(.connected(peer, isOutbound: isOutbound))
        _ = gossip.step(.ready(peer, .v1_2))
        _ = gossip.step(.received(peer, subscription("t")))
    }

    private func field(_ number: UInt32, _ parts: [(UInt32, [UInt8])]) -> [UInt8] {
        var inner = Protobuf.Writer()
        for part in parts { inner.append(part.0, part.1) }
        var writer = Protobuf.Writer()
        writer.append(number, inner.bytes)
        return writer.bytes
    }

    private func control(_ kind: UInt32, _ parts: [(UInt32, [UInt8])]) -> [UInt8] {
        var writer = Protobuf.Writer()
        writer.append(3, field(kind, parts))
        return writer.bytes
    }

    private func subscription(_ topic: String) -> [UInt8] {
        var inner = Protobuf.Writer()
        inner.append(1, 1)
        inner.append(2, topic)
        var writer = Protobuf.Writer()
        writer.append(1, inner.bytes)
        return writer.bytes
    }

    private func message(_ content: [UInt8], _ topic: String = "t") -> [UInt8] {
        field(2, [(2, content), (4, Array(topic.utf8))])
    }

    private func prune(backoff: UInt64) -> [UInt8] {
        var inner = Protobuf.Writer()
        inner.append(1, "t")
        inner.append(3, backoff)
        var middle = Protobuf.Writer()
        middle.append(4, inner.bytes)
        var writer = Protobuf.Writer()
        writer.append(3, middle.bytes)
        return writer.bytes
    }

    private func reports(_ outputs: [Gossip.Output]) -> [Gossip.Offence] {
        outputs.compactMap { if case .report(_, let offence) = $0 { offence } else { nil } }
    }

    private func sent(_ outputs: [Gossip.Output], content: Bool) -> [PeerID] {
        outputs.compactMap {
            if case .send(let peer, _, content) = $0 { peer } else { nil }
        }
    }

    private let start = Instant.second

    @Test("a mesh has six peers, and the heartbeat keeps it between five and twelve")
    func mesh() {
        var gossip = gossip(20)
        #expect(gossip.mesh(of: "t").count == 6)
        for peer in gossip.mesh(of: "t").prefix(3) { _ = gossip.step(.disconnected(peer)) }
        #expect(gossip.mesh(of: "t").count == 3)
        _ = gossip.woken(at: start.later(1_100))
        #expect(gossip.mesh(of: "t").count == 6)
        // Those that we dialled are let in beyond the limit, and thinned out by the heartbeat.
        for peer in Self.peers.prefix(20) {
            _ = gossip.step(.received(peer, control(3, [(1, Array("t".utf8))])))
        }
        #expect(gossip.mesh(of: "t").count > 12)
        _ = gossip.woken(at: start.later(2_200))
        #expect(gossip.mesh(of: "t").count == 6)
    }

    @Test("a message is told once, and forwarded only after the verdict, never to its senders")
    func forward() {
        var gossip = gossip(7)
        let mesh = gossip.mesh(of: "t")
        let outputs = gossip.step(.received(mesh[0], message([1, 2])))
        guard case .message(let id, "t", [1, 2], mesh[0]) = outputs.first else {
            Issue.record("no message")
            return
        }
        #expect(outputs.count == 1)
        #expect(gossip.step(.received(mesh[1], message([1, 2]))).isEmpty)
        let forwarded = gossip.step(.validated(id, .accept))
        #expect(Set(sent(forwarded, content: true)) == Set(mesh.dropFirst(2)))
        #expect(gossip.step(.validated(id, .accept)).isEmpty)
    }

    @Test("what is published again is sent again, and tells its publisher nothing")
    func publishAgain() {
        var gossip = gossip(3)
        let members = Set(Self.peers.prefix(3))
        #expect(Set(sent(gossip.step(.publish("t", [1, 2])), content: true)) == members)
        join(&gossip, Self.peers[3])
        let again = gossip.step(.publish("t", [1, 2]))
        #expect(Set(sent(again, content: true)) == members.union([Self.peers[3]]))
        // A peer that brings it back brings nothing new.
        #expect(gossip.step(.received(Self.peers[0], message([1, 2]))).isEmpty)
    }

    @Test("messages are announced after a moment, in one with others, the greatest at once")
    func gathered() {
        var gossip = gossip(7)
        let mesh = gossip.mesh(of: "t")
        for number in 0..<25 as Range<UInt64> {
            let bytes = message(noise(5_000, seed: number))
            #expect(gossip.step(.received(mesh[0], bytes)).count == 1)
        }
        let told = gossip.woken(at: start.later(15))
        #expect(Set(sent(told, content: false)) == Set(mesh.dropFirst()))
        #expect(told.count == mesh.count - 1)
        let outputs = gossip.step(.received(mesh[0], message(noise(40_000))))
        #expect(Set(sent(outputs, content: false)) == Set(mesh.dropFirst()))
    }

    @Test("great messages are forwarded to those who do not say that they have them")
    func announced() {
        var gossip = gossip(7)
        let mesh = gossip.mesh(of: "t")
        let content = noise(5_000)
        _ = gossip.step(.received(mesh[0], message(content)))
        let id = MessageID(topic: "t", content: content)
        #expect(gossip.step(.validated(id, .accept)).isEmpty)
        _ = gossip.step(.received(mesh[1], control(5, [(1, id.bytes)])))
        _ = gossip.step(.received(mesh[2], message(content)))
        let later = gossip.woken(at: start.later(60))
        #expect(Set(sent(later, content: true)) == Set(mesh.dropFirst(3)))
    }

    @Test("what was rejected blames all who sent it; what was ignored blames nobody")
    func verdicts() {
        var gossip = gossip(7)
        let mesh = gossip.mesh(of: "t")
        _ = gossip.step(.received(mesh[0], message([1])))
        _ = gossip.step(.received(mesh[1], message([1])))
        let outputs = gossip.step(.validated(MessageID(topic: "t", content: [1]), .reject))
        #expect(outputs == [.report(mesh[0], .invalid), .report(mesh[1], .invalid)])
        _ = gossip.step(.received(mesh[0], message([2])))
        #expect(gossip.step(.validated(MessageID(topic: "t", content: [2]), .ignore)).isEmpty)
    }

    @Test("a waiting time of 2^64 - 1 or one less is cut to an hour")
    func backoff() {
        for backoff in [.max, .max - 1, 1 << 63] as [UInt64] {
            var gossip = gossip(1)
            _ = gossip.step(.received(Self.peers[0], prune(backoff: backoff)))
            #expect(gossip.mesh(of: "t").isEmpty)
            for second in 1..<4 { _ = gossip.woken(at: start.later(second * 1_100)) }
            #expect(gossip.mesh(of: "t").isEmpty)
            _ = gossip.woken(at: start.later(3_700_000))
            #expect(gossip.mesh(of: "t").count == 1)
        }
    }

    @Test("who asks for one message a hundred thousand times is given it three times")
    func wants() {
        var gossip = gossip(1)
        _ = gossip.step(.publish("t", [7]))
        let id = MessageID(topic: "t", content: [7]).bytes
        var given = 0
        var found: [Gossip.Offence] = []
        for _ in 0..<100 {
            let parts = (0..<1_000).map { _ in (1 as UInt32, id) }
            let outputs = gossip.step(.received(Self.peers[0], control(2, parts)))
            given += sent(outputs, content: true).count
            found += reports(outputs)
        }
        #expect(given == 3 && found == [.flood])
    }

    @Test("who announces without end is asked for five thousand, and blamed when nothing comes")
    func promises() {
        var gossip = gossip(1)
        var asked = 0
        var found: [Gossip.Offence] = []
        for round in 0..<20 as Range<UInt64> {
            let names = (0..<2_000 as Range<UInt64>).map {
                (2 as UInt32, noise(20, seed: round << 32 | $0))
            }
            let bytes = control(1, [(1, Array("t".utf8))] + names)
            let outputs = gossip.step(.received(Self.peers[0], bytes))
            found += reports(outputs)
            for case .send(_, let frame, _) in outputs { asked += frame.count / 22 }
        }
        #expect(found == [.flood])
        #expect(asked <= 5_100)
        #expect(reports(gossip.woken(at: start.later(3_500))) == [.brokenPromise])
    }

    @Test("who grafts within its waiting time is pruned again and blamed")
    func graft() {
        var gossip = gossip(1)
        let peer = Self.peers[0]
        _ = gossip.step(.received(peer, prune(backoff: 60)))
        let bytes = control(3, [(1, Array("t".utf8))])
        let outputs = gossip.step(.received(peer, bytes))
        #expect(reports(outputs) == [.earlyGraft])
        #expect(sent(outputs, content: false) == [peer])
        #expect(gossip.mesh(of: "t").isEmpty)
        var found: [Gossip.Offence] = []
        for _ in 0..<1_000 { found += reports(gossip.step(.received(peer, bytes))) }
        #expect(found.count <= 130 && found.contains(.flood))
    }

    @Test("of a hundred thousand topics a peer has 128, and nothing is answered for them")
    func topics() {
        var gossip = gossip(1)
        let peer = Self.peers[0]
        var found: [Gossip.Offence] = []
        for number in 0..<100_000 where found.isEmpty {
            found += reports(gossip.step(.received(peer, subscription("topic \(number)"))))
        }
        #expect(found == [.flood])
        let many = (0..<1_000).flatMap { field(3, [(1, Array("x\($0)".utf8))]) }
        var writer = Protobuf.Writer()
        writer.append(3, many)
        #expect(gossip.step(.received(peer, writer.bytes)).isEmpty)
        #expect(
            reports(gossip.step(.received(peer, subscription(String(repeating: "x", count: 300)))))
                .isEmpty)
    }

    @Test("a signed topic takes its authors' messages, and no forged or numberless ones")
    func signed() {
        let author = Village.secret(3)
        var source = Gossip(signing: .strict(author), seed: 9)
        let peer = Self.peers[0]
        _ = source.step(.subscribe("t"))
        join(&source, peer)
        var frame: [UInt8] = []
        for case .send(_, let bytes, true) in source.step(.publish("t", [5])) { frame = bytes }
        let good = Array(frame.dropFirst())
        var gossip = gossip(2, signing: .strict(Village.secret(4)))
        guard case .message(_, "t", [5], peer) = gossip.step(.received(peer, good)).first else {
            Issue.record("a good message is refused")
            return
        }
        var changed = 0
        for index in good.indices.dropFirst(2) {
            var bad = good
            bad[index] ^= 1
            var gossip = self.gossip(2, signing: .strict(Village.secret(4)))
            let outputs = gossip.step(.received(peer, bad))
            let isTold = outputs.contains { if case .message = $0 { true } else { false } }
            // A changed name of the topic is another topic; of a field, an unknown one.
            #expect(!isTold, "byte \(index)")
            changed += reports(outputs).count
        }
        #expect(changed > good.count / 2)
        #expect(reports(gossip.step(.received(peer, message([1])))) == [.unsigned])
        // Where nothing is signed, what has an author is refused.
        var plain = self.gossip(2)
        #expect(reports(plain.step(.received(peer, good))) == [.unsigned])
    }

    @Test("«do not send» is kept a thousand times in a heartbeat, ten names each")
    func unwanted() {
        var gossip = gossip(1)
        var found: [Gossip.Offence] = []
        for number in 0..<1_200 as Range<UInt64> {
            let parts = (0..<20 as Range<UInt64>).map {
                (1 as UInt32, noise(20, seed: number << 8 | $0))
            }
            found += reports(gossip.step(.received(Self.peers[0], control(5, parts))))
        }
        #expect(found == [.flood])
    }

    @Test("a graylisted peer is neither heard nor told")
    func graylisted() {
        var gossip = gossip(3)
        let peer = Self.peers[0]
        _ = gossip.step(.graylisted(peer, true))
        #expect(gossip.step(.received(peer, message([1]))).isEmpty)
        #expect(!sent(gossip.step(.publish("t", [2])), content: true).contains(peer))
        _ = gossip.woken(at: start.later(1_100))
        #expect(!gossip.mesh(of: "t").contains(peer))
    }

    @Test("of fifty peers who came by themselves the mesh takes twelve, and keeps those we chose")
    func sybils() {
        var gossip = gossip(2)
        let ours = gossip.mesh(of: "t")
        for peer in Self.peers.dropFirst(2) { join(&gossip, peer, isOutbound: false) }
        for peer in Self.peers.dropFirst(2) {
            _ = gossip.step(.received(peer, control(3, [(1, Array("t".utf8))])))
        }
        #expect(gossip.mesh(of: "t").count == 12)
        for beat in 1..<5 { _ = gossip.woken(at: start.later(beat * 1_100)) }
        #expect(ours.allSatisfy(gossip.mesh(of: "t").contains))
    }

    @Test("peers outside the mesh are told, ask, and are given")
    func lazy() {
        var gossip = gossip(20)
        let mesh = gossip.mesh(of: "t")
        _ = gossip.step(.publish("t", [3]))
        let told = sent(gossip.woken(at: start.later(1_100)), content: false)
        #expect(told.count == 6)
        #expect(Set(told).isDisjoint(with: mesh))
        let id = MessageID(topic: "t", content: [3]).bytes
        let outputs = gossip.step(.received(told[0], control(2, [(1, id)])))
        #expect(sent(outputs, content: true) == [told[0]])
        // After five heartbeats it is forgotten.
        for beat in 2..<8 { _ = gossip.woken(at: start.later(beat * 1_100)) }
        #expect(gossip.step(.received(told[1], control(2, [(1, id)]))).isEmpty)
    }

    @Test("messages that wait for a verdict have a limit, and are forgotten in time")
    func waiting() {
        var gossip = gossip(1)
        var count = 0
        for number in 0..<5_000 as Range<UInt64> {
            count += gossip.step(.received(Self.peers[0], message(noise(16, seed: number)))).count
        }
        #expect(count == Gossip.Limits.waiting)
        _ = gossip.woken(at: start.later(31_000))
        #expect(gossip.step(.received(Self.peers[0], message([1]))).count == 1)
    }

    @Test("what cannot be read is malformed, and content over the limit is dropped")
    func malformed() {
        var gossip = gossip(1)
        let peer = Self.peers[0]
        for bytes in [
            [0x0a], [0x12, 0x00], [0x1a, 0x02, 0x0a, 0x05], [0x0a, 2, 0x12, 5], noise(60),
            field(2, [(4, [0xff, 0xfe])]),
        ] as [[UInt8]] {
            let found = reports(gossip.step(.received(peer, bytes)))
            #expect(found.count == 1)
        }
        let great = message([UInt8](repeating: 1, count: Gossip.Limits.content + 1))
        #expect(gossip.step(.received(peer, great)).isEmpty)
        let many = (0..<1_100).flatMap { _ in message([1]) }
        #expect(reports(gossip.step(.received(peer, many))) == [.malformed(.tooMany)])
    }

    @Test("random bytes never do harm")
    func random() {
        var gossip = gossip(2)
        for seed in 0..<2_000 as Range<UInt64> {
            var bytes = noise(40, seed: seed)
            bytes[0] = [0x0a, 0x12, 0x1a][Int(seed % 3)]
            bytes[1] = 38
            _ = gossip.step(.received(Self.peers[0], bytes))
        }
    }
}
