internal import COpenSSL

/// SHA-256 (FIPS 180-4), by OpenSSL.
public enum SHA256 {
    /// How many bytes a hash has.
    public static let size = 32

    /// The algorithm, fetched once.
    ///
    /// A fetch for each hash would cost more than a short hash does. OpenSSL's algorithm objects are immutable and safe to share between threads.
    nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

    /// Returns the thirty-two bytes of the hash.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let done = EVP_Digest(bytes, bytes.count, buffer.baseAddress, nil, algorithm, nil)
            precondition(done == 1, "openssl hashes any bytes")
            count = size
        }
    }

    /// A hash that is fed piece by piece.
    public struct Stream: ~Copyable {
        private let context: OpaquePointer

        /// Creates the hash of nothing yet.
        public init() {
            guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, algorithm, nil) == 1
            else { preconditionFailure("openssl has memory for a hash") }
            self.context = context
        }

        deinit { EVP_MD_CTX_free(context) }

        /// Takes in more bytes.
        public mutating func update(_ bytes: [UInt8]) {
            let done = EVP_DigestUpdate(context, bytes, bytes.count)
            precondition(done == 1, "openssl hashes any bytes")
        }

        /// Returns the hash of all that was taken in.
        public consuming func finalize() -> [UInt8] {
            let context = context
            discard self
            defer { EVP_MD_CTX_free(context) }
            return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                let done = EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
                precondition(done == 1, "openssl ends any hash")
                count = size
            }
        }
    }
}
