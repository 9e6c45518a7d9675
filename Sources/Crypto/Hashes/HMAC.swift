internal import COpenSSL

/// Message authentication with SHA-256 (RFC 2104).
public enum HMACSHA256 {
    /// Returns the thirty-two bytes that authenticate a message under a key.
    public static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: SHA256.size) { buffer, count in
            let end = HMAC(
                SHA256.algorithm, key, Int32(key.count), message, message.count,
                buffer.baseAddress, nil)
            precondition(end != nil, "openssl authenticates any message")
            count = SHA256.size
        }
    }
}
