import Crypto
import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

/// What a token's contract tells of itself (ERC-20 and ERC-721, the optional parts).
///
/// Anybody can write such a contract: what it tells is shown, and believed by nobody.
struct TokenFacts {
    let name: String?
    let symbol: String?
    let decimals: UInt64?
    let supply: UInt256?

    /// The gas that one question may use.
    private static let gas: UInt64 = 200_000
    /// The longest name.
    private static let nameLimit = 64

    /// Asks a contract.
    init(of token: Address, in view: ChainView) {
        let contract = TokenContract(address: token, view: view, gas: Self.gas)
        name = contract.text("name()", limit: Self.nameLimit)
        symbol = contract.text("symbol()", limit: Self.nameLimit)
        decimals = contract.number("decimals()").flatMap { $0.asUInt64 }
            .flatMap { $0 <= 255 ? $0 : nil }
        supply = contract.number("totalSupply()")
    }

    /// What the token is called, and how its amounts are written.
    var json: JSON {
        [
            "name": name.map { .string($0) } ?? .null,
            "symbol": symbol.map { .string($0) } ?? .null,
            "decimals": decimals.map { .integer($0) } ?? .null,
        ]
    }

    static let shape = Shape.object([
        ("name", .nullable(.text)), ("symbol", .nullable(.text)), ("decimals", .nullable(.number)),
    ])
}

/// A contract that is asked questions without arguments.
private struct TokenContract {
    let address: Address
    let view: ChainView
    let gas: UInt64

    func number(_ signature: String) -> UInt256? {
        guard let output = answer(signature), output.count == 32 else { return nil }
        return UInt256(bigEndian: output)
    }

    /// Text, as a string or, as old tokens have it, in one word.
    func text(_ signature: String, limit: Int) -> String? {
        guard let output = answer(signature) else { return nil }
        var text: String?
        if output.count == 32 {
            text = String(validating: output.prefix { $0 != 0 }, as: UTF8.self)
        } else if case .string(let found)? = try? ABI.decode(output, as: [.string]).first {
            text = found
        }
        guard let text, !text.isEmpty else { return nil }
        return String(text.unicodeScalars.prefix(limit).map { Character($0) })
    }

    private func answer(_ signature: String) -> [UInt8]? {
        let state = view.state
        guard let account = state.account(address), account.codeHash != Account.emptyCodeHash
        else { return nil }
        var environment = view.environment(of: view.head)
        environment.baseFee = .zero
        let call = Transaction(
            chainID: view.rules.chainID, nonce: 0, maxPriorityFeePerGas: .zero,
            maxFeePerGas: .zero, gasLimit: gas, to: address,
            data: ABI.selector(signature, keccak256: keccak256))
        let executor = Executor(environment, on: state)
        guard let executed = try? executor.simulate(call, from: .zero, strictly: false),
            executed.outcome.status == .success, executed.outcome.output.count <= 4_096
        else { return nil }
        return executed.outcome.output
    }
}
