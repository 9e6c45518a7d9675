internal import Machine
internal import Primitives

extension Yamux {
    /// Reads frames; data is handed on as it comes.
    mutating func receive(
        _ bytes: [UInt8], at now: Instant, _ output: inout [UInt8],
        into outputs: inout Outbox<Output>
    ) throws(Failure) {
        inflow.feed(bytes)
        while inflow.count > 0 {
            if let frame = current {
                let count = min(frame.left, inflow.count)
                let piece = inflow.take(count)
                current?.left -= count
                if count == frame.left { current = nil }
                hand(piece, frame.stream, at: now, &output, into: &outputs)
                if current == nil, frame.isLast { end(frame.stream, into: &outputs) }
                continue
            }
            guard inflow.count >= Header.size else { return }
            let header = try Header(inflow.bytes, at: inflow.cursor)
            inflow.skip(Header.size)
            switch header.kind {
            case .data: try read(data: header, at: now, &output, into: &outputs)
            case .window: try read(window: header, at: now, &output, into: &outputs)
            case .ping:
                guard pings.spend(at: now) else { throw .flood }
                if header.flags.contains(.syn) {
                    output += Header(.ping, .ack, 0, header.length)
                }
            case .goAway: outputs.append(.left(header.length))
            }
        }
    }

    private mutating func hand(
        _ piece: [UInt8], _ id: UInt32, at now: Instant, _ output: inout [UInt8],
        into outputs: inout Outbox<Output>
    ) {
        // Data for a stream that we ended may still be under way; it is dropped.
        guard streams[id] != nil else { return }
        outputs.append(.received(id, piece))
        streams[id]?.use(UInt32(piece.count), id, at: now, into: &output)
    }

    private mutating func end(_ id: UInt32, into outputs: inout Outbox<Output>) {
        guard let stream = streams[id], !stream.isFinished else { return }
        streams[id]?.isFinished = true
        outputs.append(.finished(id))
        forgetIfDone(id)
    }

    /// Opens, refuses or ends the stream that a frame is for; `false` if it is not there.
    private mutating func admit(
        _ header: Header, at now: Instant, _ output: inout [UInt8],
        into outputs: inout Outbox<Output>
    ) throws(Failure) -> Bool {
        let id = header.stream
        if header.flags.contains(.syn) {
            if try admit(id, at: now) {
                outputs.append(.opened(id))
            } else {
                output += Header(.window, .rst, id, 0)
            }
        } else if streams[id] == nil {
            guard id != 0, wasOpened(id) else { throw .unknown(id) }
        }
        if header.flags.contains(.rst), streams[id] != nil {
            forget(id)
            outputs.append(.reset(id))
        }
        return streams[id] != nil
    }

    private mutating func read(
        data header: Header, at now: Instant, _ output: inout [UInt8],
        into outputs: inout Outbox<Output>
    ) throws(Failure) {
        let id = header.stream
        let isThere = try admit(header, at: now, &output, into: &outputs)
        let isLast = header.flags.contains(.fin)
        if isThere {
            guard let window = streams[id]?.receiveWindow, window >= header.length,
                header.length == 0 || streams[id]?.isFinished == false
            else { throw .window(id) }
            streams[id]?.receiveWindow -= header.length
        } else {
            // What was sent before our reset arrived fits the window that was open.
            guard header.length <= Limits.window else { throw .window(id) }
        }
        if header.length > 0 {
            current = (id, Int(header.length), isLast)
        } else if isLast {
            end(id, into: &outputs)
        }
    }

    private mutating func read(
        window header: Header, at now: Instant, _ output: inout [UInt8],
        into outputs: inout Outbox<Output>
    ) throws(Failure) {
        guard try admit(header, at: now, &output, into: &outputs) else { return }
        try widen(header.stream, by: header.length, &output)
        if header.flags.contains(.fin) { end(header.stream, into: &outputs) }
    }
}
