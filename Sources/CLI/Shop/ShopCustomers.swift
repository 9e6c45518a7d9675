import Crypto
import Encoding
package import Identifiers
import Linux
import Primitives

/// The customers' accounts: their keys follow from a seed and their numbers in the data set.
package struct ShopCustomers: Sendable {
    /// The secret keys, in the order of the history's customers.
    let keys: [Secp256k1.SecretKey]
    /// The accounts, in the same order.
    package let addresses: [Address]

    /// Derives the accounts of these customers.
    package init(seed: [UInt8], numbers: [UInt64]) {
        keys = numbers.map { Self.key(seed, $0) }
        addresses = keys.map { Address($0.publicKey.addressHash) }
    }

    private static func key(_ seed: [UInt8], _ number: UInt64) -> Secp256k1.SecretKey {
        var digest = keccak256(seed + UInt256(number).bytes)
        // All but one digest in 2^127 are keys.
        while true {
            if let key = Secp256k1.SecretKey(digest.bytes) { return key }
            digest = keccak256(digest.bytes)
        }
    }

    /// The seed in a file, which is made if it is not there, for its owner's eyes only.
    static func seed(at path: String) throws -> [UInt8] {
        guard Files.exists(path) else {
            let seed = Entropy.seed()
            try Files.write(Array("\(Hex.encode(seed, prefix: false))\n".utf8), to: path)
            return seed
        }
        let text = String(decoding: try Files.read(path, limit: 1_024), as: UTF8.self)
        guard let seed = try? Hex.decode(text.prefix { $0 != "\n" }), seed.count == 32 else {
            throw Failure("\(path) is no seed: expected 64 hexadecimal digits")
        }
        return seed
    }
}
