internal import COpenSSL

/// A key as OpenSSL holds it, freed (and wiped, if secret) when the last holder lets go.
///
/// Sendable without a lock, since OpenSSL only reads a key once it is made.
final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init?(_ pointer: OpaquePointer?) {
        guard let pointer else { return nil }
        self.pointer = pointer
    }

    /// Creates a handle for thirty-two bytes of a secret key of that kind (`EVP_PKEY_X25519` …).
    convenience init?(kind: Int32, secret: [UInt8]) {
        guard secret.count == 32 else { return nil }
        self.init(EVP_PKEY_new_raw_private_key(kind, nil, secret, 32))
    }

    /// Creates a handle for thirty-two bytes of a public key of that kind.
    convenience init?(kind: Int32, open: [UInt8]) {
        guard open.count == 32 else { return nil }
        self.init(EVP_PKEY_new_raw_public_key(kind, nil, open, 32))
    }

    deinit { EVP_PKEY_free(pointer) }

    /// The thirty-two bytes of the public key.
    var open: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            count = 32
            let done = EVP_PKEY_get_raw_public_key(pointer, buffer.baseAddress, &count)
            precondition(done == 1 && count == 32, "a key of 32 bytes has a point of 32 bytes")
        }
    }
}
