import Crypto
import Encoding
import Foundation
import Testing

/// Keys from rows of words (BIP-39, BIP-32): the vectors of ethers in ten languages.
@Suite struct WalletKeyTests {
    static let archive = SharedArchive(name: "08-crypto/ethers-testcases")

    @Test("347 rows of words lead to the seeds and keys that ethers finds")
    func mnemonics() throws {
        try #require(Self.archive.isThere, Self.archive.notice)
        let file = try Self.archive.unpack().appending(path: "ethers/mnemonics.json")
        var count = 0
        for vector in try #require(JSON(file: file).elements) {
            let name = Comment(rawValue: vector["name"]?.text ?? "")
            // The vectors are in any of Unicode's forms; the key is of NFKD (BIP-39).
            let words = String(decoding: try vector.bytes("phrase"), as: UTF8.self)
                .decomposedStringWithCompatibilityMapping
            let password = String(decoding: try vector.bytes("password"), as: UTF8.self)
                .decomposedStringWithCompatibilityMapping
            let seed = WalletKey.seed(mnemonic: words, password: password)
            #expect(try seed == vector.bytes("seed"), name)
            let first = try #require(WalletKey(mnemonic: words, password: password), name)
            let nodes = try #require(vector["nodes"]?.elements)
            #expect(nodes.count == 6)
            for node in nodes {
                let path = try Self.path(try #require(node["path"]?.text))
                let key = try #require(first.descendant(path), name)
                #expect(try key.secret.bytes == node.bytes("privateKey"), name)
                #expect(try key.chainCode == node.bytes("chainCode"), name)
            }
            count += 1
        }
        #expect(count == 347)
    }

    /// Reads a path like `m/44'/60'/0`.
    private static func path(_ text: String) throws -> [UInt32] {
        try text.split(separator: "/").dropFirst().map { step in
            let number = try #require(UInt32(step.filter(\.isNumber)))
            return step.hasSuffix("'") ? number + WalletKey.hardened : number
        }
    }
}
