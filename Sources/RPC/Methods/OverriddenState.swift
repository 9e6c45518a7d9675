import Crypto
import Identifiers
import Ledger
import Primitives

/// A state with a caller's overrides laid over it.
struct OverriddenState: StateView {
    private let base: any StateView
    private var accounts: [Address: Overrides.Account] = [:]
    private var codeHashes: [Address: Hash32] = [:]
    private var codes: [Hash32: [UInt8]] = [:]

    init(_ base: any StateView, _ overrides: [Overrides.Account]) {
        self.base = base
        for account in overrides {
            accounts[account.address] = account
            guard let code = account.code else { continue }
            let hash = code.isEmpty ? Ledger.Account.emptyCodeHash : keccak256(code)
            codeHashes[account.address] = hash
            codes[hash] = code
        }
    }

    func account(_ address: Address) -> Ledger.Account? {
        guard let override = accounts[address] else { return base.account(address) }
        var account = base.account(address) ?? Ledger.Account()
        if let nonce = override.nonce { account.nonce = nonce }
        if let balance = override.balance { account.balance = balance }
        if let hash = codeHashes[address] { account.codeHash = hash }
        return account
    }

    func storage(_ address: Address, _ slot: UInt256) -> UInt256 {
        guard let override = accounts[address] else { return base.storage(address, slot) }
        if let state = override.state { return state[slot] ?? .zero }
        return override.stateDiff[slot] ?? base.storage(address, slot)
    }

    func code(_ hash: Hash32) -> [UInt8] { codes[hash] ?? base.code(hash) }

    func hasStorage(_ address: Address) -> Bool {
        guard let override = accounts[address] else { return base.hasStorage(address) }
        if let state = override.state { return state.contains { !$0.value.isZero } }
        return override.stateDiff.contains { !$0.value.isZero } || base.hasStorage(address)
    }
}
