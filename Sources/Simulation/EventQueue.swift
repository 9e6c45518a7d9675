/// What is yet to happen, in the order of its time; at equal times in the order it was added.
///
/// A binary heap of three words an entry; what happens lies beside it and is not moved.
struct EventQueue {
    private struct Entry {
        let time: UInt64
        let number: UInt64
        let slot: Int

        func isBefore(_ other: Entry) -> Bool {
            time != other.time ? time < other.time : number < other.number
        }
    }

    private var heap: [Entry] = []
    private var events: [Event?] = []
    private var free: [Int] = []
    private var added: UInt64 = 0

    /// How many events wait.
    var count: Int { heap.count }

    /// When the next event happens.
    var nextTime: UInt64? { heap.first?.time }

    /// Adds an event, and returns the slot it lies in until it happens.
    @discardableResult
    mutating func add(_ event: Event, at time: UInt64) -> Int {
        let slot: Int
        if let last = free.popLast() {
            slot = last
            events[slot] = event
        } else {
            slot = events.count
            events.append(event)
        }
        heap.append(Entry(time: time, number: added, slot: slot))
        added += 1
        raise(heap.count - 1)
        return slot
    }

    /// Adds bytes to those of an arrival that still waits.
    mutating func extend(_ slot: Int, by bytes: [UInt8]) {
        guard case .arrived(let link, var all) = events[slot] else { return }
        // Emptied first, so that the bytes have one owner and grow in place.
        events[slot] = nil
        all += bytes
        events[slot] = .arrived(link, all)
    }

    /// Takes the next event out.
    mutating func take() -> (time: UInt64, event: Event)? {
        guard let first = heap.first, let event = events[first.slot] else { return nil }
        events[first.slot] = nil
        free.append(first.slot)
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (first.time, event)
    }

    private mutating func raise(_ start: Int) {
        var index = start
        let entry = heap[index]
        while index > 0 {
            let parent = (index - 1) / 2
            guard entry.isBefore(heap[parent]) else { break }
            heap[index] = heap[parent]
            index = parent
        }
        heap[index] = entry
    }

    private mutating func sink() {
        var index = 0
        let entry = heap[0]
        while true {
            var child = 2 * index + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count && heap[child + 1].isBefore(heap[child]) { child += 1 }
            guard heap[child].isBefore(entry) else { break }
            heap[index] = heap[child]
            index = child
        }
        heap[index] = entry
    }
}
