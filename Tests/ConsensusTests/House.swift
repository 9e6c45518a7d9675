import Consensus
import Crypto
import Machine
import Primitives

/// One node's place: its machine, log, clock and ledger.
struct House {
    struct Writing {
        let bytes: [UInt8]
        let isReplacement: Bool
    }

    let id: Int
    let index: Int?
    var isHonest = true
    var machine: Consensus?
    var liar: Liar?
    var life = 0
    var alarm = 0
    var born: UInt64 = 0
    /// How fast its clock goes, in permille.
    var rate: UInt64 = 1000
    var log: [UInt8] = []
    var writing: Writing?
    var writes = 0
    /// What the ledger has on disk, from height 1.
    var chain: [(record: [UInt8], value: [UInt8])] = []
    /// What is final but not on disk yet.
    var overlay: [(record: [UInt8], value: [UInt8])] = []
    /// The values whose post-states are in memory.
    var states: Set<Hash32> = []
    /// The last final value.
    var tip: Hash32?

    init(id: Int, index: Int?) {
        self.id = id
        self.index = index
    }

    var height: Int { chain.count + overlay.count }

    func clock(_ time: UInt64) -> Instant { Instant(nanoseconds: time * rate / 1000) }

    func trueTime(_ instant: Instant) -> UInt64 { (instant.nanoseconds * 1000 + rate - 1) / rate }

    mutating func restart() {
        overlay = []
        states = []
        tip = chain.last.map { keccak256($0.value) }
        writing = nil
    }

    mutating func judge(_ judgement: Consensus.Judgement) throws -> Consensus.Verdict {
        let isGenesis = judgement.height == 1
        let isKnown =
            states.contains(judgement.parentValue) || tip == judgement.parentValue || isGenesis
        guard isKnown else { throw Broken.rule("judged without the parent's state") }
        let verdict = DummyLedger.judge(judgement)
        if verdict == .valid { states.insert(judgement.value.hash) }
        return verdict
    }

    mutating func finalize(_ final: Consensus.Finalized) throws {
        guard final.block.height == UInt64(height + 1) else {
            throw Broken.rule("final out of order: \(final.block.height) after \(height)")
        }
        guard states.contains(final.value.hash) else { throw Broken.rule("final unjudged") }
        let parent = Array(final.value.bytes.prefix(32))
        if let tip, tip.bytes != parent { throw Broken.rule("final without its parent") }
        tip = final.value.hash
        overlay.append((final.block.encoded, final.value.bytes))
    }

    mutating func persist(_ height: UInt64) {
        while chain.count < Int(height), !overlay.isEmpty { chain.append(overlay.removeFirst()) }
    }

    func recall(_ height: UInt64, _ count: Int, _ bytes: Int) -> [Consensus.Recalled] {
        guard height > 0, height <= UInt64(chain.count) else { return [] }
        var sum = 0
        return chain[(Int(height) - 1)...].prefix(count).map { record, value in
            defer { sum += value.count }
            return .init(record: record, value: sum == 0 || sum < bytes ? value : nil)
        }
    }
}

/// A ledger whose values are their parent's hash, their commitment and some salt.
enum DummyLedger {
    static func build(_ order: Consensus.Build, salt: UInt64, isGood: Bool = true) -> Value {
        value(parent: order.parentValue, order.commitment, salt: salt, isGood: isGood)
    }

    static func value(
        parent: Hash32, _ commitment: Hash32, salt: UInt64, isGood: Bool = true
    ) -> Value {
        let bytes =
            parent.bytes + commitment.bytes
            + (0..<8).map { UInt8(truncatingIfNeeded: salt >> ($0 * 8)) }
            + [isGood ? 1 : 0]
        return Value(hash: keccak256(bytes), bytes: bytes)
    }

    static func judge(_ judgement: Consensus.Judgement) -> Consensus.Verdict {
        let bytes = judgement.value.bytes
        guard keccak256(bytes) == judgement.value.hash, bytes.count == 73,
            Array(bytes[32..<64]) == judgement.commitment.bytes
        else { return .mismatched }
        guard Array(bytes[..<32]) == judgement.parentValue.bytes, bytes[72] == 1 else {
            return .invalid
        }
        return .valid
    }
}

/// What happens in a village.
enum Event {
    case boot(Int)
    case crash(Int)
    case split
    case heal
    case message(Int, [UInt8], Int)
    case input(Int, Int, Consensus.Input)
    case written(Int, Int, Ticket)
    case committed(Int, Int, UInt64)
    case wake(Int, Int, Int)
}

/// Events in order of time, and of arrival where times are equal: a binary heap.
struct EventQueue {
    private var heap: [(time: UInt64, number: UInt64, event: Event)] = []
    private var count: UInt64 = 0

    mutating func push(_ time: UInt64, _ event: Event) {
        count += 1
        heap.append((time, count, event))
        var child = heap.count - 1
        while child > 0, isBefore(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> (time: UInt64, event: Event)? {
        guard let first = heap.first else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && isBefore(child, least) { least = child }
            guard least != parent else { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return (first.time, first.event)
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        (heap[left].time, heap[left].number) < (heap[right].time, heap[right].number)
    }
}
