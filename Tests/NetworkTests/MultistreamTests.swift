import Encoding
import Machine
import Network
import Primitives
import Testing

@Suite struct MultistreamTests {
    private func line(_ text: String) -> [UInt8] {
        Varint.encode(UInt64(text.utf8.count + 1)) + Array(text.utf8) + [0x0a]
    }

    /// Lets two sides talk until neither says anything.
    private func talk(
        _ dialer: inout Multistream, _ listener: inout Multistream, piece: Int = .max
    ) -> (dialer: Multistream.Output?, listener: Multistream.Output?) {
        var ends: (Multistream.Output?, Multistream.Output?)
        var toListener: [UInt8] = []
        var toDialer: [UInt8] = []
        func sort(_ outputs: [Multistream.Output], _ bytes: inout [UInt8]) -> Multistream.Output? {
            var end: Multistream.Output?
            for output in outputs {
                if case .send(let more) = output { bytes += more } else { end = output }
            }
            return end
        }
        ends.0 = sort(dialer.step(.opened), &toListener)
        ends.1 = sort(listener.step(.opened), &toDialer)
        while !(toListener.isEmpty && toDialer.isEmpty) {
            let first = Array(toListener.prefix(piece))
            toListener.removeFirst(first.count)
            ends.1 = sort(listener.step(.received(first)), &toDialer) ?? ends.1
            let second = Array(toDialer.prefix(piece))
            toDialer.removeFirst(second.count)
            ends.0 = sort(dialer.step(.received(second)), &toListener) ?? ends.0
        }
        return ends
    }

    @Test("both sides agree on the first protocol that the listener has", arguments: [1, 3, 1_000])
    func agree(_ piece: Int) {
        var dialer = Multistream(.dialer(["/a", "/b", "/c"]))
        var listener = Multistream(.listener(["/c", "/b"]))
        let ends = talk(&dialer, &listener, piece: piece)
        #expect(ends.dialer == .agreed("/b", rest: []))
        #expect(ends.listener == .agreed("/b", rest: []))
    }

    @Test("without a common protocol the dialer learns it and the listener waits on")
    func disagree() {
        var dialer = Multistream(.dialer(["/a"]))
        var listener = Multistream(.listener(["/b"]))
        let ends = talk(&dialer, &listener)
        #expect(ends.dialer == .failed(.unsupported))
        #expect(ends.listener == nil)
    }

    @Test("what is written behind a lazy proposal comes out with the agreement")
    func lazy() {
        var listener = Multistream(.listener(["/a"]))
        let outputs = listener.step(
            .received(line("/multistream/1.0.0") + line("/a") + [1, 2, 3]))
        #expect(outputs.last == .agreed("/a", rest: [1, 2, 3]))
    }

    @Test("a length of 2^63, of 64 KiB or of nothing ends it")
    func lengths() {
        for bytes in [
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], Varint.encode(65_536), [0],
            [0x81, 0x00], [UInt8](repeating: 0x80, count: 9), Varint.encode(1_025),
        ] as [[UInt8]] {
            var listener = Multistream(.listener(["/a"]))
            #expect(listener.step(.received(bytes)) == [.failed(.line)])
            #expect(listener.step(.received([1])).isEmpty)
        }
    }

    @Test("a line without a newline, or that is no text, ends it")
    func lines() {
        for bytes in [[3, 0x61, 0x62, 0x63], [2, 0xff, 0x0a]] as [[UInt8]] {
            var listener = Multistream(.listener(["/a"]))
            #expect(listener.step(.received(bytes)) == [.failed(.line)])
        }
    }

    @Test("a flood of ls or of unknown protocols ends after sixteen lines")
    func flood() {
        for text in ["ls", "/nothing"] {
            var listener = Multistream(.listener(["/a"]))
            var bytes = line("/multistream/1.0.0")
            for _ in 0..<1_000 { bytes += line(text) }
            let outputs = listener.step(.received(bytes))
            #expect(outputs.last == .failed(.tooMany))
            #expect(outputs.count == 17)
        }
    }

    @Test("another version and an answer that was not asked for end it")
    func wrong() {
        var listener = Multistream(.listener(["/a"]))
        #expect(listener.step(.received(line("/multistream/2.0.0"))) == [.failed(.version)])
        var dialer = Multistream(.dialer(["/a"]))
        _ = dialer.step(.opened)
        let bytes = line("/multistream/1.0.0") + line("/b")
        #expect(dialer.step(.received(bytes)) == [.failed(.unexpected)])
    }

    @Test("random bytes never do harm")
    func random() {
        for seed in 0..<300 as Range<UInt64> {
            var listener = Multistream(.listener(["/a"]))
            for piece in 0..<4 as Range<UInt64> {
                _ = listener.step(.received(noise(200, seed: seed * 4 + piece)))
            }
        }
    }
}
