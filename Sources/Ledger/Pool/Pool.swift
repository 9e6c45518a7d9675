import EVM
public import Identifiers
public import Primitives

/// The transactions that wait for a block, within limits.
///
/// For each sender they wait in the order of their nonces; what has a gap before it waits, too, and
/// goes with the others once the gap is closed. When the pool is full, what is worth least goes,
/// from the end of its sender's row, so that no gap comes of it. All that is asked of a
/// transaction is checked against the newest final state.
public struct Pool: Sendable {
    /// What came of taking a transaction in.
    public struct Admission: Hashable, Sendable {
        /// Those that can be executed now and could not before: it, if there is no gap before it,
        /// and those after it that waited for it.
        public let executable: [SignedTransaction]
        /// The one with the same nonce whose place it took.
        public let replaced: Hash32?
        /// Those that had to go to make room.
        public let evicted: [Hash32]
    }

    /// What the pool takes in.
    public let limits: Limits
    /// How many transactions there are.
    public var count: Int { entries.count }
    /// How many bytes they have together.
    public internal(set) var bytes = 0

    let rules: ChainRules
    /// The newest final block.
    var head: Header
    /// The base fee of the next block, where the operator of a development chain set it.
    public var setBaseFee: UInt256?
    var revision: Revision
    var entries: [Hash32: PoolEntry] = [:]
    private(set) var accounts: [Address: PoolAccount] = [:]
    /// How many transactions the next block could take up.
    public private(set) var executableCount = 0
    /// All entries, the one first that is to be put out first; with some that are gone already.
    var cheapest = Heap<PoolEntry> { $0.isCheaper(than: $1) }
    private var arrivals: UInt64 = 0

    /// Creates an empty pool on a chain.
    public init(rules: ChainRules, head: Header, limits: Limits = Limits()) {
        self.rules = rules
        self.limits = limits
        self.head = head
        revision = rules.revision(atNumber: head.number + 1, timestamp: head.timestamp &+ 1)
    }

    /// The transaction with a hash; `nil` if it is not here.
    public func transaction(_ hash: Hash32) -> SignedTransaction? { entries[hash]?.transaction }

    /// Whether a transaction is here.
    public func contains(_ hash: Hash32) -> Bool { entries[hash] != nil }

    /// The nonce that follows what is in the chain and waits without a gap; `nil` for strangers.
    public func nextNonce(of sender: Address) -> UInt64? {
        accounts[sender].map { $0.nonce + UInt64($0.executable) }
    }

    /// What waits of a sender, in the order of nonces, and how many of it can be executed.
    public func transactions(
        of sender: Address
    ) -> (entries: [SignedTransaction], executable: Int) {
        guard let account = accounts[sender] else { return ([], 0) }
        return (account.entries.map(\.transaction), account.executable)
    }

    /// The senders of whom something waits, sorted.
    public var senders: [Address] { accounts.keys.sorted() }

    /// Takes a transaction in, or says why not.
    public mutating func admit(
        _ transaction: SignedTransaction, on state: some StateView
    ) throws(PoolRejection) -> Admission {
        guard entries[transaction.hash] == nil else { throw .alreadyKnown }
        let cost = try check(transaction)
        var account = try account(of: transaction, on: state)
        let replaced = account.entry(transaction.transaction.nonce)
        try check(transaction, cost: cost, in: account, replacing: replaced)
        let evicted = try makeRoom(for: transaction, replacing: replaced)
        let entry = PoolEntry(transaction, cost: cost, arrival: arrivals, block: head.number)
        arrivals += 1
        if let replaced { forget(replaced) }
        account.insert(entry)
        remember(entry)
        // What it frees begins with it; one that takes another's place frees itself alone.
        let start = account.place(of: entry.nonce)
        let last = replaced == nil ? account.executable : min(start + 1, account.executable)
        put(account, of: transaction.sender)
        return Admission(
            executable: account.entries[..<last].dropFirst(start).map(\.transaction),
            replaced: replaced?.transaction.hash, evicted: evicted)
    }

    /// Takes out what a final block holds, and what can no longer be executed after it.
    ///
    /// Only the senders among the accounts that the block changed are looked at again; all are
    /// when other rules begin. Gives those that can be executed now and could not before.
    public mutating func advance(
        to block: Header, changing addresses: some Sequence<Address>, state: some StateView
    ) -> [SignedTransaction] {
        head = block
        let old = revision
        revision = rules.revision(atNumber: head.number + 1, timestamp: head.timestamp &+ 1)
        if revision != old { dropUnfit() }
        let changed = revision == old ? addresses.filter { accounts[$0] != nil } : senders
        var freed: [SignedTransaction] = []
        for sender in changed.sorted() { freed += recheck(sender, state: state) }
        if head.number.isMultiple(of: 64) { expire() }
        return freed
    }

    /// Takes out what the rules of today refuse, whatever the state.
    private mutating func dropUnfit() {
        let unfit = entries.values.filter { (try? check($0.transaction)) == nil }
        for entry in unfit.sorted(by: { $0.arrival < $1.arrival }) {
            remove(entry.transaction.hash)
        }
    }

    /// Looks at one sender's transactions again: those that cannot be executed any more go.
    private mutating func recheck(
        _ sender: Address, state: some StateView
    ) -> [SignedTransaction] {
        guard var account = accounts[sender] else { return [] }
        let last = account.nonce + UInt64(account.executable)
        let stored = state.account(sender)
        account.nonce = stored?.nonce ?? 0
        let isImpersonated = account.entries.first?.transaction.isImpersonated ?? false
        account.balance =
            stored.flatMap { !isImpersonated && isContract($0, state) ? nil : $0.balance } ?? .zero
        while let first = account.entries.first, first.nonce < account.nonce {
            forget(first)
            _ = account.remove(at: 0)
        }
        while let last = account.entries.last, account.cost > account.balance {
            forget(last)
            _ = account.remove(at: account.entries.count - 1)
        }
        put(account, of: sender)
        return account.entries.prefix(account.executable).filter { $0.nonce >= last }
            .map(\.transaction)
    }

    /// Takes a transaction out, and leaves those after it waiting.
    public mutating func remove(_ hash: Hash32) {
        guard let entry = entries[hash], var account = accounts[entry.transaction.sender] else {
            return
        }
        forget(account.remove(at: account.place(of: entry.nonce)))
        put(account, of: entry.transaction.sender)
    }

    /// Keeps what is known of a sender, as long as something waits.
    private mutating func put(_ account: PoolAccount, of sender: Address) {
        executableCount += account.executable - executableCount(of: sender)
        accounts[sender] = account.entries.isEmpty ? nil : account
    }

    private func executableCount(of sender: Address) -> Int { accounts[sender]?.executable ?? 0 }
}
