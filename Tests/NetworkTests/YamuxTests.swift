import Machine
import Network
import Primitives
import Testing

@Suite struct YamuxTests {
    /// The twelve bytes of a header, and what follows.
    private func frame(
        _ kind: UInt8, _ flags: UInt8, _ stream: UInt32, _ length: UInt32, _ data: [UInt8] = []
    ) -> [UInt8] {
        func word(_ value: UInt32) -> [UInt8] {
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
        }
        return [0, kind, 0, flags] + word(stream) + word(length) + data
    }

    private let syn: UInt8 = 1
    private let ack: UInt8 = 2
    private let fin: UInt8 = 4
    private let rst: UInt8 = 8

    private func bytes(_ outputs: [Yamux.Output]) -> [UInt8] {
        outputs.flatMap { if case .send(let bytes) = $0 { bytes } else { [UInt8]() } }
    }

    private func told(_ outputs: [Yamux.Output]) -> [Yamux.Output] {
        outputs.filter { if case .send = $0 { false } else { true } }
    }

    private func failure(
        _ yamux: inout Yamux, _ bytes: [UInt8], at now: Instant = .second
    )
        -> Yamux.Failure?
    {
        let outputs = yamux.step(.received(bytes), at: now)
        for case .failed(let failure) in outputs {
            // Whoever broke the rules is told so, and not listened to any more.
            #expect(self.bytes(outputs).suffix(12) == frame(3, 0, 0, 1)[...])
            #expect(yamux.step(.received(bytes), at: now).isEmpty)
            return failure
        }
        return nil
    }

    private func server() -> Yamux { Yamux(isClient: false, at: .second) }

    @Test(
        "bytes come over in order, whatever the pieces and however many",
        arguments: [1, 1_000, 70_000])
    func transfer(_ piece: Int) throws {
        var left = Yamux(isClient: true, at: .second)
        var right = server()
        let opened = left.open(at: .second)
        let id = try #require(opened)
        let content = noise(piece == 1 ? 3_000 : 2_000_000)
        var toRight: [UInt8] = []
        var toLeft: [UInt8] = []
        toRight += bytes(left.step(.write(id, content)))
        toRight += bytes(left.step(.finish(id)))
        var found: [UInt8] = []
        var isFinished = false
        var cursor = 0
        while cursor < toRight.count || !toLeft.isEmpty {
            let end = min(cursor + piece, toRight.count)
            for output in right.step(.received(Array(toRight[cursor..<end]))) {
                switch output {
                case .send(let bytes): toLeft += bytes
                case .received(id, let bytes): found += bytes
                case .finished(id): isFinished = true
                case .opened(let number): #expect(number == id)
                default: Issue.record("unexpected \(output)")
                }
            }
            cursor = end
            toRight += bytes(left.step(.received(toLeft)))
            toLeft = []
        }
        #expect(found == content && isFinished)
        #expect(left.backlog == 0)
    }

    @Test("no more is sent than the other side has room for")
    func window() throws {
        var left = Yamux(isClient: true, at: .second)
        let opened = left.open(at: .second)
        let id = try #require(opened)
        let sent = bytes(left.step(.write(id, noise(1_000_000))))
        let headers = (262_144 + 65_494) / 65_495 * 12
        #expect(sent.count == 262_144 + headers)
        #expect(left.backlog == 1_000_000 - 262_144)
        let more = bytes(left.step(.received(frame(1, 0, id, 10))))
        #expect(more.count == 22)
        #expect(left.backlog == 1_000_000 - 262_154)
    }

    @Test("a window that is used up quickly grows to a mebibyte, and no further")
    func growth() throws {
        var right = server()
        _ = right.step(.received(frame(1, syn, 1, 0)))
        var given: UInt32 = 0
        for number in 0..<64 {
            let now = Instant.second.later(number)
            let data = frame(0, 0, 1, 100_000, noise(100_000))
            let sent = bytes(right.step(.received(data), at: now))
            if sent.count == 12 { given += sent[8...].reduce(0) { $0 << 8 | UInt32($1) } }
        }
        // What was sent, and the growth of the window; a half of it is not given back yet.
        let total = 6_400_000 + Yamux.Limits.window - Yamux.Limits.firstWindow
        #expect(given <= total && given > total - Yamux.Limits.window / 2)
    }

    @Test("data with SYN of a mebibyte is more than the first window allows")
    func greatFirst() {
        var right = server()
        #expect(failure(&right, frame(0, syn, 1, 1_048_576)) == .window(1))
    }

    @Test("room that cannot be counted is refused")
    func overflow() {
        var right = server()
        _ = right.step(.received(frame(1, syn, 1, 0)))
        #expect(failure(&right, frame(1, 0, 1, .max)) == .overflow(1))
        var other = server()
        _ = other.step(.received(frame(1, syn, 1, 0xffff_0000 - 262_144)))
        #expect(failure(&other, frame(1, 0, 1, 0xffff)) == nil)
        #expect(failure(&other, frame(1, 0, 1, .max)) == .overflow(1))
    }

    @Test("a hundred thousand streams are a flood; 256 are kept")
    func streams() {
        var right = server()
        var opened = 0
        var found: Yamux.Failure?
        for number in 0..<100_000 as Range<UInt32> {
            for output in right.step(.received(frame(1, syn, number * 2 + 1, 0))) {
                if case .opened = output { opened += 1 }
                if case .failed(let failure) = output { found = failure }
            }
        }
        #expect(opened == 256 && found == .flood)
    }

    @Test("frames for streams that never were are refused, for those that ended dropped")
    func unknown() {
        var right = server()
        #expect(failure(&right, frame(0, 0, 7, 3, [1, 2, 3])) == .unknown(7))
        var own = server()
        #expect(failure(&own, frame(0, 0, 2, 0)) == .unknown(2))
        var zero = server()
        #expect(failure(&zero, frame(0, 0, 0, 0)) == .unknown(0))
        var ended = server()
        _ = ended.step(.received(frame(1, syn, 1, 0)))
        _ = ended.step(.reset(1))
        #expect(told(ended.step(.received(frame(0, 0, 1, 3, [1, 2, 3])))).isEmpty)
        #expect(failure(&ended, frame(0, 0, 1, 0x7fff_ffff)) == .window(1))
    }

    @Test("numbers of the wrong side, zero and numbers used before are refused")
    func identifiers() {
        for id in [0, 2, 4] as [UInt32] {
            var right = server()
            #expect(failure(&right, frame(1, syn, id, 0)) == .identifier(id))
        }
        var right = server()
        _ = right.step(.received(frame(1, syn, 5, 0)))
        #expect(failure(&right, frame(1, syn, 5, 0)) == .identifier(5))
        var again = server()
        _ = again.step(.received(frame(1, syn, 5, 0) + frame(1, rst, 5, 0)))
        #expect(failure(&again, frame(1, syn, 5, 0)) == .identifier(5))
        // Out of order is no reuse.
        var order = server()
        let outputs = order.step(.received(frame(1, syn, 5, 0) + frame(1, syn, 1, 0)))
        #expect(told(outputs) == [.opened(5), .opened(1)])
        #expect(failure(&order, frame(1, syn, 1, 0)) == .identifier(1))
    }

    @Test("more data than the window allows is refused, in one frame or in many")
    func overrun() {
        var right = server()
        _ = right.step(.received(frame(1, syn, 1, 0)))
        #expect(failure(&right, frame(0, 0, 1, 262_145)) == .window(1))
        var finished = server()
        _ = finished.step(.received(frame(0, syn | fin, 1, 0)))
        #expect(failure(&finished, frame(0, 0, 1, 1, [1])) == .window(1))
    }

    @Test("pings are answered, and a flood of them is refused")
    func pings() {
        var right = server()
        #expect(bytes(right.step(.received(frame(2, syn, 0, 77)))) == frame(2, ack, 0, 77))
        let flood = (0..<1_000).flatMap { _ in frame(2, syn, 0, 1) }
        #expect(failure(&right, flood) == .flood)
        // In their time they are as welcome as ever.
        var slow = server()
        for number in 0..<2_000 {
            let now = Instant.second.later(number * 10)
            #expect(failure(&slow, frame(2, syn, 0, 1), at: now) == nil)
        }
    }

    @Test("streams that are opened and reset as fast as can be are a flood")
    func rapidReset() {
        var right = server()
        var found: Yamux.Failure?
        for number in 0..<10_000 as Range<UInt32> where found == nil {
            let id = number * 2 + 1
            found = failure(&right, frame(1, syn, id, 0) + frame(1, rst, id, 0))
        }
        #expect(found == .flood)
    }

    @Test("after «go away» data still comes, and no stream can be opened after ours")
    func goAway() {
        var right = server()
        _ = right.step(.received(frame(1, syn, 1, 0)))
        #expect(told(right.step(.received(frame(3, 0, 0, 0)))) == [.left(0)])
        #expect(
            told(right.step(.received(frame(0, 0, 1, 2, [1, 2])))) == [.received(1, [1, 2])])
        _ = right.step(.leave)
        #expect(right.open(at: .second) == nil)
        #expect(bytes(right.step(.received(frame(1, syn, 3, 0)))) == frame(1, rst, 3, 0))
    }

    @Test("a receiver that never opens its window costs what is written and no more")
    func closedWindow() throws {
        var left = Yamux(isClient: true, at: .second)
        let opened = left.open(at: .second)
        let id = try #require(opened)
        for _ in 0..<10 { _ = left.step(.write(id, noise(100_000))) }
        #expect(left.backlog == 1_000_000 - 262_144)
        _ = left.step(.received(frame(1, rst, id, 0)))
        #expect(left.backlog == 0)
        #expect(bytes(left.step(.write(id, [1]))).isEmpty)
    }

    @Test("a half-closed stream goes on in the other direction, and is gone after both")
    func halfClosed() throws {
        var right = server()
        _ = right.step(.received(frame(0, syn | fin, 1, 1, [9])))
        #expect(bytes(right.step(.write(1, [5]))) == frame(0, ack, 1, 1, [5]))
        #expect(bytes(right.step(.finish(1))) == frame(0, fin, 1, 0))
        #expect(bytes(right.step(.write(1, [5]))).isEmpty)
    }

    @Test("another version or kind is refused")
    func headers() {
        var right = server()
        #expect(failure(&right, [1] + frame(0, 0, 0, 0).dropFirst()) == .version(1))
        var other = server()
        #expect(failure(&other, frame(4, 0, 0, 0)) == .kind(4))
    }

    @Test("random frames never do harm")
    func random() {
        var random = Random(seed: 77)
        for _ in 0..<300 {
            var right = server()
            for _ in 0..<40 {
                let id = UInt32.random(in: 0..<8, using: &random)
                let length = UInt32.random(in: 0..<4, using: &random)
                let kind = UInt8.random(in: 0..<4, using: &random)
                let flags = UInt8.random(in: 0..<16, using: &random)
                let data = kind == 0 ? noise(Int(length)) : []
                _ = right.step(.received(frame(kind, flags, id, length, data)))
                _ = right.step(.write(id, [1, 2, 3]))
                if random.next() % 5 == 0 { _ = right.step(.finish(id)) }
            }
        }
    }
}
