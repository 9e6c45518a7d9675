public import Machine
public import Primitives

/// Carries many streams over one connection, each with its own flow control (yamux 1.0.0).
///
/// What arrives is handed on at once, and room is given back as it is: so the memory of a stream
/// is what its reader keeps, and a frame is never held back until it is whole.
public struct Yamux: Machine {
    /// What can happen.
    public enum Input: Sendable {
        /// Bytes arrived.
        case received([UInt8])
        /// Bytes are to go out on a stream.
        case write(UInt32, [UInt8])
        /// We have no more to say on a stream.
        case finish(UInt32)
        /// A stream is to end at once.
        case reset(UInt32)
        /// No more streams are to be opened; the connection is about to end.
        case leave
    }

    /// What it asks for.
    public enum Output: Hashable, Sendable {
        /// Write bytes.
        case send([UInt8])
        /// The other side opened a stream.
        case opened(UInt32)
        /// Bytes arrived on a stream.
        case received(UInt32, [UInt8])
        /// The other side has no more to say on a stream.
        case finished(UInt32)
        /// A stream ended at once.
        case reset(UInt32)
        /// The other side is about to end the connection, for this reason.
        case left(UInt32)
        /// The other side broke the protocol.
        case failed(Failure)
    }

    /// What the other side did wrong.
    public enum Failure: Error, Hashable {
        /// The version is not zero.
        case version(UInt8)
        /// The kind of frame is not known.
        case kind(UInt8)
        /// A stream was opened with a number that is not the other side's to give, or used.
        case identifier(UInt32)
        /// A frame is for a stream that was never opened.
        case unknown(UInt32)
        /// There was more data than there was room.
        case window(UInt32)
        /// The room we were given is greater than can be counted.
        case overflow(UInt32)
        /// Cheap acts came too often.
        case flood
    }

    private let isClient: Bool
    var streams: [UInt32: Stream] = [:]
    var inflow = Inflow()
    /// The frame whose data is still arriving.
    var current: (stream: UInt32, left: Int, isLast: Bool)?
    private var nextID: UInt32
    private var highest: UInt32 = 0
    private var skipped: [UInt32] = []
    private(set) var inboundCount = 0
    private(set) var outboundCount = 0
    var opens: Budget
    var pings: Budget
    private(set) var isLeaving = false
    var hasFailed = false

    /// How many bytes wait until the other side gives room.
    public private(set) var backlog = 0

    /// How many bytes had waited for room, and have gone out since.
    public private(set) var released: UInt64 = 0

    /// Creates one side; the client is who dialled.
    public init(isClient: Bool, at now: Instant) {
        self.isClient = isClient
        nextID = isClient ? 1 : 2
        opens = Budget(burst: Limits.burst, rate: Limits.rate, at: now)
        pings = Budget(burst: Limits.burst, rate: Limits.rate, at: now)
    }

    /// Always `nil`: the owner of the connection keeps its time.
    public var deadline: Instant? { nil }

    /// Opens a stream, which the other side learns with the first bytes; `nil` if there are enough.
    public mutating func open(at now: Instant) -> UInt32? {
        guard !isLeaving, !hasFailed, outboundCount < Limits.outbound, nextID < .max - 2 else {
            return nil
        }
        let id = nextID
        nextID += 2
        streams[id] = Stream(owed: .syn, at: now)
        outboundCount += 1
        return id
    }

    /// Takes one input in.
    public mutating func handle(
        _ input: Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        guard !hasFailed else { return }
        var output: [UInt8] = []
        do {
            switch input {
            case .received(let bytes): try receive(bytes, at: now, &output, into: &outputs)
            case .write(let id, let bytes): write(bytes, on: id, &output)
            case .finish(let id): finish(id, &output)
            case .reset(let id):
                if let stream = streams[id] {
                    // A stream of which the other side never heard needs no end.
                    if !stream.owed.contains(.syn) {
                        output += Header(.window, stream.owed.union(.rst), id, 0)
                    }
                    forget(id)
                }
            case .leave:
                isLeaving = true
                output += Header(.goAway, [], 0, 0)
            }
        } catch {
            hasFailed = true
            output += Header(.goAway, [], 0, 1)
            outputs.append(.failed(error))
        }
        if !output.isEmpty { outputs.append(.send(output)) }
    }

    /// Does nothing: no deadline is ever set.
    public mutating func wake(at now: Instant, into outputs: inout Outbox<Output>) {}

    /// Whether a number belongs to streams that we open.
    func isOurs(_ id: UInt32) -> Bool { (id % 2 == 1) == isClient }

    /// Whether a stream with this number was there, and is gone.
    func wasOpened(_ id: UInt32) -> Bool {
        isOurs(id) ? id < nextID : id <= highest && !skipped.contains(id)
    }

    /// Lets the other side open a stream; `false` if it is refused.
    mutating func admit(_ id: UInt32, at now: Instant) throws(Failure) -> Bool {
        guard id != 0, !isOurs(id), streams[id] == nil else { throw .identifier(id) }
        if id > highest {
            // Numbers are given in order, but may be sent a little out of it.
            let first = highest == 0 ? (isClient ? 2 : 1) : highest + 2
            let jumped = id > first ? min(Int(id - first) / 2, Limits.skipped) : 0
            for step in 0..<jumped { skipped.append(id - 2 * UInt32(step + 1)) }
            if skipped.count > Limits.skipped {
                skipped.removeFirst(skipped.count - Limits.skipped)
            }
            highest = id
        } else {
            guard let index = skipped.firstIndex(of: id) else { throw .identifier(id) }
            skipped.remove(at: index)
        }
        guard opens.spend(at: now) else { throw .flood }
        guard inboundCount < Limits.inbound, !isLeaving else { return false }
        streams[id] = Stream(owed: .ack, at: now)
        inboundCount += 1
        return true
    }

    /// Takes a stream out.
    mutating func forget(_ id: UInt32) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        backlog -= stream.pending.count
        if isOurs(id) { outboundCount -= 1 } else { inboundCount -= 1 }
    }

    /// Takes a stream out when both sides have no more to say.
    mutating func forgetIfDone(_ id: UInt32) {
        if let stream = streams[id], stream.hasFinished, stream.isFinished { forget(id) }
    }

    /// Gives a stream room to send, and sends.
    mutating func widen(
        _ id: UInt32, by delta: UInt32, _ output: inout [UInt8]
    ) throws(Failure) {
        guard let (sum, overflow) = streams[id]?.sendWindow.addingReportingOverflow(delta) else {
            return
        }
        guard !overflow else { throw .overflow(id) }
        streams[id]?.sendWindow = sum
        let before = streams[id]?.pending.count ?? 0
        streams[id]?.flush(id, into: &output)
        let count = before - (streams[id]?.pending.count ?? 0)
        backlog -= count
        released += UInt64(count)
        forgetIfDone(id)
    }

    private mutating func write(_ bytes: [UInt8], on id: UInt32, _ output: inout [UInt8]) {
        guard !bytes.isEmpty, let stream = streams[id], !stream.isFinishing else { return }
        // Most often there is room, and the bytes need not be kept.
        if stream.pending.count == 0, bytes.count <= min(Int(stream.sendWindow), Limits.frame) {
            let owed = streams[id]?.takeOwed() ?? []
            streams[id]?.sendWindow -= UInt32(bytes.count)
            output.reserveCapacity(bytes.count + Header.size)
            output += Header(.data, owed, id, UInt32(bytes.count))
            output += bytes
            return
        }
        let before = stream.pending.count
        streams[id]?.pending.feed(bytes)
        streams[id]?.flush(id, into: &output)
        backlog += (streams[id]?.pending.count ?? 0) - before
    }

    private mutating func finish(_ id: UInt32, _ output: inout [UInt8]) {
        guard let stream = streams[id], !stream.isFinishing else { return }
        streams[id]?.isFinishing = true
        streams[id]?.flush(id, into: &output)
        forgetIfDone(id)
    }
}
