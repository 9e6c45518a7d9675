import EVM
import Encoding
import Identifiers
import Ledger
import Primitives

extension PrestateTracer {
    /// The accounts that changed, each field with what it was and is (Parity's `stateDiff`).
    var parityDifference: JSON {
        .object(
            past.sorted { $0.key < $1.key }.compactMap { address, past in
                parityRow(address, past).map { .init(Hex.encode(address.bytes), $0) }
            })
    }

    private func parityRow(_ address: Address, _ past: Past) -> JSON? {
        guard let journal else { return nil }
        let exists = journal.exists(address)
        guard past.exists || exists else { return nil }
        let now = Account(
            nonce: journal.nonce(address), balance: journal.balance(address),
            codeHash: journal.codeHash(address))
        let code = exists ? journal.code(address).bytes : []
        let side = FieldSide(past.exists, exists)
        let slots: [JSON.Member] = past.storage.sorted { $0.key < $1.key }.compactMap { key, old in
            let new = exists ? journal.peek(address, key) : .zero
            guard old != new else { return nil }
            return .init(Hex.encode(key.bytes), side.field(.data(old.hash), .data(new.hash)))
        }
        guard past.exists != exists || now != past.account || !slots.isEmpty else { return nil }
        return [
            "balance": side.field(.quantity(past.account.balance), .quantity(now.balance)),
            "code": side.field(.data(past.code), .data(code)),
            "nonce": side.field(.quantity(past.account.nonce), .quantity(now.nonce)),
            "storage": .object(slots),
        ]
    }
}

/// When there was an account: before, after, or both.
private enum FieldSide {
    case born
    case gone
    case kept

    init(_ existed: Bool, _ exists: Bool) {
        self = existed && exists ? .kept : exists ? .born : .gone
    }

    /// How a field became what it is.
    func field(_ old: JSON, _ new: JSON) -> JSON {
        switch self {
        case .born: ["+": new]
        case .gone: ["-": old]
        case .kept: old == new ? "=" : ["*": ["from": old, "to": new]]
        }
    }
}
