import Crypto
import Encoding
import Ledger
import Primitives
import Trie

/// The first block by the rules of 2014, from before the main chain; a test of those days is left.
///
/// The keys of its state are addresses, not hashes, the accounts are lists in the leaves, an empty
/// trie has no root, and the header has thirteen fields, among them a least price of gas.
enum PrereleaseGenesis {
    static func run(_ json: JSON?, name: String) -> CaseResult {
        CaseResult(name: name) {
            var accounts: [Entry] = []
            for member in json["inputs"]?.members ?? [] {
                accounts.append(try entry(member.name, balance: member.value))
            }
            accounts.sort { $0.key < $1.key }
            let root = node(accounts).map { keccak256(RLP.encode($0)).bytes } ?? []
            let found = RLP.encode(.list([.list(header(stateRoot: root)), .list([]), .list([])]))
            let expected = try json["result"].bytes("result")
            return found == expected ? nil : "found \(Hex.encode(found))"
        }
    }

    private typealias Entry = (key: NodePath, value: RLP.Value)

    private static func entry(
        _ address: String, balance: JSON
    ) throws(FixtureError) -> Entry {
        let bytes = try JSON?(.string(address)).bytes("address")
        guard let key = NodePath(bytes: bytes) else { throw FixtureError("too long an address") }
        let wei = try JSON?(balance).number("balance")
        return (key, .list([.bytes([]), .number(wei), .bytes([]), .bytes([])]))
    }

    /// The node of the trie below which the entries are, sorted by key; `nil` if there are none.
    private static func node(_ entries: [Entry]) -> RLP.Value? {
        guard let first = entries.first, let last = entries.last else { return nil }
        if entries.count == 1 {
            return .list([.bytes(first.key.compact(isLeaf: true)), first.value])
        }
        let shared = first.key.agreement(from: 0, with: last.key)
        if shared > 0 {
            let below = reference(entries.map { ($0.key.dropFirst(shared), $0.value) })
            return .list([.bytes(first.key.prefix(shared).compact(isLeaf: false)), below])
        }
        let children = (0..<16).map { digit in
            reference(entries.filter { $0.key[0] == digit }.map { ($0.key.dropFirst(1), $0.value) })
        }
        return .list(children + [.bytes([])])
    }

    private static func reference(_ entries: [Entry]) -> RLP.Value {
        guard let node = node(entries) else { return .bytes([]) }
        let bytes = RLP.encode(node)
        return bytes.count < 32 ? node : .bytes(keccak256(bytes).bytes)
    }

    private static func header(stateRoot: [UInt8]) -> [RLP.Value] {
        // Difficulty, number, least price, limit and use of gas, time.
        let numbers: [UInt64] = [1 << 22, 0, 1_000_000_000_000_000, 1_000_000, 0, 0]
        let start = [
            Hash32.zero.bytes, Block.ommersHash([]).bytes, [UInt8](repeating: 0, count: 20),
        ]
        return (start + [stateRoot, []]).map { .bytes($0) }
            + numbers.map { .number($0) } + [.bytes([]), .bytes(keccak256([42]).bytes)]
    }
}
