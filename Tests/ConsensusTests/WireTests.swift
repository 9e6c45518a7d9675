import Consensus
import Crypto
import Encoding
import Primitives
import Testing

@Suite struct WireTests {
    /// One of each message, as machines make them.
    private func samples() throws -> [Message] {
        var bench = try Bench()
        let first = try bench.proposal(1)
        let gap = try bench.certificate(.nullify, 2)
        let third = try bench.proposal(3, on: first, gaps: [gap])
        bench.hear(first)
        bench.hear(third)
        bench.feed(.connected(Source(5)))
        bench.sync()
        var messages: [Message] = [
            .vote(first.vote), .certificate(gap), .proposal(first), .proposal(third),
            .certificateReply([gap]), .certificateReply([]), .blockReply([third.proposed]),
        ]
        messages += bench.sent(to: .peer(Source(5)))
        messages += try Bench(log: []).questions.map { .statusRequest($0) }
        return messages
    }

    @Test("every message is read back as it was written, to the byte")
    func roundTrip() throws {
        for message in try samples() {
            let bytes = message.encoded
            let read = try Message(decoding: bytes)
            #expect(read == message)
            #expect(read.encoded == bytes)
        }
    }

    @Test("no prefix of a message is a message, nor one with a byte more")
    func truncated() throws {
        for message in try samples() {
            let bytes = message.encoded
            for cut in stride(from: 0, to: bytes.count, by: 3) {
                #expect(throws: WireError.self) { try Message(decoding: Array(bytes[..<cut])) }
            }
            #expect(throws: WireError.self) { try Message(decoding: bytes + [0]) }
        }
    }

    @Test("whatever byte is changed, what can be read is written back the same")
    func mutated() throws {
        var random = Random(seed: 5)
        for message in try samples() {
            let bytes = message.encoded
            for _ in 0..<400 {
                var spoiled = bytes
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    let place = Int.random(in: bytes.indices, using: &random)
                    spoiled[place] = UInt8.random(in: 0...255, using: &random)
                }
                guard let read = try? Message(decoding: spoiled) else { continue }
                #expect(read.encoded == spoiled)
            }
        }
    }

    @Test("whatever a peer sends, a machine stands")
    func hostile() throws {
        var random = Random(seed: 6)
        var bench = try Bench(1)
        for _ in 0..<20 {
            for message in try samples() {
                var bytes = message.encoded
                for _ in 0..<2 {
                    let place = Int.random(in: bytes.indices, using: &random)
                    bytes[place] = UInt8.random(in: 0...255, using: &random)
                }
                guard let read = try? Message(decoding: bytes) else { continue }
                bench.hear(read, from: UInt64.random(in: 1...3, using: &random))
                bench.sync()
            }
        }
        #expect(!bench.events.contains { if case .halted = $0 { true } else { false } })
    }

    @Test("a certificate's bitmap has one form, and a nullification no proposal")
    func canonical() throws {
        let bench = try Bench()
        let certificate = try bench.certificate(.nullify, 2)
        guard case .list(var fields) = try RLP.decode(certificate.encoded) else { return }
        #expect(fields[4] == .bytes([0b0111]))
        fields[4] = .bytes([0b0111, 0])
        #expect(throws: WireError.malformed(.unexpected("bitmap"))) {
            try Certificate(decoding: RLP.encode(.list(fields)))
        }
        fields[4] = .bytes([0b0111])
        fields[3] = .hash(keccak256([1]))
        #expect(throws: WireError.malformed(.unexpected("certificate"))) {
            try Certificate(decoding: RLP.encode(.list(fields)))
        }
    }

    @Test("a message that is too long is refused before it is read")
    func tooLong() {
        let bytes = [UInt8](repeating: 0, count: Limits.message + 1)
        #expect(throws: WireError.tooLong(found: bytes.count, limit: Limits.message)) {
            try Message(decoding: bytes)
        }
    }

    @Test("a view beyond all bounds costs nothing")
    func farView() throws {
        var bench = try Bench()
        bench.hear(.vote(bench.vote(.notarize, .max, keccak256([1]), by: 0)))
        bench.hear(.proposal(try bench.proposal(1)))
        let far = bench.vote(.notarize, .max - 1, keccak256([1]), by: 0)
        let value = Value(hash: keccak256([2]), bytes: [2])
        for view: UInt64 in [2, 100, .max] {
            bench.hear(
                .proposal(
                    Proposal(
                        epoch: 1, view: view, parent: bench.instance.genesisID, value: value,
                        justification: Justification(parent: nil, gaps: []), vote: far)))
        }
        #expect(bench.view == 1)
    }
}
