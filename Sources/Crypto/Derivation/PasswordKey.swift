internal import COpenSSL

/// Keys derived from passwords, at a cost that slows whoever guesses.
public enum PasswordKey {
    /// The most memory that scrypt may take: twice what Ethereum's usual parameters need.
    public static let memoryLimit: UInt64 = 512 << 20

    /// The most work one derivation may be asked for: 16 times what Ethereum's usual parameters do.
    public static let iterationLimit = 1 << 24

    /// Derives a key by scrypt (RFC 7914).
    ///
    /// `nil` if the cost is no power of two above 1, or a parameter is not within the limits.
    public static func scrypt(
        _ password: [UInt8], salt: [UInt8], cost: UInt64, blockSize: UInt64,
        parallelism: UInt64, count: Int
    ) -> [UInt8]? {
        guard blockSize >= 1, blockSize <= 1 << 10, parallelism >= 1, parallelism <= 1 << 10,
            cost > 1, cost.nonzeroBitCount == 1, cost <= 1 << 24, count > 0, count <= 64,
            cost * blockSize * parallelism <= UInt64(iterationLimit) * 2,
            128 * cost * blockSize <= memoryLimit
        else { return nil }
        // What RFC 7914, section 2, does not allow, OpenSSL does not do.
        guard blockSize >= 4 || cost < 1 << (16 * blockSize) else {
            let size = 128 * Int(blockSize) * Int(parallelism)
            guard var blocks = stretch(password, salt: salt, iterations: 1, count: size)
            else { return nil }
            ScryptMix.mix(&blocks, cost: Int(cost), blockSize: Int(blockSize))
            return stretch(password, salt: blocks, iterations: 1, count: count)
        }
        return derive(count) { key in
            password.withUnsafeBytes { password in
                EVP_PBE_scrypt(
                    password.bindMemory(to: CChar.self).baseAddress, password.count, salt,
                    salt.count, cost, blockSize, parallelism, memoryLimit + (1 << 20), key, count)
            }
        }
    }

    /// Derives a key by PBKDF2 with HMAC-SHA-256 (RFC 8018, section 5.2).
    ///
    /// `nil` if a parameter is not within the limits.
    public static func pbkdf2(
        _ password: [UInt8], salt: [UInt8], iterations: Int, count: Int
    ) -> [UInt8]? {
        guard iterations >= 1, iterations <= iterationLimit, count > 0, count <= 128
        else { return nil }
        return stretch(password, salt: salt, iterations: iterations, count: count)
    }

    /// Derives the 64 bytes of a wallet by PBKDF2 with HMAC-SHA-512, 2048 rounds (BIP-39).
    static func seed(_ words: [UInt8], salt: [UInt8]) -> [UInt8] {
        guard let seed = stretch(words, salt: salt, iterations: 2048, count: 64, EVP_sha512())
        else { preconditionFailure("openssl derives a key from any words") }
        return seed
    }

    private static func stretch(
        _ password: [UInt8], salt: [UInt8], iterations: Int, count: Int,
        _ algorithm: OpaquePointer? = SHA256.algorithm
    ) -> [UInt8]? {
        derive(count) { key in
            password.withUnsafeBytes { password in
                PKCS5_PBKDF2_HMAC(
                    password.bindMemory(to: CChar.self).baseAddress, Int32(password.count), salt,
                    Int32(salt.count), Int32(iterations), algorithm, Int32(count), key)
            }
        }
    }

    private static func derive(
        _ count: Int, _ body: (UnsafeMutablePointer<UInt8>?) -> Int32
    ) -> [UInt8]? {
        var done = false
        let key = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            done = body(buffer.baseAddress) == 1
            filled = done ? count : 0
        }
        return done ? key : nil
    }
}
