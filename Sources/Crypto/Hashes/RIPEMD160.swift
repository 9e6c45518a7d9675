internal import COpenSSL

/// RIPEMD-160 (ISO/IEC 10118-3), by OpenSSL.
public enum RIPEMD160 {
    /// The algorithm, fetched once; OpenSSL has it in its default provider since 3.0.7.
    nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "RIPEMD160", nil)

    /// Returns the twenty bytes of the hash.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 20) { buffer, count in
            let done = EVP_Digest(bytes, bytes.count, buffer.baseAddress, nil, algorithm, nil)
            precondition(done == 1, "openssl 3.0.7 or later hashes any bytes with ripemd-160")
            count = 20
        }
    }
}
