internal import Ledger
internal import Network
internal import Primitives

/// What callers gave to this node, until it is final or gone: it is spread again from time to time.
///
/// A transaction is spread once by gossip, which forgets. A node that was cut off, or whose peers
/// had no room, would keep it for itself; so whoever admitted it says it again, and nobody else
/// does. Those who have it drop it unread.
struct OwnTransactions: Sendable {
    /// How long one waits before it is spread again.
    static let patience = Duration.seconds(8)
    /// The time between two rounds.
    static let interval = Duration.seconds(1)
    /// How many are spread in one round.
    static let roundCount = 64
    /// How many bytes are spread in one round, unless one transaction has more.
    static let roundBytes = 32 << 10
    /// How many are remembered; what comes beyond is spread only once.
    static let limit = 16_384

    private struct Entry: Sendable {
        let hash: Hash32
        let due: Instant
    }

    /// In the order in which they come due.
    private var entries: [Entry] = []
    private var notBefore = Instant.start

    /// When the next round is due; `nil` if there is nothing to spread.
    var deadline: Instant? { entries.first.map { max($0.due, notBefore) } }

    /// Remembers a transaction that was admitted and spread.
    mutating func add(_ hash: Hash32, at now: Instant) {
        if entries.count < OwnTransactions.limit { append(hash, at: now) }
    }

    private mutating func append(_ hash: Hash32, at now: Instant) {
        entries.append(Entry(hash: hash, due: now.advanced(by: OwnTransactions.patience)))
    }

    /// The bytes of those to be spread now, oldest first.
    ///
    /// What the pool does not hold any more is forgotten. The round is small, so that what cannot
    /// get into a block does not take the place of what can.
    mutating func takeDue(
        at now: Instant, encoding: (Hash32) -> [UInt8]?
    ) -> [[UInt8]] {
        notBefore = now.advanced(by: OwnTransactions.interval)
        var chosen: [[UInt8]] = []
        var bytes = 0
        var passed = 0
        for entry in entries {
            guard entry.due <= now else { break }
            if let encoded = encoding(entry.hash) {
                let isFull =
                    chosen.count == OwnTransactions.roundCount
                    || !chosen.isEmpty && bytes + encoded.count > OwnTransactions.roundBytes
                if isFull { break }
                chosen.append(encoded)
                bytes += encoded.count
                append(entry.hash, at: now)
            }
            passed += 1
        }
        entries.removeFirst(passed)
        return chosen
    }
}

extension Node {
    /// Spreads again what callers gave to this node and what no block has taken up.
    mutating func spreadOwnAgain(at now: Instant) {
        let pool = pool
        let transactions = ownTransactions.takeDue(at: now) { pool.transaction($0)?.encoded }
        guard !transactions.isEmpty else { return }
        tell(
            .publish(transactionTopic, TransactionBundle(transactions: transactions).encoded),
            at: now)
    }
}
