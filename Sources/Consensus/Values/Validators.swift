public import Crypto
public import Identifiers

/// One member of the set that decides.
public struct Validator: Hashable, Sendable {
    /// The key its votes are signed with.
    public let key: Secp256k1.PublicKey
    /// Where its fees go: the coinbase of the blocks it leads.
    public let address: Address
    /// How much its vote weighs.
    public let power: UInt64

    /// Creates a member.
    public init(key: Secp256k1.PublicKey, address: Address, power: UInt64) {
        self.key = key
        self.address = address
        self.power = power
    }
}

/// The frozen set of one epoch: who may vote, and how much each vote weighs (SPEC §0).
public struct Validators: Hashable, Sendable {
    /// Why a list is no set of validators.
    public enum Failure: Error, Hashable {
        /// There is nobody in it.
        case empty
        /// There are more than ``Limits/validators``.
        case tooMany(found: Int, limit: Int)
        /// This member has no power.
        case powerless(index: Int)
        /// The powers add up to more than 2^60.
        case overflow
        /// This member's key is an earlier one's too.
        case repeated(index: Int)
    }

    /// The members; everything names them by their place here.
    public let members: [Validator]
    /// The sum of all powers.
    public let total: UInt64
    /// The planted bug ``Fault/quorumLowered``.
    package var isLowered = false

    /// Creates a set.
    public init(_ members: [Validator]) throws(Failure) {
        guard !members.isEmpty else { throw .empty }
        guard members.count <= Limits.validators else {
            throw .tooMany(found: members.count, limit: Limits.validators)
        }
        var total: UInt64 = 0
        var keys: Set<Secp256k1.PublicKey> = []
        for (index, member) in members.enumerated() {
            guard member.power > 0 else { throw .powerless(index: index) }
            guard member.power <= 1 << 60, total + member.power <= 1 << 60 else {
                throw .overflow
            }
            guard keys.insert(member.key).inserted else { throw .repeated(index: index) }
            total += member.power
        }
        self.members = members
        self.total = total
    }

    /// How many there are.
    public var count: Int { members.count }

    /// Whether so much power is a quorum: strictly more than two thirds.
    public func isQuorum(_ power: UInt64) -> Bool {
        isLowered ? 2 * power > total : 3 * power > 2 * total
    }

    /// The place of a key; `nil` for a stranger's.
    public func index(of key: Secp256k1.PublicKey) -> Int? {
        members.firstIndex { $0.key == key }
    }

    /// The sum of the powers of some places; places outside count nothing.
    func power(of indices: some Sequence<Int>) -> UInt64 {
        indices.reduce(0) { members.indices.contains($1) ? $0 + members[$1].power : $0 }
    }
}
