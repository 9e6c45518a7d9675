internal import COpenSSL

/// Message authentication with SHA-256 (RFC 2104).
public enum HMACSHA256 {
    /// Returns the thirty-two bytes that authenticate a message under a key.
    public static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        hmac(SHA256.algorithm, SHA256.size, message, key: key)
    }
}

/// Message authentication with SHA-512 (RFC 2104).
public enum HMACSHA512 {
    /// Returns the sixty-four bytes that authenticate a message under a key.
    public static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        hmac(EVP_sha512(), 64, message, key: key)
    }
}

private func hmac(
    _ algorithm: OpaquePointer?, _ size: Int, _ message: [UInt8], key: [UInt8]
) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        let end = HMAC(
            algorithm, key, Int32(key.count), message, message.count, buffer.baseAddress, nil)
        precondition(end != nil, "openssl authenticates any message")
        count = size
    }
}
