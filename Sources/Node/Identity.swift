public import Crypto
public import Identifiers

/// Who a node is, all derived from its one secret.
public struct Identity: Sendable {
    /// The key that signs votes; only the signer's guard uses it.
    public let validator: Secp256k1.SecretKey
    /// The key that proves the node's name to peers.
    public let peer: PeerSecret

    /// Derives the identity of a node from its secret; `nil` where no key can be derived.
    ///
    /// The peer's key is the Ed25519 key of HKDF-SHA-256 over the secret with a label, so that
    /// handshakes never touch the key that votes (docs/decisions/0004).
    public init?(secret: Secp256k1.SecretKey) {
        let seed = HKDFSHA256.derive(
            secret.bytes, salt: [], info: Array("martlet identity".utf8), count: 32)
        guard let key = Ed25519.SecretKey(seed: seed) else { return nil }
        validator = secret
        peer = .ed25519(key)
    }

    /// The address that the validator's key opens.
    public var address: Address { Address(validator.publicKey.addressHash) }
}

extension Identity {
    /// The same validator under another peer's name: what a twin is (tests of contradictions).
    package func impersonated(by other: Identity) -> Identity {
        Identity(validator: validator, peer: other.peer)
    }

    private init(validator: Secp256k1.SecretKey, peer: PeerSecret) {
        self.validator = validator
        self.peer = peer
    }
}
