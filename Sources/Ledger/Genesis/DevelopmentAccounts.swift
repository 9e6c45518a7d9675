public import Crypto
public import Identifiers
public import Primitives

/// The accounts of a development chain: those that the tools of the trade know by heart.
///
/// Whoever reads this can spend what they own. They are for chains that one developer runs for
/// himself, and on no other chain is anything theirs.
public enum DevelopmentAccounts {
    /// The words that the keys are derived from (BIP-39).
    public static let words = "test test test test test test test test test test test junk"
    /// The path from the words to a key, but for its number (BIP-44).
    public static let path = "m/44'/60'/0'/0/"
    /// How many there are.
    public static let count: UInt32 = 10
    /// The chain's number, unless another is asked for.
    public static let chainID: UInt64 = 31_337
    /// What each owns at the start: 10,000 ether.
    public static let funds = UInt256(10_000) &* UInt256(1_000_000_000_000_000_000)

    /// The keys, in their order.
    public static let keys: [Secp256k1.SecretKey] = {
        let first = WalletKey(mnemonic: words)
        return (0..<count).compactMap { first?.account($0) }
    }()

    /// The addresses, in their order.
    public static let addresses = keys.map { Address($0.publicKey.addressHash) }

    /// What the genesis says of them.
    public static let allocations = addresses.map { Allocation(address: $0, balance: funds) }
}
