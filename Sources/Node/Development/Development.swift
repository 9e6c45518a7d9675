internal import Identifiers
internal import Ledger
internal import Machine
internal import Primitives
internal import RPC

/// What a development chain has besides what every chain has (docs/decisions/0009).
///
/// Its one rule: blocks, and what the operator asks for, come one after the other. Nothing begins
/// before what went before it is on disk.
struct Development: Sendable {
    /// Blocks that were asked for.
    struct Mining: Sendable {
        /// How many are still to be made.
        var left: UInt64
        /// How many seconds each is after the one before; `nil` by the clock.
        let step: UInt64?
        /// Who waits for the last of them.
        let ticket: Ticket?
    }

    /// What is done once a commit is on disk.
    enum Completion: Sendable {
        /// Nothing.
        case none
        /// The pool looks at accounts again.
        case changed([Address])
        /// The chain is opened again, as it was then.
        case reverted(DevelopmentRecord.Snapshot)
        /// The chain is opened again, without its newest blocks.
        case rolledBack
        /// The new chain is opened.
        case reset
    }

    /// The genesis file's chain, which a reset begins anew under another name.
    let first: Genesis
    /// What the operator has set.
    var record: DevelopmentRecord
    /// What the operator asked for, in order.
    var orders: [(ticket: Ticket, call: DevelopmentCall)] = []
    /// Blocks that were asked for.
    var mining: Mining?
    /// The commit under way.
    var commit: (ticket: Ticket, completion: Completion, caller: Ticket, reply: Reply)?
    /// Who waits for a transaction to be in a block.
    var callers: [(hash: Hash32, ticket: Ticket)] = []
    /// Whether consensus was told that there is something for a block.
    var isAsking = false
    /// The transaction that the block under way is for.
    var candidate: Hash32?
    /// When the next block is due that nobody asked for.
    var nextBlock: Instant?
    /// What filters had kept at a snapshot.
    var kept: [UInt64: Dispatcher.Kept] = [:]

    /// What waited in the pool at the snapshot that is being gone back to.
    var returning: [SignedTransaction] = []

    /// How many orders may wait.
    static let orderLimit = 1_024
    /// How many snapshots there may be; the oldest is forgotten for one more.
    static let snapshotLimit = 256
    /// How many commits can be taken back where there is no snapshot.
    static let undoLimit: UInt64 = 128
    /// Whether what contracts say is shown.
    var showsConsole = true
    /// How many blocks may be asked for at once.
    static let blockLimit: UInt64 = 65_536

    init(first: Genesis, record: DevelopmentRecord) {
        self.first = first
        self.record = record
    }

    /// Takes out who waits for a transaction.
    mutating func takeCallers(of hash: Hash32) -> [Ticket] {
        let found = callers.filter { $0.hash == hash }
        callers.removeAll { $0.hash == hash }
        return found.map(\.ticket)
    }
}

extension Genesis {
    /// The chain that a development chain becomes when it begins anew so many times.
    ///
    /// It has another first block, and another number: nothing that was signed for the chain of
    /// before counts on it, and wallets know it for another one.
    func renewed(_ times: UInt64) -> Genesis {
        guard times > 0 else { return self }
        var rules = rules
        rules.chainID &+= times
        var header = header
        header.extraData = Array("martlet reset \(times)".utf8)
        return Genesis(
            rules: rules, header: header, accounts: accounts, validators: validators,
            blockIntervalMilliseconds: blockIntervalMilliseconds,
            idleIntervalMilliseconds: idleIntervalMilliseconds)
    }
}
