internal import COpenSSL

/// Signatures on edwards25519 (RFC 8032, section 5.1), by OpenSSL.
public enum Ed25519 {
    /// A key that signs, wiped when the last holder lets go.
    public struct SecretKey: Sendable {
        private let handle: KeyHandle
        private let secret: SecretBytes

        /// The thirty-two bytes of the key that verifies.
        public let publicKey: [UInt8]

        /// Creates a key from its seed of thirty-two bytes; `nil` for any other count.
        public init?(seed: [UInt8]) {
            guard let handle = KeyHandle(kind: EVP_PKEY_ED25519, secret: seed) else { return nil }
            self.handle = handle
            secret = SecretBytes(seed)
            publicKey = handle.open
        }

        /// A copy of the seed.
        public var seed: [UInt8] { secret.bytes }

        /// Signs a message; the signature has sixty-four bytes.
        public func sign(_ message: [UInt8]) -> [UInt8] {
            let context = EVP_MD_CTX_new()
            defer { EVP_MD_CTX_free(context) }
            return [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
                count = 64
                let done =
                    EVP_DigestSignInit(context, nil, nil, nil, handle.pointer) == 1
                    && EVP_DigestSign(
                        context, buffer.baseAddress, &count, message, message.count) == 1
                precondition(done && count == 64, "a valid key signs any message")
            }
        }
    }

    /// Tells whether the key of thirty-two bytes made the signature of sixty-four.
    public static func verify(
        _ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]
    ) -> Bool {
        guard signature.count == 64,
            let handle = KeyHandle(kind: EVP_PKEY_ED25519, open: publicKey)
        else { return false }
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit(context, nil, nil, nil, handle.pointer) == 1
            && EVP_DigestVerify(context, signature, 64, message, message.count) == 1
    }
}
