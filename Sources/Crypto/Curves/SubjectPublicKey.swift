internal import COpenSSL

/// Public keys in X.509's form (RFC 5280, section 4.1.2.7), as libp2p's RSA and ECDSA peers have.
public enum SubjectPublicKey {
    /// The longest RSA modulus that is looked at: longer ones are a way to waste our time.
    public static let bitLimit = 8192

    /// Tells whether a key in DER made a signature of a message, hashed with SHA-256.
    ///
    /// RSA by PKCS #1 v1.5, ECDSA in DER; other kinds of keys, and bytes after the key, are refused.
    public static func verify(
        _ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]
    ) -> Bool {
        guard let handle = decode(publicKey) else { return false }
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit(context, nil, SHA256.algorithm, nil, handle.pointer) == 1
            && EVP_DigestVerify(
                context, signature, signature.count, message, message.count) == 1
    }

    private static func decode(_ bytes: [UInt8]) -> KeyHandle? {
        bytes.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let handle = KeyHandle(d2i_PUBKEY(nil, &cursor, buffer.count)),
                cursor == buffer.baseAddress.map({ $0 + buffer.count }),
                EVP_PKEY_get_bits(handle.pointer) <= bitLimit
            else { return nil }
            let kind = EVP_PKEY_get_base_id(handle.pointer)
            return kind == EVP_PKEY_RSA || kind == EVP_PKEY_EC ? handle : nil
        }
    }
}
