internal import Identifiers
internal import Machine
internal import Network
internal import Primitives

/// Transactions between the door and the pool: bundles that wait for their senders to be
/// recovered, and what was admitted here and is to be spread.
///
/// While workers are busy bundles gather, so a job holds the more the more there is to do.
struct Intake: Sendable {
    /// Who brought transactions.
    enum Origin: Sendable {
        /// A caller who waits for the answer.
        case caller(Ticket)
        /// A peer, by gossip: the message waits for a verdict.
        case peer(MessageID)
    }

    /// Transactions that came together.
    struct Bundle: Sendable {
        let origin: Origin
        let transactions: [[UInt8]]
    }

    /// How many transactions may wait to be looked at: beyond it the door is shut.
    static let waitingLimit = 8_192
    /// How many may wait before callers are sent away.
    ///
    /// Far fewer: what peers spread was taken in somewhere, and whoever lacks it must recover it
    /// when a block brings it, in haste. So a node with no time left takes in no more of its own.
    static let callerLimit = 2_048
    /// How many transactions one job recovers, unless one bundle has more.
    static let jobSize = 256
    /// How many jobs may be under way.
    static let jobLimit = 2
    /// How many bytes of transactions are spread in one message, unless one has more.
    static let spreadBytes = 64 << 10
    /// How many transactions one message may hold.
    static let spreadCount = 1_024
    /// How often admitted transactions are spread: the first at once, those that follow together.
    static let spreadInterval = Duration.milliseconds(40)

    private var waiting: [Bundle] = []
    private var waitingCount = 0
    private var underWay = 0
    private var outgoing: [[UInt8]] = []
    private var outgoingBytes = 0
    private var nextSpread = Instant.start

    /// When what was admitted is to be spread.
    private(set) var deadline: Instant?

    /// Takes a bundle in; false if the door is shut.
    mutating func add(_ bundle: Bundle) -> Bool {
        let limit =
            switch bundle.origin {
            case .caller: Intake.callerLimit
            case .peer: Intake.waitingLimit
            }
        guard waitingCount + bundle.transactions.count <= limit else { return false }
        waiting.append(bundle)
        waitingCount += bundle.transactions.count
        return true
    }

    /// The bundles for a further job, if one may start.
    mutating func next() -> [Bundle]? {
        guard underWay < Intake.jobLimit, !waiting.isEmpty else { return nil }
        var count = 0
        let bundles = waiting.prefix { bundle in
            defer { count += bundle.transactions.count }
            return count == 0 || count + bundle.transactions.count <= Intake.jobSize
        }
        let chosen = Array(bundles)
        waiting.removeFirst(chosen.count)
        waitingCount -= chosen.reduce(0) { $0 + $1.transactions.count }
        underWay += 1
        return chosen
    }

    /// Notes that a job is done.
    mutating func finished() { underWay -= 1 }

    /// Keeps a transaction to be spread; true if it should be done now.
    mutating func spread(_ bytes: [UInt8], at now: Instant) -> Bool {
        outgoing.append(bytes)
        outgoingBytes += bytes.count
        if deadline == nil { deadline = max(now, nextSpread) }
        return outgoingBytes >= Intake.spreadBytes || outgoing.count >= Intake.spreadCount
    }

    /// All that is to be spread.
    mutating func takeOutgoing(at now: Instant) -> [[UInt8]] {
        defer {
            nextSpread = now.advanced(by: Intake.spreadInterval)
            outgoing = []
            outgoingBytes = 0
            deadline = nil
        }
        return outgoing
    }
}
