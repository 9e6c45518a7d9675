import Crypto
import Primitives
import Testing
import Trie

@Suite struct ProofTests {
    private func twin() throws -> Twin {
        var twin = Twin()
        var random = Random(seed: 1)
        try twin.apply(
            (0..<300).map { index in
                var key = [UInt8](repeating: 0, count: 32)
                for place in 0..<4 { key[place] = UInt8.random(in: 0...255, using: &random) & 0x33 }
                return (key, [UInt8](repeating: 1, count: 1 + index % 60))
            })
        return twin
    }

    @Test("a proof shows the value of each key, and the absence of others")
    func proofs() throws {
        let twin = try twin()
        for (key, value) in twin.map {
            let proof = try Trie.proof(of: key, root: twin.root, from: twin.trie)
            #expect(try Trie.value(of: key, in: proof, root: twin.root) == value)
            #expect(try Trie.value(of: key, root: twin.root, from: twin.trie) == value)
        }
        for byte in 0..<64 as Range<UInt8> {
            let key = try #require(NodePath(bytes: [byte] + [UInt8](repeating: 9, count: 31)))
            let proof = try Trie.proof(of: key, root: twin.root, from: twin.trie)
            #expect(try Trie.value(of: key, in: proof, root: twin.root) == nil)
        }
        #expect(try Trie.value(of: NodePath(.zero), in: [], root: Trie.emptyRoot) == nil)
    }

    @Test("a proof with any bit turned, cut short or with more after it is refused")
    func forged() throws {
        let twin = try twin()
        let key = try #require(twin.map.keys.min())
        let proof = try Trie.proof(of: key, root: twin.root, from: twin.trie)
        for node in proof.indices {
            for bit in stride(from: 0, to: proof[node].count * 8, by: 13) {
                var forged = proof
                forged[node][bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: ProofError.hash(at: node)) {
                    try Trie.value(of: key, in: forged, root: twin.root)
                }
            }
        }
        #expect(throws: ProofError.short) {
            try Trie.value(of: key, in: Array(proof.dropLast()), root: twin.root)
        }
        #expect(throws: ProofError.trailing(at: proof.count)) {
            try Trie.value(of: key, in: proof + [[0x80]], root: twin.root)
        }
    }

    @Test("a proof whose nodes hash rightly and are no nodes is refused")
    func noNodes() throws {
        // Lists of 2 and 17 with wrong parts, and an extension whose child is itself inline.
        let bytes: [[UInt8]] = [
            [0x80], [0xc0], [0xc2, 0x80, 0x80], [0xc2, 0x20, 0x80], [0xc2, 0x00, 0x80],
            [0xc3, 0x11, 0x81, 0x05], [0xd1] + [UInt8](repeating: 0xc0, count: 17),
            [0xc4, 0x40, 0x82, 1, 1],
        ]
        for node in bytes {
            let root = keccak256(node)
            #expect(throws: ProofError.node(at: 0)) {
                try Trie.value(of: NodePath(.zero), in: [node], root: root)
            }
        }
    }
}
