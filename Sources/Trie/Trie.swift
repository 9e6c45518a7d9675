import Encoding
public import Primitives

/// Ethereum's Merkle Patricia trie (Yellow Paper, appendix D): a map whose root names all it holds.
///
/// These functions compute the root of a map given whole; ``TrieUpdate`` changes a stored one.
public enum Trie {
    /// The root of an empty map: Keccak-256 of the RLP of an empty string.
    public static let emptyRoot = Hash32(
        a: 0x56e8_1f17_1bcc_55a6, b: 0xff83_45e6_92c0_f86e,
        c: 0x5b48_e01b_996c_adc0, d: 0x0162_2fb5_e363_b421)

    /// The root of a map: no key twice, no value missing or empty, in any order.
    public static func root(of entries: [TrieChange]) -> Hash32 {
        var updater = Updater(changes: [], source: Nothing())
        let sorted = entries.sorted { $0.key < $1.key }
        guard let node = updater.build(sorted[...], at: .root) else { return emptyRoot }
        updater.write(node, node.encoded, at: .root)
        return updater.hashed() ?? emptyRoot
    }

    /// The root of a list: each value at the RLP of its index (Yellow Paper, 4.3).
    public static func root(ofList values: [[UInt8]]) -> Hash32 {
        root(
            of: values.enumerated().compactMap { index, value in
                var key = RLP.Writer()
                key.append(UInt64(index))
                // The RLP of a number has at most nine bytes.
                return NodePath(bytes: key.bytes).map { TrieChange(key: $0, value: value) }
            })
    }

    /// What a trie that is built from nothing is built on.
    private struct Nothing: NodeSource {
        func node(at path: NodePath) -> [UInt8]? { nil }
    }
}
