public import Machine
public import Primitives

/// Follows the chain with the index: asks where it ends, and has it written on from there.
///
/// It draws what it needs from the chain, one batch at a time. So it holds nothing back, catches up by
/// itself after a crash or the loss of its file, and falls behind rather than take memory. What a
/// development chain takes back it takes out again.
public struct Indexer: Machine {
    /// What can happen.
    public enum Input: Sendable {
        /// The chain's newest final block is this.
        case headed(IndexPoint)
        /// What came of the statements that were asked for.
        case found(Found)
        /// The file was found damaged by another's question, and is empty now.
        case lost(String)
        /// What was read of the chain.
        case read(IndexBatch.Reading)
        /// The newest of the points that the chain has, too.
        case compared(IndexPoint?)
    }

    /// What it asks of the node.
    public enum Output: Sendable {
        /// Ask the index.
        case look([Statement])
        /// Change the index.
        case change([Statement])
        /// Read the chain on: `IndexBatch.read`.
        case read(after: IndexPoint?)
        /// Find the newest point that the chain has, too: `IndexBatch.common`.
        case compare([IndexPoint])
        /// Something that the operator may want to know.
        case emit(Event)
    }

    /// What it tells.
    public enum Event: Hashable, Sendable {
        /// The index is open, and ends there.
        case opened(IndexPoint?)
        /// Blocks are missing: it is at one of so many.
        case catchingUp(UInt64, of: UInt64)
        /// It has all blocks again.
        case caughtUp(UInt64)
        /// Blocks were taken out, up to this one.
        case wentBack(IndexPoint?)
        /// The file was damaged; it is made again.
        case lost(String)
        /// The file cannot be used now.
        case failed(String)
    }

    private enum Stage: Sendable {
        case closed, asking, idle, reading, comparing
        case writing(IndexPoint)
        case searching(below: UInt64)
        case removing(IndexPoint?)
        case resting(until: Instant)
    }

    /// Where the index ends; `nil` if it is empty.
    public private(set) var point: IndexPoint?
    /// The chain's newest block.
    public private(set) var head: IndexPoint?
    /// Why the index cannot be used; `nil` while it can.
    public private(set) var failure: String?
    private var stage = Stage.closed
    /// When it told last how far it is behind.
    private var told: Instant?
    private var pages: [IndexPoint] = []

    /// How long it waits after a failure.
    static let rest = Duration.seconds(5)
    /// It is behind when so many blocks are missing.
    static let slack: UInt64 = 256

    /// Creates one that knows nothing yet.
    public init() {}

    /// When it tries again after a failure.
    public var deadline: Instant? {
        if case .resting(let end) = stage { end } else { nil }
    }

    /// Takes one input in.
    public mutating func handle(
        _ input: Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        switch input {
        case .headed(let head):
            self.head = head
            if case .closed = stage { ask(into: &outputs) }
        case .found(let found): take(found, at: now, into: &outputs)
        case .lost(let reason):
            point = nil
            outputs.append(.emit(.lost(reason)))
            // What is under way fails, for its blocks do not follow: then it asks anew.
            if case .idle = stage { ask(into: &outputs) }
        case .read(.rows(let batch)):
            stage = .writing(batch.last)
            outputs.append(.change(batch.statements))
        case .read(.forked): search(below: (point?.number ?? 0), into: &outputs)
        case .read(.none):
            // What is missing is on its way: the next head asks again.
            stage = .idle
            return
        case .compared(let common): compared(common, into: &outputs)
        }
        advance(at: now, into: &outputs)
    }

    /// Tries again after a failure.
    public mutating func wake(at now: Instant, into outputs: inout Outbox<Output>) {
        guard let deadline, deadline <= now else { return }
        ask(into: &outputs)
    }

    private mutating func ask(into outputs: inout Outbox<Output>) {
        stage = .asking
        outputs.append(.look([IndexSchema.newest]))
    }

    private mutating func advance(at now: Instant, into outputs: inout Outbox<Output>) {
        guard case .idle = stage, let head, head != point else { return }
        tell(head, at: now, into: &outputs)
        stage = .reading
        outputs.append(.read(after: point))
    }

    /// Tells every ten seconds how far it is behind.
    private mutating func tell(
        _ head: IndexPoint, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        let number = point?.number ?? 0
        guard head.number > number, head.number - number > Self.slack else {
            if told != nil { outputs.append(.emit(.caughtUp(number))) }
            told = nil
            return
        }
        if let told, told.duration(to: now) < .seconds(10) { return }
        told = now
        outputs.append(.emit(.catchingUp(number, of: head.number)))
    }

    private mutating func take(
        _ found: Found, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        switch found {
        case .rows(let rows): take(rows.first ?? [], into: &outputs)
        case .lost(let reason):
            point = nil
            outputs.append(.emit(.lost(reason)))
            stage = .resting(until: now)
        case .failed(let reason):
            if failure != reason { outputs.append(.emit(.failed(reason))) }
            failure = reason
            stage = .resting(until: now.advanced(by: Self.rest))
        case .tooLong: stage = .resting(until: now.advanced(by: Self.rest))
        }
    }

    private mutating func take(_ rows: [[Cell]], into outputs: inout Outbox<Output>) {
        failure = nil
        switch stage {
        case .asking:
            point = rows.first.flatMap { IndexPoint($0) }
            stage = .idle
            outputs.append(.emit(.opened(point)))
        case .writing(let point):
            self.point = point
            stage = .idle
        case .searching:
            pages = rows.compactMap { IndexPoint($0) }
            stage = .comparing
            outputs.append(.compare(pages))
        case .removing(let point):
            self.point = point
            stage = .idle
            outputs.append(.emit(.wentBack(point)))
        case .closed, .idle, .reading, .comparing, .resting: break
        }
    }

    private mutating func search(below number: UInt64, into outputs: inout Outbox<Output>) {
        stage = .searching(below: number)
        outputs.append(.look([IndexSchema.blocks(before: number)]))
    }

    private mutating func compared(_ common: IndexPoint?, into outputs: inout Outbox<Output>) {
        if common == nil, let oldest = pages.last, oldest.number > 0 {
            return search(below: oldest.number, into: &outputs)
        }
        pages = []
        stage = .removing(common)
        outputs.append(
            .change(IndexSchema.removal(from: common.map { $0.number + 1 } ?? 0)))
    }
}
