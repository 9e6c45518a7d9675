import Encoding
public import Ledger
import Identifiers
import Primitives

/// The accounts of a state as anvil writes them, so that one tool can take on what another made.
///
/// Hexadecimal digits of a JSON text, which is not compressed: `accounts` by address, each with
/// `nonce`, `balance`, `code` and `storage`. Blocks are no part of it.
public enum StateDump {
    /// Writes accounts down.
    public static func text(of accounts: [Allocation], height: UInt64) -> String {
        let members = accounts.map { account in
            let slots = account.storage.sorted { $0.key < $1.key }.map { slot in
                JSON.Member(Hex.encode(slot.key.bytes), .data(slot.value.hash))
            }
            let json: JSON = [
                "nonce": .number("\(account.nonce)"), "balance": .quantity(account.balance),
                "code": .data(account.code), "storage": .object(slots),
            ]
            return JSON.Member(account.address.description, json)
        }
        let json: JSON = [
            "accounts": .object(members), "best_block_number": .number("\(height)"),
        ]
        return Hex.encode(json.encoded())
    }
}

extension AccountChange {
    /// Reads accounts that were written down.
    static func all(_ json: JSON) throws(ParameterFault) -> [AccountChange] {
        let bytes = try Read.bytes(json)
        guard bytes.prefix(2) != [0x1f, 0x8b] else {
            throw .text("the dump is compressed: unpack it (gzip) first")
        }
        guard let dump = try? JSON(decoding: bytes), let members = dump["accounts"]?.members
        else { throw .text("expected a dump of a state") }
        var changes: [AccountChange] = []
        var seen: Set<Address> = []
        for member in members {
            let account = member.value
            var change = AccountChange(try Read.address(.string(member.name)))
            guard seen.insert(change.address).inserted else {
                throw .text("account \(change.address) is there twice")
            }
            change.nonce = try account["nonce"].map(Read.amount64) ?? 0
            change.balance = try account["balance"].map(Read.amount) ?? .zero
            change.code = try account["code"].map(Read.bytes) ?? []
            for slot in account["storage"]?.members ?? [] {
                change.slots.append(
                    Slot(
                        key: try Read.amount(.string(slot.name)),
                        value: try Read.amount(slot.value)))
            }
            changes.append(change)
        }
        return changes
    }
}
