import Crypto
import Encoding
import Identifiers
import Ledger
import Primitives

/// An account that sends transfers, one nonce after the other.
struct Sender: Sendable {
    let key: Secp256k1.SecretKey
    let address: Address
    var nonce: UInt64 = 0

    /// The accounts of the benchmark; always the same, so a genesis can fund them.
    static func all(_ count: Int) -> [Sender] {
        (0..<count).compactMap { index in
            let seed = keccak256(Array("martlet benchmark \(index)".utf8))
            return Secp256k1.SecretKey(seed.bytes).map { key in
                Sender(key: key, address: Address(key.publicKey.addressHash))
            }
        }
    }

    /// The next transfer: its hash, its bytes, and the call that sends it.
    func transfer(
        to target: Address, chainID: UInt64
    ) -> (hash: Hash32, bytes: [UInt8], call: String) {
        let transaction = Transaction(
            chainID: chainID, nonce: nonce, maxPriorityFeePerGas: 1_000_000_000,
            maxFeePerGas: 1_000_000_000_000, gasLimit: 21_000, to: target, value: 1)
        let bytes = transaction.signed(with: key).encoded
        let call =
            #"{"jsonrpc":"2.0","id":0,"method":"eth_sendRawTransaction","params":[""#
            + Hex.encode(bytes) + #""]}"#
        return (keccak256(bytes), bytes, call)
    }

    /// An address that no transfer was made to before.
    var stranger: Address {
        Address(keccak256(address.bytes + [UInt8(truncatingIfNeeded: nonce)]))
    }
}
