internal import COpenSSL

/// Key agreement on curve25519 (RFC 7748, section 5), by OpenSSL.
public enum X25519 {
    /// A key that agrees, wiped when the last holder lets go.
    public struct SecretKey: Sendable {
        private let handle: KeyHandle

        /// The thirty-two bytes to give to the other side.
        public let publicKey: [UInt8]

        /// Creates a key from thirty-two bytes of chance; `nil` for any other count.
        public init?(_ bytes: [UInt8]) {
            guard let handle = KeyHandle(kind: EVP_PKEY_X25519, secret: bytes) else { return nil }
            self.handle = handle
            publicKey = handle.open
        }

        /// Returns the thirty-two bytes that both sides share.
        ///
        /// `nil` if the other side's point is of low order, so that the result would be all
        /// zero (RFC 7748, section 6.1), or is not of thirty-two bytes.
        public func sharedSecret(with publicKey: [UInt8]) -> [UInt8]? {
            guard let peer = KeyHandle(kind: EVP_PKEY_X25519, open: publicKey) else { return nil }
            let context = EVP_PKEY_CTX_new(handle.pointer, nil)
            defer { EVP_PKEY_CTX_free(context) }
            var secret = [UInt8](repeating: 0, count: 32)
            var count = 32
            guard EVP_PKEY_derive_init(context) == 1,
                EVP_PKEY_derive_set_peer(context, peer.pointer) == 1,
                EVP_PKEY_derive(context, &secret, &count) == 1, count == 32,
                !equalInConstantTime(secret, [UInt8](repeating: 0, count: 32))
            else { return nil }
            return secret
        }
    }
}
