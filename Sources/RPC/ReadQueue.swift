import Machine

/// Hands readings out so that callers cannot keep all workers from consensus.
///
/// There are two lanes, for quick readings and for slow ones, and each keeps at most one worker
/// busy: a call that runs for a second holds up other such calls, but no look at a balance, and
/// never the block that is being judged on another worker.
struct ReadQueue: Sendable {
    /// A reading that waits for its turn, or has it.
    struct Reading: Sendable {
        let ticket: Ticket
        let calls: [ReadCall]
    }

    private struct Lane: Sendable {
        var busy: Ticket?
        // Taken from the front by index, so that a long queue costs no more than a short one.
        var waiting: [Reading] = []
        var first = 0
    }

    private var quick = Lane()
    private var slow = Lane()

    /// Adds a reading; returned is what may be handed out now.
    mutating func add(_ ticket: Ticket, _ calls: [ReadCall]) -> Reading? {
        let reading = Reading(ticket: ticket, calls: calls)
        let isSlow = calls.contains { $0.isSlow }
        return isSlow ? ReadQueue.add(reading, to: &slow) : ReadQueue.add(reading, to: &quick)
    }

    /// Takes note that a reading is done; returned is the next that may be handed out.
    mutating func finished(_ ticket: Ticket) -> Reading? {
        if quick.busy == ticket { return ReadQueue.next(in: &quick) }
        if slow.busy == ticket { return ReadQueue.next(in: &slow) }
        return nil
    }

    private static func add(_ reading: Reading, to lane: inout Lane) -> Reading? {
        guard lane.busy != nil else {
            lane.busy = reading.ticket
            return reading
        }
        lane.waiting.append(reading)
        return nil
    }

    private static func next(in lane: inout Lane) -> Reading? {
        guard lane.first < lane.waiting.count else {
            lane = Lane()
            return nil
        }
        let reading = lane.waiting[lane.first]
        lane.first += 1
        lane.busy = reading.ticket
        if lane.first >= 64, lane.first * 2 >= lane.waiting.count {
            lane.waiting.removeFirst(lane.first)
            lane.first = 0
        }
        return reading
    }
}

extension ReadCall {
    /// Whether the answer may take long: it runs code, or goes through many blocks.
    var isSlow: Bool {
        switch self {
        case .call, .estimateGas, .feeHistory, .logs: true
        default: false
        }
    }
}
