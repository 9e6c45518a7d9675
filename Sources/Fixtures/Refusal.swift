import Ledger
import Primitives

/// Why a transaction or a block of a fixture was not taken.
enum Refusal: Error, Equatable {
    /// The bytes are no transaction.
    case undecodable(TransactionError)
    /// Nobody can have signed the transaction.
    case unsigned
    /// The transaction cannot be part of the block.
    case invalid(InvalidTransaction)
    /// The bytes are no block.
    case malformedBlock(BlockWireError)
    /// The block's parent is not known.
    case unknownParent(Hash32)
    /// The block found by work comes after the merge, or the other way round.
    case merge(isWork: Bool)
    /// The block does not prove the work that it says.
    case seal
    /// The block breaks a rule.
    case invalidBlock(InvalidBlock)
}

extension Refusal: CustomStringConvertible {
    /// Why, in one line.
    var description: String {
        switch self {
        case .undecodable(let error): "no transaction: \(error)"
        case .unsigned: "nobody can have signed it"
        case .invalid(let reason): reason.description
        case .malformedBlock(let error): "no block: \(error)"
        case .unknownParent(let hash): "parent \(hash) is not known"
        case .merge(let isWork): isWork ? "work after the merge" : "no work before the merge"
        case .seal: "the work is not proved"
        case .invalidBlock(let reason): "\(reason)"
        }
    }
}

/// The reasons that a fixture names, one of which must be the true one.
struct Reasons: CustomStringConvertible {
    /// As the fixture writes them.
    let description: String

    init(_ text: String) { description = text }

    /// Whether one of them is a name of the refusal.
    func admit(_ refusal: Refusal) -> Bool {
        let own = refusal.names
        return description.split(separator: "|").contains { reason in
            let name = reason.split(separator: ".").last.map(String.init) ?? ""
            let names = Reasons.older[name] ?? [name]
            return names.contains(where: own.contains)
        }
    }
}
