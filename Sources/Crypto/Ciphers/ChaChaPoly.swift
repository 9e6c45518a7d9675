internal import COpenSSL

/// Authenticated encryption by ChaCha20 and Poly1305 (RFC 8439, section 2.8), by OpenSSL.
public struct ChaChaPoly: Sendable {
    /// How many bytes the tag at the end of a sealed message has.
    public static let tagSize = 16

    /// The algorithm, fetched once; OpenSSL only reads it.
    nonisolated(unsafe) private static let algorithm =
        EVP_CIPHER_fetch(nil, "ChaCha20-Poly1305", nil)

    private let key: SecretBytes

    /// Takes a key of thirty-two bytes; `nil` for any other count.
    public init?(key: [UInt8]) {
        guard key.count == 32 else { return nil }
        self.key = SecretBytes(key)
    }

    /// Returns the nonce for a counter as Noise has it: four zero bytes, then little-endian.
    public static func nonce(_ counter: UInt64) -> [UInt8] {
        [0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: counter >> (8 * $0)) }
    }

    /// Encrypts a message and appends its tag; the nonce has twelve bytes and is never used twice.
    public func seal(
        _ message: Span<UInt8>, nonce: [UInt8], associated: [UInt8] = []
    ) -> [UInt8] {
        precondition(nonce.count == 12, "a nonce has twelve bytes")
        let size = message.count
        return [UInt8](unsafeUninitializedCapacity: size + Self.tagSize) { buffer, count in
            let context = EVP_CIPHER_CTX_new()
            defer { EVP_CIPHER_CTX_free(context) }
            var written: Int32 = 0
            let done =
                start(context, nonce, associated, encrypt: 1)
                && message.withUnsafeBufferPointer {
                    EVP_CipherUpdate(
                        context, buffer.baseAddress, &written, $0.baseAddress, Int32(size)) == 1
                }
                && EVP_CipherFinal_ex(context, buffer.baseAddress, &written) == 1
                && EVP_CIPHER_CTX_ctrl(
                    context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagSize),
                    buffer.baseAddress.map { $0 + size }) == 1
            precondition(done, "openssl seals any message")
            count = size + Self.tagSize
        }
    }

    /// Encrypts a message and appends its tag; the nonce has twelve bytes and is never used twice.
    public func seal(
        _ message: [UInt8], nonce: [UInt8], associated: [UInt8] = []
    ) -> [UInt8] {
        seal(message.span, nonce: nonce, associated: associated)
    }

    /// Decrypts a sealed message; `nil` if it is not what was sealed with this key and nonce.
    public func open(
        _ sealed: Span<UInt8>, nonce: [UInt8], associated: [UInt8] = []
    ) -> [UInt8]? {
        guard nonce.count == 12, sealed.count >= Self.tagSize else { return nil }
        let size = sealed.count - Self.tagSize
        var opened = false
        let message = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let context = EVP_CIPHER_CTX_new()
            defer { EVP_CIPHER_CTX_free(context) }
            var written: Int32 = 0
            opened = sealed.withUnsafeBufferPointer { sealed in
                guard let start = sealed.baseAddress else { return false }
                let tag = UnsafeMutableRawPointer(mutating: start + size)
                return self.start(context, nonce, associated, encrypt: 0)
                    && EVP_CIPHER_CTX_ctrl(
                        context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagSize), tag) == 1
                    && EVP_CipherUpdate(
                        context, buffer.baseAddress, &written, start, Int32(size)) == 1
                    && EVP_CipherFinal_ex(context, buffer.baseAddress, &written) == 1
            }
            count = opened ? size : 0
        }
        return opened ? message : nil
    }

    /// Decrypts a sealed message; `nil` if it is not what was sealed with this key and nonce.
    public func open(
        _ sealed: [UInt8], nonce: [UInt8], associated: [UInt8] = []
    ) -> [UInt8]? {
        open(sealed.span, nonce: nonce, associated: associated)
    }

    private func start(
        _ context: OpaquePointer?, _ nonce: [UInt8], _ associated: [UInt8], encrypt: Int32
    ) -> Bool {
        var written: Int32 = 0
        return key.withBytes {
            EVP_CipherInit_ex(context, Self.algorithm, nil, $0, nonce, encrypt) == 1
        } && EVP_CipherUpdate(context, nil, &written, associated, Int32(associated.count)) == 1
    }
}
