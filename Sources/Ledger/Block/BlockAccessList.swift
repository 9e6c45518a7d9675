import Crypto
import Encoding
public import Identifiers
public import Primitives

/// What a block's execution looked at and changed, account by account (EIP-7928).
///
/// Everything is sorted: accounts by address, slots by number, changes by when they were made.
public struct BlockAccessList: Hashable, Sendable {
    /// A new value, and when it came: 0 before the transactions, n with the n-th, or after all.
    public struct Change<Value: Hashable & Sendable>: Hashable, Sendable {
        /// When.
        public let index: UInt64
        /// The value.
        public let value: Value

        /// Creates a change.
        public init(index: UInt64, value: Value) {
            self.index = index
            self.value = value
        }
    }

    /// A slot that changed.
    public struct Slot: Hashable, Sendable {
        /// Its number.
        public let key: UInt256
        /// Its values.
        public let changes: [Change<UInt256>]

        /// Creates a slot.
        public init(key: UInt256, changes: [Change<UInt256>]) {
            self.key = key
            self.changes = changes
        }
    }

    /// An account that was looked at.
    public struct Account: Hashable, Sendable {
        /// Whose.
        public let address: Address
        /// The slots that changed.
        public var slots: [Slot] = []
        /// The slots that were only read.
        public var reads: [UInt256] = []
        /// What it owned.
        public var balances: [Change<UInt256>] = []
        /// Its nonces.
        public var nonces: [Change<UInt64>] = []
        /// Its codes.
        public var codes: [Change<[UInt8]>] = []

        /// Creates an account that nothing happened to.
        public init(_ address: Address) { self.address = address }
    }

    /// The accounts.
    public let accounts: [Account]

    /// Creates a list of accounts, which are sorted.
    public init(_ accounts: [Account]) { self.accounts = accounts }

    /// The gas that a block must have for each address and slot.
    public static let gasPerItem = 2000

    /// How many addresses and slots it names.
    public var itemCount: Int {
        accounts.reduce(0) { $0 + 1 + $1.slots.count + $1.reads.count }
    }

    /// The commitment in the header.
    public var hash: Hash32 { keccak256(encoded) }

    /// The RLP.
    public var encoded: [UInt8] {
        var writer = RLP.Writer()
        writer.list { list in for account in accounts { account.write(to: &list) } }
        return writer.bytes
    }

    /// Checks that a block may have the list, and names it.
    func check(_ header: Header) throws(InvalidBlock) {
        let limit = Int(clamping: header.gasLimit) / BlockAccessList.gasPerItem
        guard itemCount <= limit else { throw .accessListSize(found: itemCount, limit: limit) }
        let hash = hash
        guard header.blockAccessListHash == hash else {
            throw .accessList(found: header.blockAccessListHash, expected: hash)
        }
    }
}

extension BlockAccessList.Account {
    fileprivate func write(to writer: inout RLP.Writer) {
        writer.list { list in
            list.append(address)
            list.list { list in
                for slot in slots {
                    list.list { list in
                        list.append(slot.key)
                        write(slot.changes, to: &list) { $0.append($1) }
                    }
                }
            }
            list.list { for key in reads { $0.append(key) } }
            write(balances, to: &list) { $0.append($1) }
            write(nonces, to: &list) { $0.append($1) }
            write(codes, to: &list) { $0.append($1) }
        }
    }

    private func write<Value>(
        _ changes: [BlockAccessList.Change<Value>], to writer: inout RLP.Writer,
        _ body: (inout RLP.Writer, Value) -> Void
    ) {
        writer.list { list in
            for change in changes {
                list.list { list in
                    list.append(change.index)
                    body(&list, change.value)
                }
            }
        }
    }
}
