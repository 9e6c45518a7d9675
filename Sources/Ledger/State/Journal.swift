public import EVM
import Identifiers
public import Primitives

/// The state as the transactions of one block change it, one after another.
///
/// It reads through a view, keeps what it read and wrote, can take back anything since a
/// checkpoint within a transaction, and answers at the end with the difference. Accounts and slots
/// live in arrays and are found by a dictionary once per use; a transaction's marks (warm, created,
/// touched) carry its number, so that the next begins with none without clearing any.
public final class Journal {
    /// One account that was looked at.
    struct Entry {
        let address: Address
        /// What the view holds.
        let initial: Account?
        /// What it is now; meaningless if it is not there.
        var account: Account
        /// Whether it is there.
        var exists: Bool
        /// Its code, once it was asked for.
        var code: Code?
        /// Whether none of the view's storage of it holds any more.
        var storageCleared = false
        /// The transaction that last warmed it, created it, destroyed it, touched it.
        var warmIn = 0, createdIn = 0, destroyedIn = 0, touchedIn = 0
    }

    /// The name of a transient slot.
    struct SlotName: Hashable {
        let owner: Int
        let key: UInt256
    }

    /// One thing that changed, with what it was before.
    enum Change {
        case account(Int, Account, exists: Bool)
        case code(Int, Code?)
        case slot(Int, UInt256)
        case transient(SlotName, UInt256)
        case warmAccount(Int)
        case warmSlot(Int)
        case created(Int, before: Int)
        case destroyed(Int)
        case touched(Int)
    }

    /// The rules.
    public let revision: Revision
    /// What the transaction noted so far.
    public internal(set) var logs: [Log] = []
    /// What clearing storage gives back to the transaction.
    public internal(set) var refund: Int64 = 0

    /// Who writes down what is looked at; `nil` where the rules do not ask for it.
    let recorder: AccessRecorder?
    let view: any StateView
    private let hashOfBlock: (UInt64) -> Hash32
    var entries: [Entry] = []
    private var indexes: [Address: Int] = [:]
    var table = SlotTable()
    /// The slot that is about to be written.
    var prepared = -1
    private var codes: [Hash32: Code] = [:]
    private let noCode = Code.empty
    var transient: [SlotName: UInt256] = [:]
    var changes: [Change] = []
    /// The number of the transaction that runs; the first is 1.
    var transaction = 1
    /// The account looked at last: most questions come in runs about the same one.
    private var last = (address: Address.zero, index: -1)

    /// Creates a journal over a view.
    public init(
        view: any StateView, revision: Revision,
        blockHash: @escaping (UInt64) -> Hash32 = { _ in .zero }
    ) {
        self.view = view
        self.revision = revision
        recorder = revision >= .amsterdam ? AccessRecorder() : nil
        hashOfBlock = blockHash
    }

    /// Where an account stands, which is read from the view if it was not before.
    func index(_ address: Address) -> Int {
        if last.index >= 0, last.address == address { return last.index }
        let index = indexes[address] ?? enter(address)
        last = (address, index)
        return index
    }

    /// Where an account stands that is looked at.
    func seen(_ address: Address) -> Int {
        let index = index(address)
        recorder?.see(index)
        return index
    }

    private func enter(_ address: Address) -> Int {
        let initial = view.account(address)
        entries.append(
            Entry(
                address: address, initial: initial, account: initial ?? Account(),
                exists: initial != nil))
        indexes[address] = entries.count - 1
        return entries.count - 1
    }

    /// Where a slot stands, which is read from the view if it was not before.
    func slotIndex(_ owner: Int, _ key: UInt256) -> Int {
        if let index = table.find(owner, key) { return index }
        let entry = entries[owner]
        let isKept = entry.initial != nil && !entry.storageCleared
        return table.insert(owner, key, isKept ? view.storage(entry.address, key) : .zero)
    }

    /// Keeps an account's state for a rollback, before it is changed.
    func keep(_ index: Int) {
        changes.append(
            .account(index, entries[index].account, exists: entries[index].exists))
    }

    /// Marks an account as touched: if it is empty in the end, it goes (EIP-161).
    func touch(_ index: Int) {
        recorder?.see(index)
        guard entries[index].touchedIn != transaction else { return }
        entries[index].touchedIn = transaction
        changes.append(.touched(index))
    }

    /// Adds to a balance, be it nothing; makes the account if it is not there.
    func credit(_ index: Int, _ value: UInt256) {
        touch(index)
        guard !value.isZero || !entries[index].exists else { return }
        keep(index)
        entries[index].exists = true
        entries[index].account.balance = entries[index].account.balance &+ value
    }

    /// Takes from a balance, which must suffice.
    func debit(_ index: Int, _ value: UInt256) {
        touch(index)
        guard !value.isZero else { return }
        precondition(entries[index].account.balance >= value, "a balance may not fall below zero")
        keep(index)
        entries[index].account.balance = entries[index].account.balance &- value
    }

    /// The code with a hash, made ready to run.
    func code(hash: Hash32) -> Code {
        if hash == Account.emptyCodeHash { return noCode }
        if let code = codes[hash] { return code }
        let code = Code(view.code(hash), hash: hash)
        codes[hash] = code
        return code
    }

    /// Makes new code known.
    func keepCode(_ bytes: [UInt8]) -> Code {
        let hash = bytes.isEmpty ? Account.emptyCodeHash : Code.hash(of: bytes)
        if hash == Account.emptyCodeHash { return noCode }
        if let code = codes[hash] { return code }
        let code = Code(bytes, hash: hash)
        codes[hash] = code
        return code
    }

    /// The hash of a block before this one.
    public func blockHash(_ number: UInt64) -> Hash32 { hashOfBlock(number) }
}
