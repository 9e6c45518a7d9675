import Machine
import Primitives

/// Writes the log in groups, and holds back whatever must not leave before it is on disk (W1).
///
/// Records of one step go out together. While one append is under way the next gathers, so a
/// slow disk makes larger groups, not a longer queue, and a crash tears one frame at most.
struct Journal: Sendable {
    private var gathered: [LogRecord] = []
    /// The append or replacement under way.
    private var pending: Ticket?
    private var held: [(group: UInt64, output: Consensus.Output)] = []
    /// The group that gathers now; the one before is under way or done.
    private var group: UInt64 = 1
    private var tickets: UInt64 = 0
    private var check: UInt64 = 0
    private let isVolatile: Bool
    /// How long the log is.
    private(set) var size = 0

    init(fault: Fault?) {
        isVolatile = fault == .volatileVotes
    }

    /// Adds a record to the group that gathers.
    mutating func record(_ record: LogRecord) {
        gathered.append(record)
    }

    /// Lets an output go once everything recorded so far is on disk.
    mutating func hold(_ output: Consensus.Output, into ready: inout [Consensus.Output]) {
        if isVolatile || gathered.isEmpty && pending == nil {
            ready.append(output)
        } else {
            held.append((gathered.isEmpty ? group - 1 : group, output))
        }
    }

    /// Whether an append can start now.
    var isIdle: Bool { pending == nil }

    /// Starts to write what has gathered, unless an earlier append is under way.
    mutating func flush(into ready: inout [Consensus.Output]) {
        guard pending == nil, !gathered.isEmpty else { return }
        let frame = WAL.frame(gathered, after: check)
        check = frame.check
        size += frame.bytes.count
        ready.append(.append(begin(), frame.bytes))
    }

    /// Starts to write a new log of these records in the place of the old one.
    mutating func replace(with records: [LogRecord], into ready: inout [Consensus.Output]) {
        let frame = WAL.frame(records, after: 0)
        check = frame.check
        size = frame.bytes.count
        ready.append(.replace(begin(), frame.bytes))
    }

    /// Lets go what waited for this append.
    mutating func persisted(_ ticket: Ticket, into ready: inout [Consensus.Output]) {
        guard ticket == pending else { return }
        pending = nil
        let free = held.prefix { $0.group < group }
        ready += free.map(\.output)
        held.removeFirst(free.count)
    }

    private mutating func begin() -> Ticket {
        gathered = []
        group += 1
        let ticket = ticket()
        pending = ticket
        return ticket
    }

    /// Draws a ticket.
    mutating func ticket() -> Ticket {
        tickets += 1
        return Ticket(tickets)
    }
}
