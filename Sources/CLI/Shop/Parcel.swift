import Crypto
import Encoding
import Identifiers
import Ledger
import Linux
package import Primitives
import Synchronization

/// What an account wants done: a transaction that is not signed yet.
package struct Errand: Sendable {
    /// The account's key.
    let key: Secp256k1.SecretKey
    /// Any number that is the same for the same account.
    let sender: Int
    /// How many transactions the account sent before.
    let nonce: UInt64
    /// Whom it calls; `nil` to make a contract.
    let to: Address?
    /// What it pays, in wei.
    var value = UInt256.zero
    /// The input.
    let data: [UInt8]
    /// The most gas it may use.
    let gas: UInt64

    /// The most that is paid for gas, 1000 gwei: far above what a busy hour makes of the base fee.
    static let mostFee = UInt256(1_000_000_000_000)
    /// What of it goes to the block's maker: 1 gwei.
    static let tip = UInt256(1_000_000_000)
}

/// A signed transaction on its way to the chain.
package struct Parcel: Sendable {
    /// Its name.
    package let hash: Hash32
    /// Its bytes as text, as JSON-RPC takes them.
    let text: String
    /// Who sends it: any number that is the same for the same account.
    package let sender: Int

    /// Signs an errand.
    package init(_ errand: Errand, chain: UInt64) {
        let transaction = Transaction(
            chainID: chain, nonce: errand.nonce, maxPriorityFeePerGas: Errand.tip,
            maxFeePerGas: Errand.mostFee, gasLimit: errand.gas, to: errand.to,
            value: errand.value, data: errand.data)
        let encoded = transaction.signed(with: errand.key).encoded
        hash = keccak256(encoded)
        text = Hex.encode(encoded)
        sender = errand.sender
    }

    /// Signs errands on two threads, and keeps their order.
    package static func sign(_ errands: [Errand], chain: UInt64) throws -> [Parcel] {
        let half = errands.count / 2
        let first = Half()
        let thread = try NativeThread {
            let signed = errands[..<half].map { Parcel($0, chain: chain) }
            first.parcels.withLock { $0 = signed }
        }
        let second = errands[half...].map { Parcel($0, chain: chain) }
        thread.join()
        return first.parcels.withLock { $0 } + second
    }
}

/// What the other thread signed.
private final class Half: Sendable {
    let parcels = Mutex<[Parcel]>([])
}
