public import Encoding
public import Identifiers
import Primitives

/// A payment from the beacon chain into an account (EIP-4895).
public struct Withdrawal: Hashable, Sendable {
    /// Its number, rising by one with each.
    public let index: UInt64
    /// The validator that is paid.
    public let validatorIndex: UInt64
    /// Who gets it.
    public let address: Address
    /// How much, in billions of wei.
    public let amount: UInt64

    /// Creates a withdrawal.
    public init(index: UInt64, validatorIndex: UInt64, address: Address, amount: UInt64) {
        self.index = index
        self.validatorIndex = validatorIndex
        self.address = address
        self.amount = amount
    }

    /// Reads a withdrawal from its RLP.
    public init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("withdrawal", count: 4)
        index = try fields[0].number64("withdrawal.index")
        validatorIndex = try fields[1].number64("withdrawal.validatorIndex")
        address = try fields[2].address("withdrawal.address")
        amount = try fields[3].number64("withdrawal.amount")
    }

    /// Appends the RLP.
    public func write(to writer: inout RLP.Writer) {
        writer.list { list in
            list.append(index)
            list.append(validatorIndex)
            list.append(address)
            list.append(amount)
        }
    }

    /// The RLP.
    public var encoded: [UInt8] {
        var writer = RLP.Writer(capacity: 48)
        write(to: &writer)
        return writer.bytes
    }
}
