import Crypto
import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// The accounts and slots that a transaction touched (geth's `prestateTracer`).
///
/// What an account was is read when it is first named, which is always before it can change.
final class PrestateTracer: TransactionTracer {
    /// What an account was.
    struct Past {
        let account: Account
        let exists: Bool
        let code: [UInt8]
        var storage: [UInt256: UInt256] = [:]

        var isEmpty: Bool { account.isEmpty }
    }

    /// What a step named for the first time: it is forgotten if the step cannot be paid.
    private enum Named {
        case account(Address)
        case slot(Address, UInt256)
    }

    private let options: TraceOptions.Prestate
    private(set) var journal: Journal?
    private var revision = Revision.latest
    private(set) var past: [Address: Past] = [:]
    private var deleted: Set<Address> = []
    private var named: [Named] = []
    private var room = TraceRoom()

    init(_ options: TraceOptions.Prestate) {
        self.options = options
    }

    var isFull: Bool { room.isFull }

    func begin(_ transaction: SignedTransaction, in executor: Executor) {
        let journal = executor.journal
        self.journal = journal
        revision = executor.environment.revision
        let sender = transaction.sender
        let recipient =
            transaction.transaction.to
            ?? Address.created(by: sender, nonce: journal.nonce(sender))
        for address in [sender, recipient, executor.environment.coinbase] { look(address) }
        for authorization in transaction.transaction.authorizationList {
            if let authority = authorization.recoverAuthority() { look(authority) }
        }
        lookThrough(recipient)
        named = []
    }

    func enter(_ call: TracedCall) { named = [] }

    func step(_ step: TracedStep) {
        named = []
        let height = step.height
        switch step.opcode {
        case .sload where height >= 1, .sstore where height >= 1:
            look(step.address, step.word(0))
        case .extcodecopy, .extcodehash, .extcodesize, .balance, .selfdestruct:
            guard height >= 1 else { return }
            look(Address(step.word(0)))
            if step.opcode == .selfdestruct { deleted.insert(step.address) }
        case .call where height >= 5, .callcode where height >= 5,
            .delegatecall where height >= 5, .staticcall where height >= 5:
            let target = Address(step.word(1))
            look(target)
            lookThrough(target)
        case .create: look(Address.created(by: step.address, nonce: nonce(step.address)))
        case .create2 where height >= 4: lookAtCreation(step)
        default: break
        }
    }

    func exit(depth: Int, outcome: Outcome) {
        if case .failed = outcome.status {
            for name in named {
                switch name {
                case .account(let address): past[address] = nil
                case .slot(let address, let key): past[address]?.storage[key] = nil
                }
            }
        }
        named = []
    }

    private func nonce(_ address: Address) -> UInt64 { journal?.nonce(address) ?? 0 }

    private func lookAtCreation(_ step: TracedStep) {
        guard let start = step.word(1).asInt, let count = step.word(2).asInt,
            count <= Interpreter.initcodeLimit(revision), start <= Int(Int32.max)
        else { return }
        let hash = keccak256(step.memory(start..<start + count))
        look(Address.created(by: step.address, salt: step.word(3), initcodeHash: hash))
    }

    /// Looks at the account whose code runs in place of another's (EIP-7702).
    private func lookThrough(_ address: Address) {
        guard revision >= .prague, let delegate = journal?.code(address).delegate else { return }
        look(delegate)
    }

    private func look(_ address: Address) {
        guard past[address] == nil, let journal else { return }
        let account = Account(
            nonce: journal.nonce(address), balance: journal.balance(address),
            codeHash: journal.codeHash(address))
        let code = options.showsCode ? journal.code(address).bytes : []
        guard room.take(code.count * 2 + 256) else { return }
        past[address] = Past(
            account: account, exists: journal.exists(address), code: code)
        named.append(.account(address))
    }

    private func look(_ address: Address, _ key: UInt256) {
        guard options.showsStorage, let journal else { return }
        look(address)
        guard past[address]?.storage[key] == nil, room.take(140) else { return }
        past[address]?.storage[key] = journal.peek(address, key)
        named.append(.slot(address, key))
    }

    func answer(_ executed: Executed) -> JSON {
        options.isDiff ? difference : .object(rows(past))
    }

    private func rows(_ past: [Address: Past]) -> [JSON.Member] {
        past.sorted { $0.key < $1.key }.compactMap { address, past in
            guard options.showsEmpty || !past.isEmpty else { return nil }
            return JSON.Member(
                Hex.encode(address.bytes),
                row(past.account, code: past.code, storage: past.storage, of: nil))
        }
    }

    /// The object of an account; what is as before is left out.
    private func row(
        _ account: Account, code: [UInt8], storage: [UInt256: UInt256], of before: Account?
    ) -> JSON {
        var members: [JSON.Member] = []
        if account.balance != before?.balance {
            members.append(.init("balance", .quantity(account.balance)))
        }
        if account.nonce != before?.nonce, account.nonce > 0 || before != nil {
            members.append(.init("nonce", .integer(account.nonce)))
        }
        let hasCode = account.codeHash != Account.emptyCodeHash
        if account.codeHash != before?.codeHash, hasCode || before != nil {
            if options.showsCode { members.append(.init("code", .data(code))) }
            members.append(.init("codeHash", .data(account.codeHash)))
        }
        if !storage.isEmpty {
            let slots = storage.sorted { $0.key < $1.key }
            members.append(
                .init(
                    "storage",
                    .object(
                        slots.map { .init(Hex.encode($0.key.bytes), .data($0.value.hash)) })))
        }
        return .object(members)
    }

    /// What changed: before, and after.
    private var difference: JSON {
        var before = past
        var after: [JSON.Member] = []
        for (address, past) in past.sorted(by: { $0.key < $1.key }) {
            guard let journal, !isGone(address) else { continue }
            let now = Account(
                nonce: journal.nonce(address), balance: journal.balance(address),
                codeHash: journal.codeHash(address))
            var changed: [UInt256: UInt256] = [:]
            for (key, value) in past.storage {
                let newest = journal.peek(address, key)
                if value.isZero || value == newest { before[address]?.storage[key] = nil }
                if value != newest { changed[key] = newest }
            }
            guard now != past.account || !changed.isEmpty else {
                before[address] = nil
                continue
            }
            after.append(
                .init(
                    Hex.encode(address.bytes),
                    row(
                        now, code: journal.code(address).bytes,
                        storage: changed.filter { !$0.value.isZero }, of: past.account)))
        }
        return .object([
            .init("pre", .object(rows(before))), .init("post", .object(after)),
        ])
    }

    /// Whether the transaction destroyed the account.
    private func isGone(_ address: Address) -> Bool {
        deleted.contains(address) && journal?.exists(address) == false
    }
}
