internal import COpenSSL

/// The block cipher AES with keys of 128 bits (FIPS 197), by OpenSSL.
public enum AES128 {
    /// Encrypts or decrypts in counter mode (NIST SP 800-38A, section 6.5).
    ///
    /// `nil` unless the key and the first counter block have sixteen bytes each.
    public static func counterMode(
        _ message: [UInt8], key: [UInt8], counter: [UInt8]
    ) -> [UInt8]? {
        guard key.count == 16, counter.count == 16 else { return nil }
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        return [UInt8](unsafeUninitializedCapacity: message.count) { buffer, count in
            var written: Int32 = 0
            let done =
                EVP_CipherInit_ex(context, EVP_aes_128_ctr(), nil, key, counter, 1) == 1
                && EVP_CipherUpdate(
                    context, buffer.baseAddress, &written, message, Int32(message.count)) == 1
            precondition(done && written == message.count, "openssl enciphers any message")
            count = message.count
        }
    }
}
