public import Machine
public import Primitives

/// The tables of a node's database and the shapes of their keys (docs/protocols/store-format.md).
///
/// Numbers in keys are big-endian, so that the order of keys is the order of numbers.
public enum Tables {
    /// The version of all that is written here; a database of another one is not opened.
    public static let version: UInt64 = 1

    /// Single facts by their ``Meta`` key.
    public static let meta = Table(0)
    /// Accounts, by the hash of their address: the order of the trie.
    public static let accounts = Table(1)
    /// Slots of storage that hold a value, by the hashes of address and slot.
    public static let storage = Table(2)
    /// Code, by its hash.
    public static let codes = Table(3)
    /// Nodes of the accounts' trie, by path.
    public static let accountNodes = Table(4)
    /// Nodes of the storage tries, by the hash of the address and path.
    public static let storageNodes = Table(5)
    /// The hash and the header of each block, by number.
    public static let headers = Table(6)
    /// What is in each block besides the header, and the senders, by number.
    public static let bodies = Table(7)
    /// The receipts of each block, by number.
    public static let receipts = Table(8)
    /// The number of each block, by its hash.
    public static let numbers = Table(9)
    /// The block and place of each transaction, by its hash.
    public static let transactions = Table(10)
    /// What changed accounts were before a recent block, by its number and the address's hash.
    public static let accountHistory = Table(11)
    /// What changed slots held before a recent block, by its number and the hashes.
    public static let storageHistory = Table(12)
    /// What proves that a block is final, by number: bytes that only consensus can read.
    public static let certificates = Table(13)
    /// What commits of a development chain changed, by their count: how to take them back.
    public static let undo = Table(14)
    /// What a snapshot of a development chain keeps besides the database, by its number.
    public static let snapshots = Table(15)

    /// The addresses and slots of a development chain's state, by their hashes.
    public static let names = Table(16)

    /// The sources of contracts that were verified here, by address: bytes that the index can read.
    public static let sources = Table(17)

    /// What a table is called (docs/protocols/store-format.md).
    public static func name(of table: UInt8) -> String {
        let names = [
            "meta", "accounts", "storage", "codes", "accountNodes", "storageNodes", "headers",
            "bodies", "receipts", "numbers", "transactions", "accountHistory", "storageHistory",
            "certificates", "undo", "snapshots", "names", "sources",
        ]
        return Int(table) < names.count ? names[Int(table)] : "table \(table)"
    }

    /// All of them.
    public static let all = (0...17).map { Table(UInt8($0)) }

    /// The keys of the table of single facts.
    public enum Meta: UInt8, CaseIterable, Sendable {
        /// The version of the database.
        case version = 0
        /// The hash of the first block.
        case genesis = 1
        /// The number and hash of the newest final block.
        case head = 2
        /// The oldest block whose state can still be read.
        case oldestState = 3
        /// The number that transactions name the chain by.
        case chainID = 4
        /// The newest block and the state's root, where the operator changed the state after it.
        case amendment = 5
        /// What the operator of a development chain has set.
        case development = 6
        /// The oldest block that is kept besides the first.
        case oldestBlock = 7

        /// The key.
        public var key: [UInt8] { [rawValue] }
    }
}

/// The keys that lead to entries.
extension Tables {
    /// The key of a number.
    public static func key(_ number: UInt64) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(8)
        append(number, to: &key)
        return key
    }

    /// The key of a hash, and of what follows it.
    public static func key(_ hash: Hash32, _ rest: [UInt8] = []) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(32 + rest.count)
        hash.append(to: &key)
        key += rest
        return key
    }

    /// The key of two hashes: a slot of an account's storage.
    public static func key(_ owner: Hash32, _ slot: Hash32) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(64)
        owner.append(to: &key)
        slot.append(to: &key)
        return key
    }

    /// The key of what was before a block: its number and the key that it changed.
    public static func key(_ number: UInt64, before key: [UInt8]) -> [UInt8] {
        var whole: [UInt8] = []
        whole.reserveCapacity(8 + key.count)
        append(number, to: &whole)
        whole += key
        return whole
    }

    /// Reads the number at the start of a key or value; `nil` if there are fewer than eight bytes.
    public static func number(_ bytes: [UInt8]) -> UInt64? {
        guard bytes.count >= 8 else { return nil }
        return bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func append(_ number: UInt64, to key: inout [UInt8]) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            key.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

extension Snapshot {
    /// All entries whose keys start with these bytes, in order.
    public func entries(startingWith prefix: [UInt8], in table: Table) -> [Entry] {
        var found: [Entry] = []
        var start = prefix
        while true {
            let page = entries(from: start, in: table, limit: 1024)
            let matching = page.prefix { $0.key.starts(with: prefix) }
            found += matching
            guard matching.count == 1024, let last = matching.last else { return found }
            start = last.key + [0]
        }
    }
}
