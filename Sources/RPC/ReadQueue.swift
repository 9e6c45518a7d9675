import Machine

/// Hands readings out so that callers cannot keep all workers from consensus.
///
/// There are two lanes, for quick readings and for slow ones. Slow calls run one at a time; of the
/// quick ones so many are out that the loop's own pace does not hold them up, and so few that they
/// are done before a block would have to wait for long.
struct ReadQueue: Sendable {
    /// A reading that waits for its turn, or has it.
    struct Reading: Sendable {
        let ticket: Ticket
        let calls: [ReadCall]
    }

    private var quick = ReadLane(limit: RPCLimits.quickCallsAtOnce)
    private var slow = ReadLane(limit: 1)

    /// Adds a reading; returned are those that may be handed out now.
    mutating func add(_ ticket: Ticket, _ calls: [ReadCall]) -> [Reading] {
        let reading = Reading(ticket: ticket, calls: calls)
        guard calls.contains(where: \.isSlow) else { return quick.add(reading) }
        return slow.add(reading)
    }

    /// Takes note that a reading is done; returned are those that may be handed out now.
    mutating func finished(_ ticket: Ticket) -> [Reading] {
        quick.finished(ticket) + slow.finished(ticket)
    }
}

/// Readings of one sort: some on workers, the others waiting in their order.
private struct ReadLane: Sendable {
    /// How many calls may be on workers at once; a reading of more has them to itself.
    let limit: Int
    private var out: [Ticket: Int] = [:]
    private var callsOut = 0
    // Taken from the front by index, so that a long queue costs no more than a short one.
    private var waiting: [ReadQueue.Reading] = []
    private var first = 0

    init(limit: Int) {
        self.limit = limit
    }

    mutating func add(_ reading: ReadQueue.Reading) -> [ReadQueue.Reading] {
        waiting.append(reading)
        return next()
    }

    mutating func finished(_ ticket: Ticket) -> [ReadQueue.Reading] {
        guard let count = out.removeValue(forKey: ticket) else { return [] }
        callsOut -= count
        return next()
    }

    private mutating func next() -> [ReadQueue.Reading] {
        var readings: [ReadQueue.Reading] = []
        while first < waiting.count {
            let reading = waiting[first]
            guard callsOut == 0 || callsOut + reading.calls.count <= limit else { break }
            first += 1
            out[reading.ticket] = reading.calls.count
            callsOut += reading.calls.count
            readings.append(reading)
        }
        if first == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            first = 0
        } else if first >= 64, first * 2 >= waiting.count {
            waiting.removeFirst(first)
            first = 0
        }
        return readings
    }
}

extension ReadCall {
    /// Whether the answer may take long: it runs code, or goes through many blocks.
    var isSlow: Bool {
        switch self {
        case .call, .estimateGas, .feeHistory, .logs, .accessList, .imagine, .trace, .traceBlock,
            .traceCall, .build, .parity, .query, .changedAccounts:
            true
        default: false
        }
    }
}
